#include "firmware/temporary_folder.h"

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <system_error>

#include "core/error.h"

namespace intact {

TemporaryFolder::TemporaryFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "intact-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr)
    throw Error("cannot make a temporary folder like " + name + ": set TMPDIR to a writable folder");
  path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

void write_bytes(const std::filesystem::path& file, std::span<const std::uint8_t> bytes) {
  std::ofstream out(file, std::ios::binary);
  out.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  if (!out.flush()) throw Error("cannot write " + file.string() + ": is the disk full?");
}

std::string read_text(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

}  // namespace intact
