#include "integer/graph.h"

namespace intact {

std::int64_t node_macs(const Graph& graph, const Node& node) {
  const IntState& state = node.state;
  if (state.op != Op::kConv) return 0;
  const Shape& in = graph.tensors.at(static_cast<std::size_t>(node.inputs.at(0))).shape;
  const Shape& out = graph.tensors.at(static_cast<std::size_t>(node.output)).shape;
  return out.elements() * state.window.kernel_h * state.window.kernel_w * (in.c / state.groups);
}

std::int64_t graph_macs(const Graph& graph) {
  std::int64_t sum = 0;
  for (const Node& node : graph.nodes) sum += node_macs(graph, node);
  return sum;
}

}  // namespace intact
