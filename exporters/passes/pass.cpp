#include "exporters/passes/pass.h"

#include <array>
#include <string>
#include <utility>

#include "core/error.h"
#include "exporters/passes/passes.h"
#include "exporters/passes/plan_check.h"

namespace intact {
namespace {

constexpr std::array kPasses{
    Pass{"remove_unused_nodes", remove_unused_nodes},
    Pass{"assign_weight_layouts", assign_weight_layouts},
    Pass{"choose_kernels", choose_kernels},
    Pass{"plan_streams", plan_streams},
    Pass{"plan_arena", plan_arena},
};

}  // namespace

std::span<const Pass> lowering_passes() {
  return kPasses;
}

Lowered lower(Graph graph, const LowerOptions& options) {
  Lowered lowered;
  lowered.options = options;
  lowered.graph = std::move(graph);
  for (const Pass& pass : kPasses) {
    try {
      pass.run(lowered);
      verify(lowered.graph);
      if (!lowered.tensor_offsets.empty()) check_plan(lowered);
    } catch (const Error& error) {
      throw Error("lowering pass " + std::string(pass.name) + ": " + error.what());
    }
  }
  return lowered;
}

}  // namespace intact
