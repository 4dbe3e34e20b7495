// IDX files byte by byte, as tests write them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace intact::test {

using Bytes = std::vector<std::uint8_t>;

// A folder of its own for each test, removed at the end.
class TempFolder {
 public:
  TempFolder();
  ~TempFolder();
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

void write_file(const std::filesystem::path& file, const Bytes& bytes);
Bytes gzip(const Bytes& bytes);

// Header with the magic number 00 00 `type` <number of dimensions>, then `body`.
Bytes idx(std::uint8_t type, const std::vector<std::uint32_t>& dimensions, const Bytes& body);

// The message of the DataError that `call` must throw.
template <class Call>
std::string data_error(Call call);

}  // namespace intact::test

#include <gtest/gtest.h>

#include "data/data_error.h"

namespace intact::test {

template <class Call>
std::string data_error(Call call) {
  try {
    call();
  } catch (const DataError& error) {
    EXPECT_EQ(error.exit_code(), 3);
    return error.what();
  }
  return "no error";
}

}  // namespace intact::test
