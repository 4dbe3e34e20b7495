#include "exporters/passes/passes.h"
#include "exporters/passes/tensor_memory.h"

namespace intact {

void plan_scratch(Lowered& lowered) {
  lowered.nodes.resize(lowered.graph.nodes.size());
  for (std::size_t i = 0; i < lowered.graph.nodes.size(); ++i) {
    lowered.nodes[i].scratch_bytes = required_scratch(lowered.graph, lowered.graph.nodes[i]);
  }
}

}  // namespace intact
