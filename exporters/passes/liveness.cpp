#include "exporters/passes/liveness.h"

#include <algorithm>

#include "exporters/passes/tensor_memory.h"

namespace intact {
namespace {

const TensorInfo& tensor(const Graph& graph, int index) {
  return graph.tensors[static_cast<std::size_t>(index)];
}

}  // namespace

std::vector<Lifetime> tensor_lifetimes(const Graph& graph) {
  std::vector<Lifetime> lifetimes(graph.tensors.size());
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    const Node& node = graph.nodes[i];
    const int step = static_cast<int>(i);
    lifetimes[static_cast<std::size_t>(node.output)] = {step, step};
    for (const int input : node.inputs) lifetimes[static_cast<std::size_t>(input)].last = step;
  }
  lifetimes[static_cast<std::size_t>(graph.output)].last = std::max(
      lifetimes[static_cast<std::size_t>(graph.output)].last, static_cast<int>(graph.nodes.size()) - 1);
  return lifetimes;
}

std::vector<int> in_place_operands(const Graph& graph, const std::vector<Lifetime>& lifetimes, int index) {
  const Node& node = graph.nodes[static_cast<std::size_t>(index)];
  std::vector<int> candidates;
  if (node.state.op == Op::kAdd) {
    candidates = node.inputs;
  } else if (node.state.op == Op::kConv && node.state.residual && node.inputs[1] != node.inputs[0]) {
    candidates = {node.inputs[1]};
  }
  std::sort(candidates.begin(), candidates.end());
  candidates.erase(std::unique(candidates.begin(), candidates.end()), candidates.end());
  const TensorInfo& output = tensor(graph, node.output);
  std::erase_if(candidates, [&](int candidate) {
    const TensorInfo& operand = tensor(graph, candidate);
    const int bits = output.grid.storage_bits(), operand_bits = operand.grid.storage_bits();
    return lifetimes[static_cast<std::size_t>(candidate)].last != index ||
           pixel_bytes(output) > pixel_bytes(operand) || bits > operand_bits ||
           (node.state.op == Op::kConv && bits != operand_bits);
  });
  return candidates;
}

std::vector<std::uint64_t> arena_demands(const Lowered& lowered) {
  const Graph& graph = lowered.graph;
  const std::vector<Lifetime> lifetimes = tensor_lifetimes(graph);
  // Changes of the sum of live tensors from node to node, then its running value.
  std::vector<std::int64_t> change(graph.nodes.size() + 1, 0);
  for (std::size_t t = 0; t < graph.tensors.size(); ++t) {
    const auto bytes = static_cast<std::int64_t>(align_arena(tensor_bytes(graph.tensors[t])));
    change[static_cast<std::size_t>(lifetimes[t].first)] += bytes;
    change[static_cast<std::size_t>(lifetimes[t].last) + 1] -= bytes;
  }
  std::vector<std::uint64_t> demands;
  std::int64_t live = 0;
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    live += change[i];
    auto demand = static_cast<std::uint64_t>(live) + lowered.nodes[i].scratch_bytes;
    if (!in_place_operands(graph, lifetimes, static_cast<int>(i)).empty()) {
      demand -= align_arena(tensor_bytes(tensor(graph, graph.nodes[i].output)));
    }
    demands.push_back(demand);
  }
  return demands;
}

std::uint64_t arena_lower_bound(const Lowered& lowered) {
  std::uint64_t bound = 0;
  for (const std::uint64_t demand : arena_demands(lowered)) bound = std::max(bound, demand);
  return bound;
}

}  // namespace intact
