#include "data/csv.h"

#include <charconv>
#include <cmath>
#include <system_error>

#include "data/data_error.h"

namespace intact {
namespace {

constexpr std::size_t kMostFeatures = 65535, kMostRows = std::size_t{1} << 24;
constexpr std::size_t kMostNumbers = std::size_t{1} << 27;
constexpr std::size_t kMostShown = 40;  // characters of a faulty field

std::string_view trimmed(std::string_view text) {
  const std::string_view blanks = " \t\r";
  const std::size_t first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

// What stands in an error: short, and printable.
std::string shown(std::string_view field) {
  std::string text;
  for (const char c : field.substr(0, kMostShown)) text += c >= 0x20 && c < 0x7F ? c : '?';
  return "'" + text + (field.size() > kMostShown ? "...'" : "'");
}

class Parser {
 public:
  Parser(std::string_view text, const CsvConfig& config, const std::filesystem::path& name)
      : rest_(text), config_(config), name_(name) {}

  CsvTable parse() {
    if (config_.header) header();
    while (next_line()) {
      if (!trimmed(line_text_).empty()) {
        row();
      } else if (rest_.find_first_not_of(" \t\r\n") != std::string_view::npos) {
        fail(1, "the line is empty");
      }
    }
    if (table_.labels.empty()) throw DataError(name_, "has no row of numbers");
    return std::move(table_);
  }

 private:
  [[noreturn]] void fail(std::size_t column, const std::string& what, const std::string& hint = {}) const {
    throw DataError(
        name_, "line " + std::to_string(line_) + ", column " + std::to_string(column) + ": " + what, hint);
  }

  bool next_line() {
    if (rest_.empty()) return false;
    const std::size_t end = rest_.find('\n');
    line_text_ = rest_.substr(0, end);
    rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
    ++line_;
    return true;
  }

  // Calls use(field, column) for each field of the line and checks their number against the first line's.
  template <class Use>
  void fields(const Use& use) {
    std::size_t column = 0;
    std::string_view left = line_text_;
    for (bool more = true; more;) {
      const std::size_t comma = left.find(',');
      more = comma != std::string_view::npos;
      ++column;
      if (columns_ != 0 && column > columns_) fail(column, "a column more than in line 1");
      if (column > kMostFeatures + 1)
        fail(column, "more than " + std::to_string(kMostFeatures) + " features");
      use(trimmed(left.substr(0, comma)), column);
      if (more) left.remove_prefix(comma + 1);
    }
    if (columns_ == 0) {
      if (column < 2)
        fail(1, "one column only", "a row is a label and at least one feature, with commas between");
      columns_ = column;
    }
    if (column < columns_)
      fail(column, "the line ends here, line 1 has " + std::to_string(columns_) + " columns");
  }

  void header() {
    if (!next_line()) throw DataError(name_, "the file is empty");
    std::vector<std::string> names;
    fields([&](std::string_view field, std::size_t) {
      if (field.size() >= 2 && field.front() == '"' && field.back() == '"')
        field = field.substr(1, field.size() - 2);
      names.emplace_back(field);
    });
    names.erase(config_.label == LabelColumn::kFirst ? names.begin() : names.end() - 1);
    table_.names = std::move(names);
  }

  // The place of the label is known only at the end of the first row: every row is read whole, then divided.
  void row() {
    numbers_.clear();
    fields([&](std::string_view field, std::size_t column) { numbers_.push_back(number(field, column)); });
    const bool first = config_.label == LabelColumn::kFirst;
    const double label = first ? numbers_.front() : numbers_.back();
    if (!(label >= 0 && label <= 255) || label != std::floor(label))
      fail(first ? 1 : numbers_.size(), "the label is not a whole number from 0 to 255",
           "data.label says which column is the label: first or last");
    table_.features = numbers_.size() - 1;
    if (table_.labels.size() == kMostRows || table_.values.size() + table_.features > kMostNumbers)
      fail(1, "more than " + std::to_string(kMostRows) + " rows or " + std::to_string(kMostNumbers) +
                  " numbers");
    table_.labels.push_back(static_cast<std::uint8_t>(label));
    table_.values.insert(table_.values.end(), numbers_.begin() + (first ? 1 : 0),
                         numbers_.end() - (first ? 0 : 1));
  }

  double number(std::string_view field, std::size_t column) const {
    if (field.empty()) fail(column, "nothing where a number is needed");
    const bool plus = field.front() == '+';
    const std::string_view digits = field.substr(plus ? 1 : 0);
    const bool signed_twice = plus && (digits.starts_with('+') || digits.starts_with('-'));
    double value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error == std::errc::result_out_of_range) fail(column, shown(field) + " does not fit a double");
    if (error != std::errc{} || end != digits.data() + digits.size() || signed_twice) {
      fail(column, shown(field) + " is not a number",
           line_ == 1 ? "if the first line names the columns, set data.header: true" : "");
    }
    if (!std::isfinite(value)) fail(column, shown(field) + " is not finite");
    return value;
  }

  std::string_view rest_, line_text_;
  const CsvConfig& config_;
  const std::filesystem::path& name_;
  std::size_t line_ = 0, columns_ = 0;
  std::vector<double> numbers_;
  CsvTable table_;
};

}  // namespace

CsvTable parse_csv(std::string_view text, const CsvConfig& config, const std::filesystem::path& name) {
  return Parser(text, config, name).parse();
}

}  // namespace intact
