// Seeded networks around one convolution of awkward shape, for the kernels' differential test.
#pragma once

#include <cstdint>

#include "integer/graph.h"

namespace intact::test {

// The last node is the convolution: any window, groups, grids, weights and requantization, half of them of
// the kind that networks have (3x3, 1x1, depthwise, over the whole image), often with a residual, which may
// be wider or narrower than the output. 1x1 convolutions before it make its operands from the network's
// input. The same seed gives the same graph on every machine. It passes verify().
Graph conv_case(std::uint64_t seed);

}  // namespace intact::test
