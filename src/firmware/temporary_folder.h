// A folder of its own under the system's temporary folder, removed with everything in it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

namespace intact {

class TemporaryFolder {
 public:
  TemporaryFolder();  // throws Error
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// Throws Error naming the file.
void write_bytes(const std::filesystem::path& file, std::span<const std::uint8_t> bytes);
// The file's text, or an empty string.
std::string read_text(const std::filesystem::path& file);

}  // namespace intact
