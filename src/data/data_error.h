// A fault in a data file: which file, what is wrong with it, what to do.
#pragma once

#include <filesystem>
#include <string>

#include "core/error.h"

namespace intact {

// what() reads "FILE: what is wrong (what to do)". Exit code 3.
class DataError : public Error {
 public:
  DataError(const std::filesystem::path& file, const std::string& message, const std::string& hint = {})
      : Error(file.string() + ": " + message + (hint.empty() ? "" : " (" + hint + ")")), file_(file) {}
  const std::filesystem::path& file() const { return file_; }

 private:
  std::filesystem::path file_;
};

}  // namespace intact
