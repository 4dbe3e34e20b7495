// Code and symbols of a 32-bit little-endian ELF executable.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace intact {

class ElfImage {
 public:
  // Throws Error where the file is missing, damaged or of another kind.
  explicit ElfImage(const std::filesystem::path& file);

  // The halfword at an even address of a loaded segment. Throws Error elsewhere.
  std::uint16_t halfword(std::uint32_t address) const;

  // Address of a function, without the bit that marks Thumb code. Throws Error where there is none.
  std::uint32_t function(const std::string& name) const;

 private:
  struct Segment {
    std::uint32_t address, offset, bytes;
  };

  std::uint32_t word(std::uint64_t offset, int bytes) const;
  void read_segments();
  void read_functions();

  std::string path_;
  std::vector<std::uint8_t> file_;
  std::vector<Segment> segments_;
  std::map<std::string, std::uint32_t> functions_;
};

}  // namespace intact
