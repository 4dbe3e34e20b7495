#include "exporters/kernels/kernel_options.h"

#include <algorithm>

#include "exporters/kernels/conv_shape.h"
#include "exporters/kernels/kernel_candidate.h"

namespace intact {

std::vector<KernelOption> kernel_options(const Graph& graph, const Node& node, WeightLayout layout,
                                         Target target, std::uint64_t scratch_limit) {
  std::vector<KernelOption> options;
  for (const KernelCandidate& candidate : kernel_candidates()) {
    intact_conv conv = conv_shape(graph, node, layout);
    if (candidate.parameter != nullptr) {
      const std::optional<std::uint16_t> parameter = candidate.parameter(conv, node);
      if (!parameter) continue;
      conv.parameter = *parameter;
    }
    // The portable kernels need only what FORMAT.md section 5 demands anyway.
    const std::uint64_t limit = candidate.kernel <= INTACT_CONV_XNOR ? UINT32_MAX : scratch_limit;
    const std::uint64_t scratch = candidate.scratch(&conv, limit);
    if (scratch == INTACT_CANNOT) continue;
    const std::optional<double> instructions = candidate.instructions(conv, target, scratch);
    if (!instructions) continue;
    options.push_back({{candidate.kernel, static_cast<std::uint16_t>(conv.parameter)},
                       static_cast<std::uint32_t>(scratch),
                       *instructions});
  }
  std::stable_sort(options.begin(), options.end(), [](const KernelOption& a, const KernelOption& b) {
    return a.instructions < b.instructions;
  });
  return options;
}

}  // namespace intact
