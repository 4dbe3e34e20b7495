// Depthwise convolution by 32-bit multiplications: what the weights allow, and estimated instructions, fitted
// to what scripts/mcu_bench.sh counts.
#pragma once

#include <cstdint>
#include <optional>

#include "exporters/kernels/target.h"
#include "integer/graph.h"
#include "runtime/intact_kernels.h"

namespace intact {

// Pixels in a word, at most: as many as the accumulators of these weights leave room for.
std::optional<std::uint16_t> depthwise_plain_parameter(const intact_conv& c, const Node& node);
std::optional<double> depthwise_plain_instructions(const intact_conv& c, Target target,
                                                   std::uint64_t scratch);

}  // namespace intact
