#include <algorithm>

#include "exporters/kernels/kernel_options.h"
#include "exporters/passes/passes.h"
#include "exporters/passes/tensor_memory.h"

namespace intact {

void choose_kernels(Lowered& lowered) {
  lowered.nodes.resize(lowered.graph.nodes.size());
  for (std::size_t i = 0; i < lowered.graph.nodes.size(); ++i) {
    const Node& node = lowered.graph.nodes[i];
    if (node.state.op != Op::kConv) continue;
    NodePlan& plan = lowered.nodes[i];
    const std::uint32_t least = required_scratch(lowered.graph, node);
    const std::vector<KernelOption> options = kernel_options(
        lowered.graph, node, plan.layout, lowered.options.target, lowered.options.scratch_limit);
    const KernelOption& option = pick_kernel(options, lowered.options);
    plan.kernel = option.choice;
    plan.scratch_bytes =
        static_cast<std::uint32_t>(align_arena(std::max<std::uint64_t>(least, option.scratch_bytes)));
  }
}

}  // namespace intact
