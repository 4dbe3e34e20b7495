// Small networks with seeded weights that golden blobs were made of.
#pragma once

#include "integer/graph.h"

namespace intact::test {

// 8x8x3 to a convolution, a residual block and a classifier; every layer of the same bits.
Graph residual_network(int bits, std::uint64_t seed);

// 8x8x3 to pointwise and depthwise convolutions at strides 1 and 2, average pooling and a classifier.
Graph depthwise_network(int bits, std::uint64_t seed);

// 6x6x3 to fully connected layers of the same bits.
Graph dense_network(int bits, std::uint64_t seed);

// 9x7x2, layers of 8, 3, 1 and 4 bits; signed, unsigned and bipolar activations; max pooling.
Graph mixed_network(std::uint64_t seed);

}  // namespace intact::test
