// Seeded random integer networks for differential tests (oracle, exporters, runtime, firmware). They are made
// as freeze() makes them, through derive_*() from real parameters, so that k, r, m and b are what training
// gives; extremes are sprinkled in.
#pragma once

#include <cstdint>
#include <vector>

#include "integer/graph.h"

namespace intact::test {

struct RandomGraphOptions {
  // Operations; at least one must be on.
  bool conv = true;
  bool add = true;
  bool avg_pool = true;
  bool max_pool = true;

  // Convolution variants beside the plain one.
  bool residual = true;
  bool groups = true;     // 1 < groups < channels
  bool depthwise = true;  // groups = channels, one or two outputs each
  bool dilation = true;
  bool linear = true;  // kernel = image

  // Grids. Weights: 1 is bipolar. Activations: 1 is bipolar or unsigned; other widths unsigned (z = 0 or not,
  // qmax full or clipped) or signed.
  std::vector<int> weight_bits = {1, 2, 3, 4, 5, 6, 7, 8};
  std::vector<int> activation_bits = {1, 2, 3, 4, 5, 6, 7, 8};
  bool bipolar_activations = true;

  // Probabilities.
  double logits = 0.7;    // the network ends in an int32 classifier (needs conv)
  double extreme = 0.15;  // of a node: saturated or zero weights, multipliers above 1, huge biases, ...

  // Sizes. Nodes include the classifier.
  int min_nodes = 1;
  int max_nodes = 8;
  int max_extent = 12;
  int max_channels = 40;
  std::int64_t max_node_macs = 200000;  // a 1x1 or depthwise convolution may exceed it
};

// The same seed and options give the same graph on every machine. It passes verify(). Its name holds the
// seed.
Graph random_graph(std::uint64_t seed, const RandomGraphOptions& options = {});

// Codes for the input tensor: noise, constants, extremes or a ramp, as the seed has it.
std::vector<std::uint8_t> random_input(const Graph& graph, std::uint64_t seed);

}  // namespace intact::test
