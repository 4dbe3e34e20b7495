#include "integer/oracle.h"

#include <algorithm>

#include "core/error.h"
#include "integer/oracle_node.h"

namespace intact {

Values oracle::run_node(const Graph& graph, const Node& node, const std::vector<Values>& all) {
  switch (node.state.op) {
    case Op::kConv:
      return run_conv(graph, node, all);
    case Op::kAdd:
      return run_add(graph, node, all);
    case Op::kAvgPool:
      return run_avg_pool(graph, node, all);
    case Op::kMaxPool:
      return run_max_pool(graph, node, all);
  }
  throw Error("oracle: unknown operation");
}

Oracle::Oracle(const Graph& graph) : graph_(graph) {
  verify(graph);
}

std::vector<Values> Oracle::run(std::span<const std::uint8_t> input) const {
  const TensorInfo& info = oracle::tensor(graph_, graph_.input);
  if (static_cast<std::int64_t>(input.size()) != info.shape.elements()) {
    throw Error("oracle: graph '" + graph_.name + "' takes " + std::to_string(info.shape.elements()) +
                " input codes, got " + std::to_string(input.size()));
  }
  std::vector<Values> all(graph_.tensors.size());
  all[static_cast<std::size_t>(graph_.input)].assign(input.begin(), input.end());
  for (const Node& node : graph_.nodes) {
    all[static_cast<std::size_t>(node.output)] = oracle::run_node(graph_, node, all);
  }
  return all;
}

int argmax(std::span<const std::int32_t> logits) {
  return static_cast<int>(std::max_element(logits.begin(), logits.end()) -
                          logits.begin());  // the first largest
}

}  // namespace intact
