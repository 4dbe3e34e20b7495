// The kernel of a convolution where nothing better is there.
#pragma once

#include <cstdint>

#include "exporters/passes/lowered.h"

namespace intact {

// The portable one that the runtime takes for a convolution whose blob names no kernel, or one that is not
// linked (intact_choose_conv).
std::uint16_t portable_kernel(const Graph& graph, const Node& node, WeightLayout layout);

}  // namespace intact
