// Which kernels can compute a convolution on a target, exactly, and what each is thought to cost.
#pragma once

#include <cstdint>
#include <vector>

#include "exporters/kernels/target.h"
#include "exporters/passes/lowered.h"

namespace intact {

struct KernelOption {
  KernelChoice choice;
  std::uint32_t scratch_bytes = 0;  // that the kernel asks for
  double instructions = 0;          // estimated, of one run
};

// The cheapest first; the portable kernel that the runtime falls back on is always among them.
// `scratch_limit`: bytes of scratch that a kernel may ask for. Exactness is decided from the actual weights.
std::vector<KernelOption> kernel_options(const Graph& graph, const Node& node, WeightLayout layout,
                                         Target target, std::uint64_t scratch_limit);

}  // namespace intact
