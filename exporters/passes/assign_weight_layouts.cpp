#include "exporters/passes/passes.h"

namespace intact {

void assign_weight_layouts(Lowered& lowered) {
  lowered.nodes.resize(lowered.graph.nodes.size());
  for (std::size_t i = 0; i < lowered.graph.nodes.size(); ++i) {
    const Node& node = lowered.graph.nodes[i];
    if (node.state.op != Op::kConv) continue;
    const Grid& input = lowered.graph.tensors.at(static_cast<std::size_t>(node.inputs.at(0))).grid;
    const bool words = node.state.weight_grid.kind == GridKind::kBipolar &&
                       input.kind == GridKind::kBipolar && node.state.groups == 1;
    lowered.nodes[i].layout = words ? WeightLayout::kWordTaps : WeightLayout::kDenseRows;
  }
}

}  // namespace intact
