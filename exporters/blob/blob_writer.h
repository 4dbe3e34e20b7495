// Lowered graph to the bytes of docs/FORMAT.md.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "exporters/passes/lowered.h"

namespace intact {

struct BlobOptions {
  bool names = true;
  // Golden inputs: each the input tensor's codes, height, width, channel. Their checksums come from the
  // oracle. At least 4, or none.
  std::vector<std::vector<std::uint8_t>> golden_inputs;
  std::string meta_json;  // a JSON object for the META section, without the key "graph"; empty: none
};

// Throws Error when the graph or its plan is faulty, when a golden input has a wrong length, or when
// something exceeds the format. The same arguments always give the same bytes. META holds the graph's name
// under "graph" (with `names`) and then meta_json's keys.
std::vector<std::uint8_t> write_blob(const Lowered& lowered, const BlobOptions& options);

// Chooses `count` golden inputs (>= 4): all zero, all 255, an 8-bit ramp, seeded noise; then from
// `candidates` (may be empty) in turn the one with the most requantizations at a tie and the one with the
// most at a clamp, by the oracle; then more noise.
std::vector<std::vector<std::uint8_t>> choose_golden_inputs(
    const Graph& graph, int count, std::uint64_t seed,
    const std::vector<std::vector<std::uint8_t>>& candidates);

}  // namespace intact
