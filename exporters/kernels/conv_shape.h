// A convolution of a graph as the runtime's kernels see it, for their planning functions.
#pragma once

#include "exporters/passes/lowered.h"
#include "runtime/intact_kernels.h"

namespace intact {

intact_window window_of(const Window& window);

// Shapes, grids, window and weight layout as intact_run_node binds them; all pointers are null, scratch_bytes
// and parameter are 0. The node must be a convolution of a verified graph.
intact_conv conv_shape(const Graph& graph, const Node& node, WeightLayout layout);

// The part of a convolution that makes rows first .. end - 1 of its output, as intact_run_step binds it.
intact_conv conv_rows(const intact_conv& whole, std::uint32_t first, std::uint32_t end);

}  // namespace intact
