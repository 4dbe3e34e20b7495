// The passes of the lowering table, in its order; one source file each.
#pragma once

#include "exporters/passes/lowered.h"

namespace intact {

// Drops nodes that do not contribute to the graph's output, and numbers tensors canonically: tensor 0 is the
// input, node i writes tensor i + 1 (FORMAT.md section 4).
void remove_unused_nodes(Lowered& lowered);

// Word taps where weights and input are both bipolar and groups is 1, else dense rows (FORMAT.md section 6).
void assign_weight_layouts(Lowered& lowered);

// The scratch that FORMAT.md section 5 grants a convolution.
void plan_scratch(Lowered& lowered);

// Offsets of tensors and scratch in the smallest arena found; see arena_packing.h for the search.
void plan_arena(Lowered& lowered);

}  // namespace intact
