#include "firmware/cycles/elf_image.h"

#include <algorithm>
#include <fstream>
#include <iterator>

#include "core/error.h"

namespace intact {
namespace {

// Offsets and values of the System V ABI's ELF-32 structures.
enum Header { kProgramHeaders = 28, kSectionHeaders = 32, kProgramCount = 44, kSectionCount = 48 };
enum Program { kType = 0, kOffset = 4, kAddress = 8, kFileBytes = 16, kProgramBytes = 32, kLoad = 1 };
enum Section {
  kSectionType = 4,
  kSectionOffset = 16,
  kSectionSize = 20,
  kSectionLink = 24,
  kSectionBytes = 40,
  kSymbolTable = 2
};
enum Symbol { kName = 0, kValue = 4, kInfo = 12, kSymbolBytes = 16, kFunction = 2 };

}  // namespace

ElfImage::ElfImage(const std::filesystem::path& file) : path_(file.string()) {
  std::ifstream in(file, std::ios::binary);
  file_.assign(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
  static constexpr std::uint8_t kIdentification[] = {0x7f, 'E', 'L', 'F', 1, 1};  // 32 bits, little-endian
  if (file_.size() < 52 || !std::equal(std::begin(kIdentification), std::end(kIdentification), file_.begin()))
    throw Error(path_ + " is not a 32-bit little-endian ELF file");
  read_segments();
  read_functions();
}

std::uint32_t ElfImage::word(std::uint64_t offset, int bytes) const {
  if (offset + static_cast<std::uint64_t>(bytes) > file_.size())
    throw Error(path_ + " is damaged: an offset lies behind its end");
  std::uint32_t x = 0;
  for (int i = 0; i < bytes; ++i) x |= std::uint32_t{file_[offset + static_cast<unsigned>(i)]} << (8 * i);
  return x;
}

void ElfImage::read_segments() {
  const std::uint64_t table = word(kProgramHeaders, 4);
  for (std::uint32_t i = 0; i < word(kProgramCount, 2); ++i) {
    const std::uint64_t entry = table + std::uint64_t{i} * kProgramBytes;
    if (word(entry + kType, 4) != kLoad) continue;
    segments_.push_back({word(entry + kAddress, 4), word(entry + kOffset, 4), word(entry + kFileBytes, 4)});
  }
}

void ElfImage::read_functions() {
  const std::uint64_t table = word(kSectionHeaders, 4);
  for (std::uint32_t i = 0; i < word(kSectionCount, 2); ++i) {
    const std::uint64_t section = table + std::uint64_t{i} * kSectionBytes;
    if (word(section + kSectionType, 4) != kSymbolTable) continue;
    const std::uint64_t symbols = word(section + kSectionOffset, 4);
    const std::uint64_t strings_section =
        table + std::uint64_t{word(section + kSectionLink, 4)} * kSectionBytes;
    const std::uint64_t strings = word(strings_section + kSectionOffset, 4);
    const std::uint32_t count = word(section + kSectionSize, 4) / kSymbolBytes;
    for (std::uint32_t s = 0; s < count; ++s) {
      const std::uint64_t symbol = symbols + std::uint64_t{s} * kSymbolBytes;
      if ((word(symbol + kInfo, 1) & 0xfU) != kFunction) continue;
      std::string name;
      for (std::uint64_t at = strings + word(symbol + kName, 4); word(at, 1) != 0; ++at)
        name.push_back(static_cast<char>(word(at, 1)));
      functions_[name] = word(symbol + kValue, 4) & ~1U;
    }
  }
}

std::uint16_t ElfImage::halfword(std::uint32_t address) const {
  for (const Segment& s : segments_) {
    if (address >= s.address && std::uint64_t{address} + 2 <= std::uint64_t{s.address} + s.bytes)
      return static_cast<std::uint16_t>(word(std::uint64_t{s.offset} + (address - s.address), 2));
  }
  throw Error(path_ + " has no code at address " + std::to_string(address));
}

std::uint32_t ElfImage::function(const std::string& name) const {
  const auto found = functions_.find(name);
  if (found == functions_.end()) throw Error(path_ + " has no function " + name + ": is it stripped?");
  return found->second;
}

}  // namespace intact
