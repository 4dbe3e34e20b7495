// Decoded images of a folder, kept between runs.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <vector>

#include "data/image_list.h"

namespace intact {

// $XDG_CACHE_HOME/intact, else $HOME/.cache/intact; nothing where neither is an absolute path.
std::optional<std::filesystem::path> cache_folder();

// One file of the cache. Its name is a hash of all that its content depends on: every image's path, size and
// time of change, and the size that they were brought to. It can be deleted at any time.
class ImageCache {
 public:
  ImageCache(const std::filesystem::path& cache, const std::filesystem::path& data, const ImageList& list,
             int height, int width, int channels);

  const std::filesystem::path& file() const { return file_; }

  // The kept bytes, if there are `count` of them and undamaged.
  std::optional<std::vector<std::uint8_t>> read(std::size_t count) const;

  // Replaces the file, whole or not at all. Throws Error.
  void write(std::span<const std::uint8_t> bytes) const;

 private:
  std::array<std::uint8_t, 16> key_;
  std::filesystem::path file_;
};

}  // namespace intact
