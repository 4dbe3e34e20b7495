// A table of aligned text columns.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace intact {

enum class Align { kLeft, kRight };

struct Column {
  std::string title;
  Align align = Align::kRight;
};

class TextTable {
 public:
  explicit TextTable(std::vector<Column> columns) : columns_(std::move(columns)) {}
  void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
  // Titles, a rule, the rows; two spaces between columns, none at the ends of lines.
  std::string render() const;

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

// Characters of UTF-8 text.
std::size_t text_width(std::string_view text);

// Text that a terminal takes as text: control characters become '?', and what is longer than `width` ends in
// "..".
std::string printable(std::string_view text, std::size_t width);

// 1234567 as 1,234,567.
std::string with_commas(std::uint64_t value);

}  // namespace intact
