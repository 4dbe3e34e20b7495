#include "integer/oracle_node.h"

namespace intact::oracle {

Values run_add(const Graph& graph, const Node& node, const std::vector<Values>& all) {
  const Requantization& q = node.state.q;
  const TensorInfo& out = tensor(graph, node.output);
  Values result(static_cast<std::size_t>(out.shape.elements()));
  for (std::size_t e = 0; e < result.size(); ++e) {
    std::int64_t sum = q.b[0];
    for (std::size_t i = 0; i < node.inputs.size(); ++i) {
      const std::int64_t v = values(all, node.inputs[i])[e] - tensor(graph, node.inputs[i]).grid.z;
      sum += v * q.m[i];
    }
    result[e] = to_code(sum, q.r, out.grid);
  }
  return result;
}

}  // namespace intact::oracle
