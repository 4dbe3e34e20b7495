// A real as the shortest text that reads back to the same double.
#pragma once

#include <charconv>
#include <string>

namespace intact {

inline std::string print_real(double value) {
  char text[32];
  const auto result = std::to_chars(text, text + sizeof text, value);
  return std::string(text, result.ptr);
}

}  // namespace intact
