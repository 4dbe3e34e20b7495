#include "config/text_checks.h"

#include <cstdio>
#include <string>

#include "config/tree.h"

namespace intact {
namespace {

std::string hex_byte(unsigned char byte) {
  char text[8];
  std::snprintf(text, sizeof text, "0x%02x", byte);
  return text;
}

// Length of the UTF-8 sequence that starts at `at`, or 0 if it is none (Unicode 15, table 3-7).
std::size_t utf8_length(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) -> unsigned {
    return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0U;
  };
  const auto tail = [&](std::size_t i, unsigned low = 0x80, unsigned high = 0xBF) {
    return byte(i) >= low && byte(i) <= high;
  };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return tail(1) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    const unsigned low = first == 0xE0 ? 0xA0 : 0x80;
    const unsigned high = first == 0xED ? 0x9F : 0xBF;
    return tail(1, low, high) && tail(2) ? 3 : 0;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    const unsigned low = first == 0xF0 ? 0x90 : 0x80;
    const unsigned high = first == 0xF4 ? 0x8F : 0xBF;
    return tail(1, low, high) && tail(2) && tail(3) ? 4 : 0;
  }
  return 0;
}

void check_byte_order_mark(std::string_view text, const Where& where) {
  const bool utf8 = text.substr(0, 3) == "\xEF\xBB\xBF";
  const bool utf16 = text.substr(0, 2) == "\xFF\xFE" || text.substr(0, 2) == "\xFE\xFF";
  if (utf8 || utf16) fail_at(where, "starts with a byte order mark", "save the file as UTF-8 without it");
}

}  // namespace

void check_text(std::string_view text, const Where& source, bool located) {
  if (text.size() > kMaxConfigBytes) {
    fail_at(source, "is larger than " + std::to_string(kMaxConfigBytes) + " bytes",
            "a config has a few kilobytes");
  }
  int line = 1;
  std::size_t line_start = 0;
  bool indentation = true;
  const auto here = [&](std::size_t at) -> Where {
    if (!located) return source;
    return {source.source, line, static_cast<int>(at - line_start) + 1};
  };
  check_byte_order_mark(text, here(0));
  for (std::size_t at = 0; at < text.size();) {
    const auto c = static_cast<unsigned char>(text[at]);
    const std::size_t length = utf8_length(text, at);
    if (length == 0) fail_at(here(at), "byte " + hex_byte(c) + " is not UTF-8", "is this a text file?");
    if (c == '\r' && (at + 1 == text.size() || text[at + 1] != '\n')) {
      fail_at(here(at), "a carriage return without a line feed", "end lines with LF or CR LF");
    }
    if (c == '\t' && indentation)
      fail_at(here(at), "a tab in the indentation", "YAML is indented with spaces");
    if ((c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7F) {
      fail_at(here(at), "control character " + hex_byte(c), "is this a text file?");
    }
    indentation = indentation && c == ' ';
    at += length;
    if (c == '\n') {
      ++line;
      line_start = at;
      indentation = true;
    }
  }
}

}  // namespace intact
