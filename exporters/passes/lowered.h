// A graph on its way into a blob: the integers (never changed by a pass) and the decisions about layout and
// memory.
#pragma once

#include <cstdint>
#include <vector>

#include "integer/graph.h"

namespace intact {

enum class WeightLayout : std::uint8_t { kDenseRows = 0, kWordTaps = 1 };  // FORMAT.md section 6

struct NodePlan {
  WeightLayout layout = WeightLayout::kDenseRows;
  std::uint32_t scratch_bytes = 0;   // multiple of 16
  std::uint32_t scratch_offset = 0;  // in the arena
};

struct Lowered {
  Graph graph;
  std::vector<NodePlan> nodes;                // per node
  std::vector<std::uint32_t> tensor_offsets;  // per tensor, in the arena; empty until planned
  std::uint32_t arena_bytes = 0;
};

}  // namespace intact
