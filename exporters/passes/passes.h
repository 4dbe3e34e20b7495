// The passes of the lowering table, in its order; one source file each.
#pragma once

#include "exporters/passes/lowered.h"

namespace intact {

// Drops nodes that do not contribute to the graph's output, and numbers tensors canonically: tensor 0 is the
// input, node i writes tensor i + 1 (FORMAT.md section 4).
void remove_unused_nodes(Lowered& lowered);

// Word taps where weights and input are both bipolar and groups is 1, else dense rows (FORMAT.md section 6).
void assign_weight_layouts(Lowered& lowered);

// The cheapest kernel of the target for each convolution (kernels/kernel_options.h), and its scratch: at
// least what FORMAT.md section 5 demands.
void choose_kernels(Lowered& lowered);

// With options.stream: the streams with which the arena's demand is smallest, no kernel's scratch counted as
// less than it is without them, and among them those of the fewest estimated instructions. The kernels of
// their nodes and scratch are chosen anew.
void plan_streams(Lowered& lowered);

// Offsets of tensors and scratch in the smallest arena found; see arena_packing.h for the search.
void plan_arena(Lowered& lowered);

}  // namespace intact
