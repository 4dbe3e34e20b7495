#include "data/byte_source.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>
#include <system_error>

#include "data/data_error.h"

namespace intact {
namespace {

constexpr std::size_t kFirstChunk = std::size_t{1} << 20;
constexpr std::size_t kLargestRead = std::size_t{1} << 28;  // gzread counts in int

}  // namespace

ByteSource::ByteSource(const std::filesystem::path& file) : file_(file) {
  std::error_code code;
  const auto status = std::filesystem::status(file, code);
  if (status.type() == std::filesystem::file_type::not_found) throw DataError(file, "no such file");
  if (status.type() == std::filesystem::file_type::directory)
    throw DataError(file, "is a folder, not a file");
  handle_ = gzopen(file.c_str(), "rb");
  if (handle_ == nullptr) throw DataError(file, std::string("cannot be opened: ") + std::strerror(errno));
  gzbuffer(handle_, 1U << 17);
}

ByteSource::~ByteSource() {
  gzclose(handle_);
}

std::size_t ByteSource::read_some(std::uint8_t* to, std::size_t count) {
  const int got = gzread(handle_, to, static_cast<unsigned>(std::min(count, kLargestRead)));
  int code = Z_OK;
  const char* text = gzerror(handle_, &code);
  if (code == Z_BUF_ERROR)
    throw DataError(file_, "truncated: the gzip stream ends early", "fetch the file again");
  if (got < 0 || code != Z_OK) {
    const std::string why = code == Z_ERRNO ? std::strerror(errno) : text;
    throw DataError(file_, "cannot be read: " + why, "fetch the file again");
  }
  return static_cast<std::size_t>(got);
}

std::vector<std::uint8_t> ByteSource::read(std::size_t count) {
  std::vector<std::uint8_t> bytes;
  std::size_t filled = 0;
  while (filled < count) {
    const std::size_t chunk = std::min(count - filled, std::max(kFirstChunk, filled));
    bytes.resize(filled + chunk);
    const std::size_t got = read_some(bytes.data() + filled, chunk);
    filled += got;
    if (got == 0) break;
  }
  bytes.resize(filled);
  return bytes;
}

}  // namespace intact
