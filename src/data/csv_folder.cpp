#include "data/csv_folder.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>
#include <utility>

#include "data/byte_source.h"
#include "data/csv.h"
#include "data/data_error.h"
#include "data/splits.h"

namespace intact {
namespace {

constexpr std::size_t kMostBytes = std::size_t{1} << 31;  // of text
constexpr const char* kHint = "data.path must name a folder with train.csv and test.csv";

struct NamedTable {
  std::filesystem::path file;
  CsvTable table;
};

NamedTable read_table(const DataConfig& config, const char* name) {
  const std::filesystem::path file = find_file(config.path, {name}, kHint);
  const std::vector<std::uint8_t> bytes = ByteSource(file).read(kMostBytes + 1);
  if (bytes.size() > kMostBytes)
    throw DataError(file, "is longer than " + std::to_string(kMostBytes) + " bytes");
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  return {file, parse_csv(text, config.csv, file)};
}

std::vector<InputFeature> feature_ranges(const CsvTable& table, FeatureRange range) {
  std::vector<InputFeature> features(table.features);
  for (std::size_t column = 0; column < table.features; ++column) {
    InputFeature& f = features[column];
    f.name = table.names.empty() ? "feature" + std::to_string(column + 1) : table.names[column];
    f.min = f.max = table.values[column];
    for (std::size_t at = column; at < table.values.size(); at += table.features) {
      f.min = std::min(f.min, table.values[at]);
      f.max = std::max(f.max, table.values[at]);
    }
  }
  if (range == FeatureRange::kPerColumn) return features;
  const auto [least, most] = std::minmax_element(table.values.begin(), table.values.end());
  for (InputFeature& f : features) {
    f.min = *least;
    f.max = *most;
  }
  return features;
}

// The quotient is taken of halves: max - min of two doubles may be infinite.
std::uint8_t to_byte(double x, const InputFeature& f) {
  const double span = f.max / 2 - f.min / 2;
  if (!(span > 0)) return 0;
  const double code = std::floor(255 * ((x / 2 - f.min / 2) / span) + 0.5);
  return static_cast<std::uint8_t>(std::clamp(code, 0.0, 255.0));
}

Dataset to_dataset(NamedTable&& from, const DataConfig& config, const std::vector<InputFeature>& features) {
  Dataset data;
  data.height = config.height.value_or(1);
  data.width = config.width.value_or(1);
  data.channels = config.channels.value_or(static_cast<int>(features.size()));
  data.labels = std::move(from.table.labels);
  data.images.reserve(from.table.values.size());
  std::size_t column = 0;
  for (const double x : from.table.values) {
    data.images.push_back(to_byte(x, features[column]));
    if (++column == features.size()) column = 0;
  }
  return data;
}

void check_shape(const DataConfig& config, const NamedTable& train) {
  if (!config.height) return;
  const std::size_t wanted = static_cast<std::size_t>(*config.height) *
                             static_cast<std::size_t>(*config.width) *
                             static_cast<std::size_t>(*config.channels);
  if (wanted == train.table.features) return;
  throw DataError(train.file, "has " + std::to_string(train.table.features) + " features, but " +
                                  std::to_string(*config.height) + "x" + std::to_string(*config.width) + "x" +
                                  std::to_string(*config.channels) +
                                  " of data.height, width and channels are " + std::to_string(wanted));
}

void check_same_columns(const NamedTable& train, const NamedTable& test) {
  if (train.table.features != test.table.features)
    throw DataError(test.file, "has " + std::to_string(test.table.features) + " features, but " +
                                   train.file.string() + " has " + std::to_string(train.table.features));
  for (std::size_t i = 0; i < train.table.names.size(); ++i) {
    if (train.table.names[i] == test.table.names[i]) continue;
    throw DataError(test.file, "feature " + std::to_string(i + 1) + " is named '" + test.table.names[i] +
                                   "', in " + train.file.string() + " '" + train.table.names[i] + "'");
  }
}

}  // namespace

DataSplits load_csv_folder(const DataConfig& config) {
  NamedTable train = read_table(config, "train.csv"), test = read_table(config, "test.csv");
  check_same_columns(train, test);
  check_shape(config, train);
  DataSplits splits;
  splits.features = feature_ranges(train.table, config.csv.range);
  splits.train = to_dataset(std::move(train), config, splits.features);
  splits.test = to_dataset(std::move(test), config, splits.features);
  return splits;
}

}  // namespace intact
