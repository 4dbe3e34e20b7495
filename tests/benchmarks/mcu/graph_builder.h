// Integer graphs with seeded random weights, layer by layer, for the microcontroller benchmark.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "integer/graph.h"

namespace intact::benchmarks {

// 1: bipolar.
Grid weight_grid(int bits);
Grid activation_grid(int bits);

// Tensors are named by index; 0 is the input, of scale 1.
class GraphBuilder {
 public:
  GraphBuilder(std::string name, Shape input, const Grid& grid);

  struct Conv {
    std::string name;
    int input = 0;
    int residual = -1;  // a tensor, or none
    Window window;
    int groups = 1;
    int out = 1;
    Grid weights, output;  // an int32 output makes logits
    std::uint64_t seed = 1;
  };
  // Weights are uniform over their grid; the output's scale is such that it is filled by some three standard
  // deviations of the accumulator, if the input's root mean square is `share` of its largest value.
  int conv(const Conv& conv, double share);
  int max_pool(const std::string& name, int input, const Window& window);
  int avg_pool(const std::string& name, int input, const Window& window, const Grid& output);

  const TensorInfo& tensor(int index) const { return graph_.tensors.at(static_cast<std::size_t>(index)); }
  // Verified.
  Graph finish();

 private:
  int append(Node node, const std::string& name, const Shape& shape, const Grid& grid, double scale);

  Graph graph_;
};

}  // namespace intact::benchmarks
