#include "data/dataset.h"

#include <algorithm>
#include <string>
#include <system_error>

#include "data/data_error.h"
#include "data/idx.h"

namespace intact {
namespace {

namespace fs = std::filesystem;

constexpr const char* kInstallHint =
    "data.path must name the folder that holds the IDX files; Fashion-MNIST is the Debian package "
    "dataset-fashion-mnist, "
    "installed to /usr/share/datasets/fashion-mnist";

// The first that exists of {stem}-{idx}-ubyte[.gz] and {stem}.{idx}-ubyte[.gz].
fs::path find_idx(const fs::path& folder, const std::string& stem, std::initializer_list<const char*> kinds) {
  for (const char* kind : kinds) {
    for (const char* separator : {"-", "."}) {
      for (const char* ending : {"", ".gz"}) {
        fs::path file = folder / (stem + separator + kind + "-ubyte" + ending);
        std::error_code code;
        if (fs::exists(file, code)) return file;
      }
    }
  }
  throw DataError(folder, "has no file " + stem + "-" + *kinds.begin() + "-ubyte[.gz]", kInstallHint);
}

Dataset load_idx(const fs::path& folder, const std::string& stem) {
  const fs::path images_file = find_idx(folder, stem + "-images", {"idx3", "idx4"});
  const fs::path labels_file = find_idx(folder, stem + "-labels", {"idx1"});
  IdxImages images = read_idx_images(images_file);
  Dataset data;
  data.labels = read_idx_labels(labels_file);
  if (images.size() != data.labels.size()) {
    throw DataError(labels_file, "holds " + std::to_string(data.labels.size()) + " labels, but " +
                                     images_file.string() + " holds " + std::to_string(images.size()) +
                                     " images");
  }
  data.height = images.height;
  data.width = images.width;
  data.channels = images.channels;
  data.images = std::move(images.bytes);
  return data;
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

DataSplits load_data(const DataConfig& config) {
  const fs::path folder = config.path;
  std::error_code code;
  if (!fs::exists(folder, code)) throw DataError(folder, "no such folder", kInstallHint);
  if (!fs::is_directory(folder, code)) throw DataError(folder, "is not a folder", kInstallHint);

  DataSplits splits{load_idx(folder, "train"), load_idx(folder, "t10k")};
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
