// Labelled images in memory as uint8: the bytes that firmware will be handed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "config/experiment.h"

namespace intact {

struct Dataset {
  int height = 0, width = 0, channels = 0;
  int classes = 0;                   // labels are 0 .. classes - 1
  std::vector<std::uint8_t> images;  // NHWC
  std::vector<std::uint8_t> labels;

  std::size_t size() const { return labels.size(); }
  std::size_t image_bytes() const {
    return static_cast<std::size_t>(height) * static_cast<std::size_t>(width) *
           static_cast<std::size_t>(channels);
  }
  std::span<const std::uint8_t> image(std::size_t i) const {
    return std::span(images).subspan(i * image_bytes(), image_bytes());
  }
};

struct DataSplits {
  Dataset train, test;
};

// Reads what the config names. Throws Error naming the file, what is wrong with it and what to do.
DataSplits load_data(const DataConfig& config);

}  // namespace intact
