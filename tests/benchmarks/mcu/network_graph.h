// The zoo's networks (config/zoo.h) as integer graphs with seeded random weights.
#pragma once

#include <cstdint>
#include <string_view>

#include "integer/graph.h"

namespace intact::benchmarks {

// Bits as in the shipped configs: weights and activations have the given ones; the first layer's and the
// classifier's weights, the shortcuts' and the global pool's outputs have 8, and with bipolar activations
// (1 bit) the last layer before the global pool too. `name` is one of zoo_names().
Graph network_graph(std::string_view name, int weight_bits, int activation_bits, std::uint64_t seed);

}  // namespace intact::benchmarks
