// Tables of numbers as comma-separated text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "config/experiment.h"

namespace intact {

struct CsvTable {
  std::size_t features = 0;
  std::vector<std::string> names;    // of the features; empty without a header
  std::vector<double> values;        // row after row, finite
  std::vector<std::uint8_t> labels;  // a row each
};

// One row a line, one label column and at least one feature. Numbers are decimal with a point, with or
// without exponent; blanks around them, CRLF line ends and empty lines at the end are allowed, quotes only in
// the header. A label is a whole number from 0 to 255. At most 65,535 features, 2^24 rows and 2^27 numbers.
// Throws DataError naming line and column (from 1).
CsvTable parse_csv(std::string_view text, const CsvConfig& config, const std::filesystem::path& name);

}  // namespace intact
