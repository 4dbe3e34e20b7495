// Lowering: an explicit, ordered table of passes over the integer graph; the verifier runs after each.
#pragma once

#include <span>
#include <string_view>

#include "exporters/passes/lowered.h"

namespace intact {

struct Pass {
  std::string_view name;
  void (*run)(Lowered&);
};

std::span<const Pass> lowering_passes();

// Runs all passes in order; verify() and check_plan() (once there is a plan) after each. Throws Error naming
// the pass.
Lowered lower(Graph graph, const LowerOptions& options = {});

}  // namespace intact
