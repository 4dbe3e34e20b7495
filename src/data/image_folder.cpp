#include "data/image_folder.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <optional>
#include <span>
#include <thread>
#include <utility>

#include "core/atomic_file.h"
#include "data/data_error.h"
#include "data/decode_image.h"
#include "data/image_cache.h"
#include "data/image_list.h"
#include "data/resize.h"

namespace intact {
namespace {

constexpr std::size_t kMostBytes = std::size_t{1} << 32;
constexpr std::size_t kLargestFile = std::size_t{1} << 28;

class FolderDecoder {
 public:
  FolderDecoder(const DataConfig& config, const ImageList& list, const DataEvents& events)
      : height_(*config.height), width_(*config.width), channels_(*config.channels), events_(events) {
    for (const ImageFile& file : list.train) files_.push_back(&file);
    for (const ImageFile& file : list.test) files_.push_back(&file);
    image_bytes_ = static_cast<std::size_t>(height_) * static_cast<std::size_t>(width_) *
                   static_cast<std::size_t>(channels_);
    if (files_.size() > kMostBytes / image_bytes_) {
      throw DataError(config.path, std::to_string(files_.size()) + " images of " +
                                       std::to_string(image_bytes_) + " bytes are more than " +
                                       std::to_string(kMostBytes));
    }
  }

  std::size_t bytes() const { return files_.size() * image_bytes_; }

  std::vector<std::uint8_t> decode() {
    images_.resize(bytes());
    first_faulty_ = files_.size();
    {
      std::vector<std::jthread> threads;
      const std::size_t wanted = std::max(1U, std::thread::hardware_concurrency());
      for (std::size_t i = 1; i < std::min(wanted, files_.size()); ++i)
        threads.emplace_back([this] { work(); });
      work();
    }
    if (fault_) std::rethrow_exception(fault_);
    return std::move(images_);
  }

 private:
  void work() {
    for (std::size_t i = next_++; i < first_faulty_; i = next_++) {
      try {
        decode_one(i);
      } catch (...) {
        const std::lock_guard lock(mutex_);
        if (i < first_faulty_) {  // files before it are still decoded: they may be faulty too
          first_faulty_ = i;
          fault_ = std::current_exception();
        }
        continue;
      }
      const std::lock_guard lock(mutex_);
      if (events_.decoded) events_.decoded(++done_, files_.size());
    }
  }

  void decode_one(std::size_t i) {
    const RgbImage image = decode_image(read_image_file(files_[i]->path), files_[i]->path);
    const std::vector<std::uint8_t> pixels = resize_image(image, height_, width_, channels_);
    std::copy(pixels.begin(), pixels.end(), images_.begin() + static_cast<std::ptrdiff_t>(i * image_bytes_));
  }

  static std::vector<std::uint8_t> read_image_file(const std::filesystem::path& file) {
    return read_file(file, kLargestFile);
  }

  int height_, width_, channels_;
  const DataEvents& events_;
  std::vector<const ImageFile*> files_;
  std::size_t image_bytes_ = 0;
  std::vector<std::uint8_t> images_;
  std::atomic<std::size_t> next_{0}, first_faulty_{0};
  std::size_t done_ = 0;
  std::mutex mutex_;
  std::exception_ptr fault_;
};

void note(const DataEvents& events, const std::string& text) {
  if (events.note) events.note(text);
}

std::vector<std::uint8_t> decoded_images(const DataConfig& config, const ImageList& list,
                                         const DataEvents& events) {
  FolderDecoder decoder(config, list, events);
  std::optional<ImageCache> cache;
  if (const auto folder = cache_folder())
    cache.emplace(*folder, config.path, list, *config.height, *config.width, *config.channels);
  if (cache) {
    if (auto kept = cache->read(decoder.bytes())) return std::move(*kept);
  }
  std::vector<std::uint8_t> images = decoder.decode();
  if (!cache) return images;
  try {
    cache->write(images);
    note(events, "decoded " + std::to_string(list.train.size() + list.test.size()) + " images into " +
                     cache->file().string());
  } catch (const Error& error) {
    note(events, std::string("decoded images are not kept for the next time: ") + error.what());
  }
  return images;
}

Dataset split_of(const DataConfig& config, const std::vector<ImageFile>& files,
                 std::span<const std::uint8_t> images) {
  Dataset data;
  data.height = *config.height;
  data.width = *config.width;
  data.channels = *config.channels;
  for (const ImageFile& file : files) data.labels.push_back(file.label);
  data.images.assign(images.begin(), images.end());
  return data;
}

}  // namespace

DataSplits load_image_folder(const DataConfig& config, const DataEvents& events) {
  const ImageList list = list_images(config.path);
  std::vector<std::uint8_t> images = decoded_images(config, list, events);
  const std::size_t train = images.size() / (list.train.size() + list.test.size()) * list.train.size();
  const auto all = std::span<const std::uint8_t>(images);
  DataSplits splits;
  splits.test = split_of(config, list.test, all.subspan(train));
  images.resize(train);
  splits.train = split_of(config, list.train, {});
  splits.train.images = std::move(images);
  return splits;
}

}  // namespace intact
