// Lowered graph to the bytes of docs/FORMAT.md.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "exporters/passes/lowered.h"

namespace intact {

struct BlobOptions {
  bool names = true;
  // Golden inputs: each the input tensor's codes, height, width, channel. Their checksums come from the oracle. At least 4, or none.
  std::vector<std::vector<std::uint8_t>> golden_inputs;
  std::string meta_json;  // META section; empty: none
};

std::vector<std::uint8_t> write_blob(const Lowered& lowered, const BlobOptions& options);

// Chooses `count` golden inputs (>= 4): all zero, all 255, an 8-bit ramp, seeded noise, then those of `candidates` (may be empty) with the most
// requantizations at a tie or at a clamp in the oracle.
std::vector<std::vector<std::uint8_t>> choose_golden_inputs(const Graph& graph, int count, std::uint64_t seed,
                                                            const std::vector<std::vector<std::uint8_t>>& candidates);

}  // namespace intact
