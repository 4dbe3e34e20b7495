// IDX files (the format of MNIST and its relatives): big-endian header, then bytes.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

namespace intact {

struct IdxImages {
  int height = 0, width = 0, channels = 0;
  std::vector<std::uint8_t> bytes;  // NHWC
  std::size_t size() const {
    return bytes.size() / (static_cast<std::size_t>(height) * static_cast<std::size_t>(width) *
                           static_cast<std::size_t>(channels));
  }
};

// Files may be gzip-compressed. Images have 3 dimensions (samples, height, width) or 4 (channels last),
// labels 1. At most 2^24 samples, 4096 pixels a side, 1024 channels and 2^32 bytes. Throw DataError for every
// fault.
IdxImages read_idx_images(const std::filesystem::path& file);
std::vector<std::uint8_t> read_idx_labels(const std::filesystem::path& file);

}  // namespace intact
