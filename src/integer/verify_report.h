// How the verifier refuses a graph: rule names are part of the message, "[rule]", and closed (tests break
// each by name).
#pragma once

#include <string>
#include <string_view>

#include "integer/graph.h"

namespace intact::verifier {

// Throws Error "graph 'G', node 'N': [rule] detail".
[[noreturn]] void refuse(const std::string& place, std::string_view rule, const std::string& detail);

inline void require(bool holds, const std::string& place, std::string_view rule, const std::string& detail) {
  if (!holds) refuse(place, rule, detail);
}

std::string describe(const Shape& shape);
std::string describe(const Grid& grid);

// A node with its tensors looked up; indices are proven by then.
struct NodeView {
  const Graph& graph;
  const Node& node;
  const TensorInfo& out;
  std::string place;

  const IntState& state() const { return node.state; }
  const TensorInfo& input(std::size_t i) const {
    return graph.tensors[static_cast<std::size_t>(node.inputs[i])];
  }
  bool logits() const { return out.grid.kind == GridKind::kInt32; }
};

// verify_node.cpp: shapes, windows, grids, weights, fields that the operation does not use.
void check_node(const NodeView& view);

// verify_requantization.cpp: counts and ranges of k, r, m, b and the proofs that nothing leaves 32 bits.
void check_requantization(const NodeView& view);

}  // namespace intact::verifier
