// A small network with every operation, its integers written by hand: nothing here depends on the derivation.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "integer/graph.h"

namespace intact::test {

// Nodes of sample_graph() by index (tensor = index + 1).
enum SampleNode : std::size_t {
  kConvNode = 0,      // 4x4x3 -> 4x4x4, 3x3, 4 bits, padding 1
  kResidualNode = 1,  // 1x1 in 2 groups, residual from kConvNode
  kAddNode = 2,       // of both
  kMaxPoolNode = 3,   // 3x3, stride 2, padding 1 -> 2x2x4
  kBipolarNode = 4,   // 1x1 bipolar weights and output
  kXnorNode = 5,      // 3x3, both operands bipolar, padding 1
  kAvgPoolNode = 6,   // 2x2 -> 1x1x4
  kLogitsNode = 7,    // 1x1 -> 5 logits
};

Graph sample_graph();

// One way to break a graph, and the rule that verify() must name.
struct Break {
  std::string rule;
  std::function<void(Graph&)> apply;
};

// Expects of each that verify() refuses the sample graph after it with "[rule]", naming `place` ("" for any).
void expect_broken(const std::vector<Break>& breaks, const std::string& place);

}  // namespace intact::test
