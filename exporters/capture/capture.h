// The integers of a trained run, as the training engine made them: capture copies and derives nothing.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "integer/graph.h"

namespace intact {

struct Capture {
  Graph graph;
  std::string config;      // the resolved config's text
  std::int64_t stage = 0;  // of training (Progress::stage): the number of stages once it is finished
};

// Throws Error if the checkpoint is missing or damaged, or holds no integers yet.
Capture capture(const std::filesystem::path& checkpoint);

}  // namespace intact
