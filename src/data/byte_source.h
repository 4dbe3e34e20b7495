// A file read forwards, decompressed on the way if it is gzip.
#pragma once

#include <zlib.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <vector>

namespace intact {

class ByteSource {
 public:
  // Throws DataError if the file is missing, a folder or unreadable.
  explicit ByteSource(const std::filesystem::path& file);
  ~ByteSource();
  ByteSource(const ByteSource&) = delete;
  ByteSource& operator=(const ByteSource&) = delete;

  // Up to `count` bytes; fewer only at the end. Memory grows with what is there, not with `count`, so that a
  // header that lies costs nothing. Throws DataError for a damaged or cut gzip stream.
  std::vector<std::uint8_t> read(std::size_t count);

  const std::filesystem::path& file() const { return file_; }

 private:
  std::size_t read_some(std::uint8_t* to, std::size_t count);

  std::filesystem::path file_;
  gzFile handle_ = nullptr;
};

}  // namespace intact
