#include "exporters/passes/plan_check.h"

#include <algorithm>
#include <string>
#include <vector>

#include "core/error.h"
#include "exporters/passes/tensor_memory.h"

namespace intact {
namespace {

struct Range {
  std::uint64_t begin = 0, end = 0;
  bool overlaps(const Range& other) const {
    return begin < end && other.begin < other.end && begin < other.end && other.begin < end;
  }
};

class PlanCheck {
 public:
  explicit PlanCheck(const Lowered& lowered) : lowered_(lowered), graph_(lowered.graph) {}

  void run() {
    if (lowered_.tensor_offsets.size() != graph_.tensors.size() ||
        lowered_.nodes.size() != graph_.nodes.size()) {
      throw Error("memory plan: not one offset per tensor and one entry per node");
    }
    if (lowered_.arena_bytes % kArenaAlignment != 0)
      throw Error("memory plan: arena bytes are not a multiple of 16");
    for (std::size_t t = 0; t < graph_.tensors.size(); ++t) {
      check_place("tensor " + graph_.tensors[t].name, place(static_cast<int>(t)));
    }
    whole_ = {graph_.input};
    for (std::size_t i = 0; i < graph_.nodes.size(); ++i) check_node(graph_.nodes[i], lowered_.nodes[i]);
    if (!is_whole(graph_.output))
      throw Error("memory plan: the network's output is overwritten before the end");
  }

 private:
  Range place(int tensor) const {
    const auto t = static_cast<std::size_t>(tensor);
    const std::uint64_t begin = lowered_.tensor_offsets[t];
    return {begin, begin + tensor_bytes(graph_.tensors[t])};
  }

  void check_place(const std::string& what, const Range& range) const {
    if (range.begin % kArenaAlignment != 0)
      throw Error("memory plan: " + what + ": offset is not a multiple of 16");
    if (range.end > lowered_.arena_bytes) throw Error("memory plan: " + what + " ends outside the arena");
  }

  bool is_whole(int tensor) const { return std::find(whole_.begin(), whole_.end(), tensor) != whole_.end(); }

  void overwrite(const Range& range) {
    std::erase_if(whole_, [&](int tensor) { return place(tensor).overlaps(range); });
  }

  bool may_lie_in_place(const Node& node, std::size_t operand) const {
    const bool elementwise = node.state.op == Op::kAdd || (node.state.op == Op::kConv && operand == 1);
    const TensorInfo& in = graph_.tensors[static_cast<std::size_t>(node.inputs[operand])];
    const TensorInfo& out = graph_.tensors[static_cast<std::size_t>(node.output)];
    return elementwise && place(node.inputs[operand]).begin == place(node.output).begin &&
           pixel_bytes(out) <= pixel_bytes(in) && out.grid.storage_bits() <= in.grid.storage_bits();
  }

  void check_node(const Node& node, const NodePlan& plan) {
    const std::string who = "node " + graph_.tensors[static_cast<std::size_t>(node.output)].name;
    const Range output = place(node.output);
    const Range scratch{plan.scratch_offset, std::uint64_t{plan.scratch_offset} + plan.scratch_bytes};
    check_place(who + ": scratch", scratch);
    if (plan.scratch_bytes < required_scratch(graph_, node))
      throw Error("memory plan: " + who + ": scratch too small");
    if (plan.scratch_bytes == 0 && plan.scratch_offset != 0) {
      throw Error("memory plan: " + who + ": an offset of scratch that it does not have");
    }
    if (scratch.overlaps(output)) throw Error("memory plan: " + who + ": scratch overlaps the output");
    for (std::size_t i = 0; i < node.inputs.size(); ++i) {
      const Range input = place(node.inputs[i]);
      const std::string& name = graph_.tensors[static_cast<std::size_t>(node.inputs[i])].name;
      if (!is_whole(node.inputs[i]))
        throw Error("memory plan: " + who + ": input " + name + " was overwritten before");
      if (scratch.overlaps(input)) throw Error("memory plan: " + who + ": scratch overlaps input " + name);
      if (output.overlaps(input) && !may_lie_in_place(node, i)) {
        throw Error("memory plan: " + who + ": the output overlaps input " + name);
      }
    }
    overwrite(scratch);
    overwrite(output);
    whole_.push_back(node.output);
  }

  const Lowered& lowered_;
  const Graph& graph_;
  std::vector<int> whole_;  // tensors whose content stands in the arena
};

}  // namespace

void check_plan(const Lowered& lowered) {
  PlanCheck(lowered).run();
}

}  // namespace intact
