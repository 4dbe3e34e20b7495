// What one node of a blob costs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "exporters/blob/blob_reader.h"

namespace intact {

struct NodeCosts {
  std::int64_t macs = 0;
  std::uint64_t weight_bytes = 0;    // in flash
  std::uint64_t constant_bytes = 0;  // multipliers and biases, in flash
  std::uint32_t output_offset = 0;   // in the arena
  std::uint32_t output_bytes = 0;
  std::uint32_t scratch_offset = 0;
  std::uint32_t scratch_bytes = 0;
  // Convolutions: the kernel that the blob names, or the portable one that the runtime takes without a name.
  std::string_view kernel;
  std::uint16_t kernel_parameter = 0;
  bool in_place = false;  // the output lies in place of an operand
};

std::vector<NodeCosts> node_costs(const BlobContents& contents);

// Bits of a signed integer that holds -bound .. bound.
int accumulator_bits(std::int64_t bound);

// Share of the accumulator's range, bound / 2^31.
double accumulator_share(std::int64_t bound);

}  // namespace intact
