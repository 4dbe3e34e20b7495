#include "exporters/inspect/text_table.h"

#include <algorithm>
#include <cstdint>

namespace intact {
namespace {

constexpr std::string_view kGap = "  ";

bool continues_character(char c) {
  return (static_cast<std::uint8_t>(c) & 0xC0) == 0x80;
}

std::string pad(const std::string& text, std::size_t width, Align align) {
  const std::string spaces(width - std::min(width, text_width(text)), ' ');
  return align == Align::kLeft ? text + spaces : spaces + text;
}

void trim_end(std::string& line) {
  line.erase(line.find_last_not_of(' ') + 1);
}

}  // namespace

std::size_t text_width(std::string_view text) {
  return text.size() - static_cast<std::size_t>(std::count_if(text.begin(), text.end(), continues_character));
}

std::string printable(std::string_view text, std::size_t width) {
  std::string clean;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<std::uint8_t>(text[i]);
    const bool c1 = byte == 0xC2 && i + 1 < text.size() && static_cast<std::uint8_t>(text[i + 1]) < 0xA0;
    if (c1) ++i;
    clean += byte < 0x20 || byte == 0x7F || c1 ? '?' : text[i];
  }
  if (text_width(clean) <= width) return clean;
  std::size_t end = 0;
  for (std::size_t characters = 0; end < clean.size(); ++end) {
    if (!continues_character(clean[end]) && ++characters > width - 2) break;
  }
  return clean.substr(0, end) + "..";
}

std::string with_commas(std::uint64_t value) {
  std::string digits = std::to_string(value);
  for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, 1, ',');
  return digits;
}

std::string TextTable::render() const {
  std::vector<std::size_t> widths;
  for (const Column& column : columns_) widths.push_back(text_width(column.title));
  for (const auto& row : rows_) {
    for (std::size_t c = 0; c < row.size(); ++c) widths[c] = std::max(widths[c], text_width(row[c]));
  }
  std::string text;
  const auto add_line = [&](const auto& cell) {
    std::string line;
    for (std::size_t c = 0; c < columns_.size(); ++c) {
      if (c > 0) line += kGap;
      line += pad(cell(c), widths[c], columns_[c].align);
    }
    trim_end(line);
    text += line + "\n";
  };
  add_line([&](std::size_t c) { return columns_[c].title; });
  add_line([&](std::size_t c) { return std::string(widths[c], '-'); });
  for (const auto& row : rows_) add_line([&](std::size_t c) { return row[c]; });
  return text;
}

}  // namespace intact
