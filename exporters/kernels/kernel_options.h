// Which kernels can compute a convolution on a target, exactly, and what each is thought to cost.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "exporters/kernels/kernel_candidate.h"
#include "exporters/kernels/target.h"
#include "exporters/passes/lowered.h"
#include "runtime/intact_kernels.h"

namespace intact {

struct KernelOption {
  KernelChoice choice;
  std::uint32_t scratch_bytes = 0;  // that the kernel asks for
  double instructions = 0;          // estimated, of all parts in one run
};

// The cheapest first; the portable kernel that the runtime falls back on is always among them.
// `scratch_limit`: bytes of scratch that a kernel may ask for. Exactness is decided from the actual weights.
std::vector<KernelOption> kernel_options(const Graph& graph, const Node& node, WeightLayout layout,
                                         Target target, std::uint64_t scratch_limit);

// A part of a convolution (conv_rows), computed `times` times in a run.
struct ConvPart {
  intact_conv conv;
  int times = 1;
};

// A kernel that is exact with a node's weights, with its largest parameter for them
// (KernelCandidate::least_parameter).
struct ExactKernel {
  const KernelCandidate* candidate = nullptr;
  std::uint16_t parameter = 0;
};

std::vector<ExactKernel> exact_kernels(const Node& node, const intact_conv& conv);

// The same for a convolution that is computed in parts, each by the same kernel with the same scratch.
std::vector<KernelOption> kernel_options(std::span<const ExactKernel> kernels,
                                         std::span<const ConvPart> parts, Target target,
                                         std::uint64_t scratch_limit);

// Of options, that of the kernel that is asked for, if it is there, else the cheapest.
const KernelOption& pick_kernel(const std::vector<KernelOption>& options, const LowerOptions& wanted);

}  // namespace intact
