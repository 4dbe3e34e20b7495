#include "exporters/kernels/kernel_options.h"

#include <algorithm>
#include <optional>

#include "exporters/kernels/conv_shape.h"
#include "exporters/kernels/kernel_candidate.h"

namespace intact {
namespace {

std::optional<KernelOption> option_of(const KernelCandidate& candidate, const intact_conv& conv,
                                      Target target, std::uint64_t limit) {
  const std::uint64_t scratch = candidate.scratch(&conv, limit);
  if (scratch == INTACT_CANNOT) return {};
  const std::optional<double> instructions = candidate.instructions(conv, target, scratch);
  if (!instructions) return {};
  return KernelOption{{candidate.kernel, static_cast<std::uint16_t>(conv.parameter)},
                      static_cast<std::uint32_t>(scratch),
                      *instructions};
}

}  // namespace

std::vector<KernelOption> kernel_options(const Graph& graph, const Node& node, WeightLayout layout,
                                         Target target, std::uint64_t scratch_limit) {
  std::vector<KernelOption> options;
  for (const KernelCandidate& candidate : kernel_candidates()) {
    intact_conv conv = conv_shape(graph, node, layout);
    std::uint16_t most = 0;
    if (candidate.parameter != nullptr) {
      const std::optional<std::uint16_t> parameter = candidate.parameter(conv, node);
      if (!parameter) continue;
      most = *parameter;
    }
    // The portable kernels need only what FORMAT.md section 5 demands anyway.
    const std::uint64_t limit = candidate.kernel <= INTACT_CONV_XNOR ? UINT32_MAX : scratch_limit;
    std::optional<KernelOption> best;
    conv.parameter = candidate.least_parameter != 0 ? candidate.least_parameter : most;
    for (; conv.parameter <= most; ++conv.parameter) {
      const std::optional<KernelOption> option = option_of(candidate, conv, target, limit);
      if (option && (!best || option->instructions < best->instructions)) best = option;
    }
    if (best) options.push_back(*best);
  }
  std::stable_sort(options.begin(), options.end(), [](const KernelOption& a, const KernelOption& b) {
    return a.instructions < b.instructions;
  });
  return options;
}

}  // namespace intact
