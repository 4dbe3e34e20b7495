#include "data/dataset.h"

#include <algorithm>
#include <string>
#include <system_error>

#include "data/cifar10.h"
#include "data/csv_folder.h"
#include "data/data_error.h"
#include "data/idx_folder.h"
#include "data/image_folder.h"
#include "data/npy_folder.h"

namespace intact {
namespace {

namespace fs = std::filesystem;

constexpr const char* kHint =
    "data.path must name the folder that holds the data set; Fashion-MNIST is the Debian package "
    "dataset-fashion-mnist, installed to /usr/share/datasets/fashion-mnist";

DataSplits load_splits(const DataConfig& config, const DataEvents& events) {
  const fs::path folder = config.path;
  switch (config.kind) {
    case DataKind::kCifar10:
      return load_cifar10(folder);
    case DataKind::kNpy:
      return load_npy_folder(folder);
    case DataKind::kImageFolder:
      return load_image_folder(config, events);
    case DataKind::kCsv:
      return load_csv_folder(config);
    case DataKind::kIdx:
      break;
  }
  return load_idx_folder(folder);
}

std::string shape_text(const Dataset& data) {
  return std::to_string(data.height) + "x" + std::to_string(data.width) + "x" + std::to_string(data.channels);
}

void keep_first(Dataset& data, const std::optional<int>& limit) {
  if (!limit || static_cast<std::size_t>(*limit) >= data.size()) return;
  const auto count = static_cast<std::size_t>(*limit);
  data.images.resize(count * data.image_bytes());
  data.images.shrink_to_fit();
  data.labels.resize(count);
}

}  // namespace

DataSplits load_data(const DataConfig& config, const DataEvents& events) {
  const fs::path folder = config.path;
  std::error_code code;
  if (!fs::exists(folder, code)) throw DataError(folder, "no such folder", kHint);
  if (!fs::is_directory(folder, code)) throw DataError(folder, "is not a folder", kHint);

  DataSplits splits = load_splits(config, events);
  Dataset& train = splits.train;
  Dataset& test = splits.test;
  if (shape_text(train) != shape_text(test)) {
    throw DataError(folder, "training images are " + shape_text(train) + ", test images " + shape_text(test));
  }
  const int classes = 1 + std::max(*std::max_element(train.labels.begin(), train.labels.end()),
                                   *std::max_element(test.labels.begin(), test.labels.end()));
  train.classes = test.classes = classes;
  keep_first(train, config.limit_train);
  keep_first(test, config.limit_test);
  return splits;
}

}  // namespace intact
