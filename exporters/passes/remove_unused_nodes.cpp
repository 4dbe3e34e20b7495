#include <utility>
#include <vector>

#include "core/error.h"
#include "exporters/passes/passes.h"

namespace intact {

void remove_unused_nodes(Lowered& lowered) {
  Graph& graph = lowered.graph;
  const std::size_t tensor_count = graph.tensors.size();
  const auto in_range = [&](int tensor) {
    return tensor >= 0 && static_cast<std::size_t>(tensor) < tensor_count;
  };
  if (!in_range(graph.input) || !in_range(graph.output))
    throw Error("the graph's input or output is no tensor of it");

  std::vector<bool> needed(tensor_count, false);
  needed[static_cast<std::size_t>(graph.output)] = true;
  for (auto node = graph.nodes.rbegin(); node != graph.nodes.rend(); ++node) {
    if (!in_range(node->output) || !needed[static_cast<std::size_t>(node->output)]) continue;
    for (const int input : node->inputs) {
      if (!in_range(input)) throw Error("a node's input is no tensor of the graph");
      needed[static_cast<std::size_t>(input)] = true;
    }
  }

  std::vector<int> renumbered(tensor_count, -1);
  std::vector<TensorInfo> tensors{graph.tensors[static_cast<std::size_t>(graph.input)]};
  std::vector<Node> nodes;
  renumbered[static_cast<std::size_t>(graph.input)] = 0;
  for (Node& node : graph.nodes) {
    if (!in_range(node.output) || !needed[static_cast<std::size_t>(node.output)]) continue;
    const TensorInfo& output = graph.tensors[static_cast<std::size_t>(node.output)];
    for (int& input : node.inputs) {
      input = renumbered[static_cast<std::size_t>(input)];
      if (input < 0) throw Error("node " + output.name + ": an input is made by no node before it");
    }
    if (renumbered[static_cast<std::size_t>(node.output)] >= 0) {
      throw Error("tensor " + output.name + " is written twice, or is the network's input");
    }
    renumbered[static_cast<std::size_t>(node.output)] = static_cast<int>(tensors.size());
    node.output = static_cast<int>(tensors.size());
    tensors.push_back(output);
    nodes.push_back(std::move(node));
  }
  graph.input = 0;
  graph.output = renumbered[static_cast<std::size_t>(graph.output)];
  graph.tensors = std::move(tensors);
  graph.nodes = std::move(nodes);
  lowered.nodes.assign(graph.nodes.size(), NodePlan{});
}

}  // namespace intact
