// How hard an input works the requantizations.
#pragma once

#include <cstdint>
#include <span>

#include "integer/graph.h"

namespace intact {

struct EdgeCases {
  std::uint64_t ties =
      0;  // outputs that the smallest change of their sum would round the other way (bipolar: sum exactly 0)
  std::uint64_t clamps = 0;  // outputs at an end of their grid's codes (not bipolar)
};

// Over all outputs that one run of `input` requantizes, by the oracle.
EdgeCases count_edge_cases(const Graph& graph, std::span<const std::uint8_t> input);

}  // namespace intact
