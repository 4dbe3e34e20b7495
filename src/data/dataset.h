// Labelled images in memory as uint8: the bytes that firmware will be handed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
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

// What bytes 0 and 255 of one input feature stand for.
struct InputFeature {
  std::string name;
  double min = 0, max = 0;
};

struct DataSplits {
  Dataset train, test;
  std::vector<InputFeature> features{};  // kind csv only, in the order of the input's bytes
};

// What loading tells while it goes on; either may be empty. Called by one thread at a time, not always the
// caller's.
struct DataEvents {
  std::function<void(std::size_t done, std::size_t total)> decoded;  // images
  std::function<void(const std::string& text)> note;                 // a line for the log
};

// Reads what the config names. Throws Error naming the file, what is wrong with it and what to do.
DataSplits load_data(const DataConfig& config, const DataEvents& events = {});

}  // namespace intact
