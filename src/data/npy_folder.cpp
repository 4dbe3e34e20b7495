#include "data/npy_folder.h"

#include <string>
#include <utility>

#include "data/data_error.h"
#include "data/npy.h"
#include "data/splits.h"

namespace intact {
namespace {

constexpr std::size_t kMostPixels = 4096, kMostChannels = 1024;
constexpr const char* kHint =
    "data.path must name a folder with train-images.npy, train-labels.npy, test-images.npy and "
    "test-labels.npy";

Dataset load_split(const std::filesystem::path& folder, const std::string& stem) {
  // No gzip: NumPy reads none either.
  const std::filesystem::path images_file = find_file(folder, {stem + "-images.npy"}, kHint);
  const std::filesystem::path labels_file = find_file(folder, {stem + "-labels.npy"}, kHint);
  NpyArray images = read_npy(images_file), labels = read_npy(labels_file);
  if (images.shape.size() != 3 && images.shape.size() != 4) {
    throw DataError(images_file, "has " + std::to_string(images.shape.size()) + " dimensions",
                    "images have 3, samples x height x width, or 4 with channels behind them");
  }
  if (labels.shape.size() != 1)
    throw DataError(labels_file, "has " + std::to_string(labels.shape.size()) + " dimensions",
                    "labels have 1, a number for each image");
  check_counts(labels_file, labels.shape[0], images_file, images.shape[0]);
  const std::size_t channels = images.shape.size() == 4 ? images.shape[3] : 1;
  if (images.shape[1] > kMostPixels || images.shape[2] > kMostPixels || channels > kMostChannels)
    throw DataError(images_file, "has images of " + std::to_string(images.shape[1]) + "x" +
                                     std::to_string(images.shape[2]) + "x" + std::to_string(channels) +
                                     ", above 4096 pixels a side or 1024 channels");
  Dataset data;
  data.height = static_cast<int>(images.shape[1]);
  data.width = static_cast<int>(images.shape[2]);
  data.channels = static_cast<int>(channels);
  data.images = std::move(images.data);
  data.labels = std::move(labels.data);
  return data;
}

}  // namespace

DataSplits load_npy_folder(const std::filesystem::path& folder) {
  return {load_split(folder, "train"), load_split(folder, "test")};
}

}  // namespace intact
