#include "exporters/inspect/node_costs.h"

#include <algorithm>
#include <bit>

#include "exporters/blob/weight_layout.h"
#include "exporters/kernels/kernel_candidate.h"
#include "exporters/kernels/portable_kernel.h"
#include "exporters/passes/tensor_memory.h"

namespace intact {

std::vector<NodeCosts> node_costs(const BlobContents& contents) {
  const Graph& graph = contents.lowered.graph;
  std::vector<NodeCosts> all;
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    const Node& node = graph.nodes[i];
    const NodePlan& plan = contents.lowered.nodes[i];
    const auto output = static_cast<std::size_t>(node.output);
    NodeCosts costs;
    costs.macs = node_macs(graph, node);
    if (node.state.op == Op::kConv) {
      costs.weight_bytes =
          packed_weight_bytes(plan.layout, weight_extents(graph, node), node.state.weight_grid);
      const bool named = plan.kernel.kernel > INTACT_CONV_XNOR;
      costs.kernel = kernel_name(named ? plan.kernel.kernel : portable_kernel(graph, node, plan.layout));
      if (named) costs.kernel_parameter = plan.kernel.parameter;
    }
    costs.constant_bytes = 4 * (node.state.q.m.size() + node.state.q.b.size());
    costs.output_offset = contents.lowered.tensor_offsets[output];
    costs.output_bytes = bytes_in_memory(contents.lowered, output);
    costs.scratch_offset = plan.scratch_offset;
    costs.scratch_bytes = plan.scratch_bytes;
    costs.in_place = std::any_of(node.inputs.begin(), node.inputs.end(), [&](int input) {
      return contents.lowered.tensor_offsets[static_cast<std::size_t>(input)] == costs.output_offset;
    });
    all.push_back(costs);
  }
  return all;
}

int accumulator_bits(std::int64_t bound) {
  return static_cast<int>(std::bit_width(static_cast<std::uint64_t>(bound))) + 1;
}

double accumulator_share(std::int64_t bound) {
  return static_cast<double>(bound) / 2147483648.0;
}

}  // namespace intact
