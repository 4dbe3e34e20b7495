// Networks of one measured layer with seeded random weights, for the microcontroller benchmark.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "integer/graph.h"

namespace intact::benchmarks {

struct LayerShape {
  std::string name;
  int size = 1;  // height and width of input and output
  int in = 1, out = 1;
  int kernel = 1;
  bool depthwise = false;
  int stride = 1;
};

// The layers of docs/KERNELS.md.
const std::vector<LayerShape>& benchmark_layers();

struct LayerGraph {
  Graph graph;
  std::size_t node;  // of the measured layer
};

// Weights and activations in and out at 1, 2, 4 or 8 bits (1: bipolar). The measured layer's input is
// unsigned with zero point 0, as behind a rectifier; where it has fewer than 8 bits a 1x1 depthwise
// convolution of the input makes it.
LayerGraph layer_graph(const LayerShape& shape, int weight_bits, int activation_bits, std::uint64_t seed);

}  // namespace intact::benchmarks
