#include "config_text.h"

#include <gmock/gmock.h>

#include <algorithm>

namespace intact::test {

void expect_fault(std::string marked, const std::string& message) {
  const std::size_t mark = marked.find('^');
  ASSERT_NE(mark, std::string::npos) << "no mark in:\n" << marked;
  marked.erase(mark, 1);
  const auto line = 1 + std::count(marked.begin(), marked.begin() + static_cast<std::ptrdiff_t>(mark), '\n');
  const std::size_t line_start = mark == 0 ? std::string::npos : marked.rfind('\n', mark - 1);
  const std::size_t column = line_start == std::string::npos ? mark + 1 : mark - line_start;
  try {
    parse_config(marked, "test.yaml");
    ADD_FAILURE() << "no fault found in:\n" << marked;
  } catch (const ConfigError& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr(message));
    EXPECT_EQ(error.file(), "test.yaml");
    EXPECT_EQ(error.line(), line) << error.what();
    EXPECT_EQ(error.column(), static_cast<int>(column)) << error.what();
    const std::string start = "test.yaml:" + std::to_string(line) + ":" + std::to_string(column) + ": ";
    EXPECT_THAT(error.what(), testing::StartsWith(start));
    EXPECT_EQ(error.exit_code(), 2);
  }
}

void expect_fault_as_whole(const std::string& text, const std::vector<std::string>& sets,
                           const std::string& message) {
  try {
    parse_config(text, "test.yaml", sets);
    ADD_FAILURE() << "no fault found";
  } catch (const ConfigError& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr(message));
    EXPECT_EQ(error.line(), 0);
    EXPECT_EQ(error.column(), 0);
    const std::string start = sets.empty() ? "test.yaml: " : "--set ";
    EXPECT_THAT(error.what(), testing::StartsWith(start));
    EXPECT_EQ(error.exit_code(), 2);
  }
}

}  // namespace intact::test
