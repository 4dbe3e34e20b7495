// Proves a memory plan without sharing anything with the planner.
#pragma once

#include "exporters/passes/lowered.h"

namespace intact {

// Follows the nodes in order and keeps account of which bytes of the arena hold which tensor. Throws Error
// naming the node unless every input is whole when it is read, scratch is large enough and touches neither
// inputs nor output of its node, the output overlaps an input only where FORMAT.md section 5 allows it,
// everything is aligned and inside the arena, and the output is whole at the end.
void check_plan(const Lowered& lowered);

}  // namespace intact
