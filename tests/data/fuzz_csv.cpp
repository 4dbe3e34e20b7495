// libFuzzer target: any text is a table of finite numbers with a label a row, or a DataError.
// Build: -DINTACT_FUZZ=ON with clang. Run: fuzz_csv -max_len=4096 CORPUS
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "data/csv.h"
#include "data/data_error.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const intact::CsvConfig config{
      (data[0] & 1) != 0 ? intact::LabelColumn::kFirst : intact::LabelColumn::kLast, (data[0] & 2) != 0,
      intact::FeatureRange::kPerColumn};
  try {
    const std::string_view text(reinterpret_cast<const char*>(data + 1), size - 1);
    const intact::CsvTable table = intact::parse_csv(text, config, "fuzz");
    if (table.labels.empty() || table.values.size() != table.labels.size() * table.features) std::abort();
    if (!table.names.empty() && table.names.size() != table.features) std::abort();
    for (const double value : table.values) {
      if (!std::isfinite(value)) std::abort();
    }
  } catch (const intact::DataError&) {
    return 0;
  }
  return 0;
}
