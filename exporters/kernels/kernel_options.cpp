#include "exporters/kernels/kernel_options.h"

#include <algorithm>
#include <optional>

#include "exporters/kernels/conv_shape.h"

namespace intact {
namespace {

// As much as the part that has use for most; nothing where the kernel cannot compute all parts with it.
std::optional<std::uint64_t> common_scratch(const KernelCandidate& candidate, std::span<const ConvPart> parts,
                                            std::uint16_t parameter, std::uint64_t limit) {
  std::uint64_t most = 0;
  for (const bool again : {false, true}) {
    for (const ConvPart& part : parts) {
      intact_conv conv = part.conv;
      conv.parameter = parameter;
      const std::uint64_t scratch = candidate.scratch(&conv, again ? most : limit);
      if (scratch == INTACT_CANNOT) return std::nullopt;
      if (!again) most = std::max(most, scratch);
    }
    if (parts.size() == 1) break;
  }
  return most;
}

std::optional<double> all_instructions(const KernelCandidate& candidate, std::span<const ConvPart> parts,
                                       std::uint16_t parameter, Target target, std::uint64_t scratch) {
  double sum = 0;
  for (const ConvPart& part : parts) {
    intact_conv conv = part.conv;
    conv.parameter = parameter;
    const std::optional<double> instructions = candidate.instructions(conv, target, scratch);
    if (!instructions) return std::nullopt;
    sum += part.times * *instructions;
  }
  return sum;
}

std::optional<KernelOption> option_of(const KernelCandidate& candidate, std::uint16_t parameter,
                                      std::span<const ConvPart> parts, Target target, std::uint64_t limit) {
  const std::optional<std::uint64_t> scratch = common_scratch(candidate, parts, parameter, limit);
  if (!scratch) return std::nullopt;
  const std::optional<double> instructions = all_instructions(candidate, parts, parameter, target, *scratch);
  if (!instructions) return std::nullopt;
  return KernelOption{{candidate.kernel, parameter}, static_cast<std::uint32_t>(*scratch), *instructions};
}

}  // namespace

std::vector<ExactKernel> exact_kernels(const Node& node, const intact_conv& conv) {
  std::vector<ExactKernel> exact;
  for (const KernelCandidate& candidate : kernel_candidates()) {
    if (candidate.parameter == nullptr) {
      exact.push_back({&candidate, 0});
    } else if (const std::optional<std::uint16_t> parameter = candidate.parameter(conv, node)) {
      exact.push_back({&candidate, *parameter});
    }
  }
  return exact;
}

std::vector<KernelOption> kernel_options(std::span<const ExactKernel> kernels,
                                         std::span<const ConvPart> parts, Target target,
                                         std::uint64_t scratch_limit) {
  std::vector<KernelOption> options;
  for (const auto& [candidate, most] : kernels) {
    // The portable kernels need only what FORMAT.md section 5 demands anyway.
    const std::uint64_t limit = candidate->kernel <= INTACT_CONV_XNOR ? UINT32_MAX : scratch_limit;
    std::optional<KernelOption> best;
    std::uint16_t parameter = candidate->least_parameter != 0 ? candidate->least_parameter : most;
    for (; parameter <= most; ++parameter) {
      const std::optional<KernelOption> option = option_of(*candidate, parameter, parts, target, limit);
      if (option && (!best || option->instructions < best->instructions)) best = option;
    }
    if (best) options.push_back(*best);
  }
  std::stable_sort(options.begin(), options.end(), [](const KernelOption& a, const KernelOption& b) {
    return a.instructions < b.instructions;
  });
  return options;
}

std::vector<KernelOption> kernel_options(const Graph& graph, const Node& node, WeightLayout layout,
                                         Target target, std::uint64_t scratch_limit) {
  const ConvPart whole{conv_shape(graph, node, layout)};
  return kernel_options(exact_kernels(node, whole.conv), std::span(&whole, 1), target, scratch_limit);
}

const KernelOption& pick_kernel(const std::vector<KernelOption>& options, const LowerOptions& wanted) {
  const auto only = std::find_if(options.begin(), options.end(), [&](const KernelOption& option) {
    return wanted.only_kernel == option.choice.kernel;
  });
  return only == options.end() ? options.at(0) : *only;
}

}  // namespace intact
