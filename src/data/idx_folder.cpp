#include "data/idx_folder.h"

#include <string>
#include <utility>
#include <vector>

#include "data/idx.h"
#include "data/splits.h"

namespace intact {
namespace {

constexpr const char* kHint =
    "data.path must name the folder that holds the IDX files; Fashion-MNIST is the Debian package "
    "dataset-fashion-mnist, "
    "installed to /usr/share/datasets/fashion-mnist";

Dataset load_split(const std::filesystem::path& folder, const std::string& stem) {
  const auto find = [&](const std::string& what, const std::vector<std::string>& kinds) {
    std::vector<std::string> names;
    for (const std::string& kind : kinds) {
      for (const char* separator : {"-", "."}) names.push_back(stem + what + separator + kind + "-ubyte");
    }
    return find_file(folder, names, kHint);
  };
  const std::filesystem::path images_file = find("-images", {"idx3", "idx4"});
  const std::filesystem::path labels_file = find("-labels", {"idx1"});
  IdxImages images = read_idx_images(images_file);
  Dataset data;
  data.labels = read_idx_labels(labels_file);
  check_counts(labels_file, data.labels.size(), images_file, images.size());
  data.height = images.height;
  data.width = images.width;
  data.channels = images.channels;
  data.images = std::move(images.bytes);
  return data;
}

}  // namespace

DataSplits load_idx_folder(const std::filesystem::path& folder) {
  return {load_split(folder, "train"), load_split(folder, "t10k")};
}

}  // namespace intact
