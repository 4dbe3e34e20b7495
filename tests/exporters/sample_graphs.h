// Small graphs made by hand, for tests that name their numbers.
#pragma once

#include <string>
#include <vector>

#include "integer/graph.h"

namespace intact::test {

// Appends nodes in order; each returns its tensor. Constants come from the derivation, weights are 1.
class GraphBuilder {
 public:
  explicit GraphBuilder(Shape input);

  // 1x1 convolution to `channels`; residual: a tensor, or -1.
  int conv(const std::string& name, int x, int channels, const Grid& out, int residual = -1);
  int add(const std::string& name, std::vector<int> inputs, const Grid& out);
  int max_pool(const std::string& name, int x);
  // Linear classifier over the whole tensor.
  int logits(const std::string& name, int x, int classes);

  const Graph& graph() const { return graph_; }

 private:
  int finish(Node node, const std::string& name, const Shape& shape, const Grid& grid);
  Graph graph_;
};

// 9x8x2 u8, zero point 7; then one convolution all of whose window fields differ: kernel 3x2, stride 2x1,
// dilation 1x2, padding 1 2 0 1, 2 groups, 4 channels of 3-bit weights, to signed 4 bits.
Graph windowed_graph();

// Two parallel branches joined by an add, then a classifier.
Graph branching_graph();

}  // namespace intact::test
