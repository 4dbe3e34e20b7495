#include "exporters/passes/plan_check.h"

#include <algorithm>
#include <string>
#include <vector>

#include "core/error.h"
#include "exporters/passes/liveness.h"
#include "exporters/passes/stream_schedule.h"
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
    for (int i = 0; i < static_cast<int>(graph_.nodes.size()); ++i) {
      if (const Stream* stream = stream_of(lowered_, i)) {
        check_stream(*stream);
        i = stream->last;
      } else {
        check_node(node(i), plan(i));
      }
    }
    if (!is_whole(graph_.output))
      throw Error("memory plan: the network's output is overwritten before the end");
  }

 private:
  const Node& node(int index) const { return graph_.nodes[static_cast<std::size_t>(index)]; }
  const NodePlan& plan(int index) const { return lowered_.nodes[static_cast<std::size_t>(index)]; }
  const std::string& name(int tensor) const { return graph_.tensors[static_cast<std::size_t>(tensor)].name; }

  Range place(int tensor) const {
    const auto t = static_cast<std::size_t>(tensor);
    const std::uint64_t begin = lowered_.tensor_offsets[t];
    return {begin, begin + bytes_in_memory(lowered_, t)};
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

  // Returns the scratch's place.
  Range check_scratch(const Node& node, const NodePlan& plan) const {
    const std::string who = "node " + name(node.output);
    const Range scratch{plan.scratch_offset, std::uint64_t{plan.scratch_offset} + plan.scratch_bytes};
    check_place(who + ": scratch", scratch);
    if (plan.scratch_bytes < required_scratch(graph_, node))
      throw Error("memory plan: " + who + ": scratch too small");
    if (plan.scratch_bytes == 0 && plan.scratch_offset != 0) {
      throw Error("memory plan: " + who + ": an offset of scratch that it does not have");
    }
    return scratch;
  }

  void check_node(const Node& node, const NodePlan& plan) {
    const std::string who = "node " + name(node.output);
    const Range output = place(node.output), scratch = check_scratch(node, plan);
    check_all_rows(node.output);
    if (scratch.overlaps(output)) throw Error("memory plan: " + who + ": scratch overlaps the output");
    for (std::size_t i = 0; i < node.inputs.size(); ++i) {
      const Range input = place(node.inputs[i]);
      const std::string& name = this->name(node.inputs[i]);
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

  void check_all_rows(int tensor) const {
    const auto t = static_cast<std::size_t>(tensor);
    if (rows_in_memory(lowered_, t) != static_cast<std::uint32_t>(graph_.tensors[t].shape.h))
      throw Error("memory plan: tensor " + name(tensor) + " must be whole");
  }

  // Everything that a stream's nodes read and write is in use from its beginning to its end, and nothing of
  // that overlaps, but for an output in place of an operand whose rows nobody needs any more.
  void check_stream(const Stream& stream) {
    const std::optional<StreamSchedule> schedule =
        StreamSchedule::make(graph_, tensor_lifetimes(graph_), stream);
    if (!schedule) throw Error("memory plan: node " + name(stream.last + 1) + " ends no possible stream");
    std::vector<int> used = tensors_of(stream);
    for (int i = stream.first; i <= stream.last; ++i) {
      if (rows_in_memory(lowered_, static_cast<std::size_t>(i) + 1) != schedule->rows_in_memory(i))
        throw Error("memory plan: tensor " + name(i + 1) + " has not the rows that its stream needs");
      const Range scratch = check_scratch(node(i), plan(i));
      for (const int tensor : used) {
        if (scratch.overlaps(place(tensor)))
          throw Error("memory plan: node " + name(i + 1) + ": scratch overlaps " + name(tensor));
        if (tensor != i + 1 && place(i + 1).overlaps(place(tensor)) && !lies_in_place(*schedule, i, tensor))
          throw Error("memory plan: node " + name(i + 1) + ": the output overlaps " + name(tensor));
      }
    }
    for (int i = stream.first; i <= stream.last; ++i) {
      overwrite({plan(i).scratch_offset, std::uint64_t{plan(i).scratch_offset} + plan(i).scratch_bytes});
      overwrite(place(i + 1));
    }
    for (int i = stream.first; i <= stream.last; ++i) {
      if (schedule->rows_in_memory(i) ==
          static_cast<std::uint32_t>(graph_.tensors[static_cast<std::size_t>(i) + 1].shape.h))
        whole_.push_back(i + 1);
    }
  }

  // What comes from before the stream, which must be whole, and its nodes' outputs.
  std::vector<int> tensors_of(const Stream& stream) const {
    std::vector<int> used;
    for (int i = stream.first; i <= stream.last; ++i) {
      used.push_back(i + 1);
      for (const int input : node(i).inputs) {
        if (input > stream.first || std::find(used.begin(), used.end(), input) != used.end()) continue;
        used.push_back(input);
        if (!is_whole(input))
          throw Error("memory plan: node " + name(i + 1) + ": input " + name(input) +
                      " was overwritten before");
      }
    }
    return used;
  }

  // The stream's node may write and does write in place of `operand`, which nobody reads behind the node.
  bool lies_in_place(const StreamSchedule& schedule, int index, int operand) const {
    const std::vector<int>& inputs = node(index).inputs;
    const auto at = std::find(inputs.rbegin(), inputs.rend(), operand);
    if (at == inputs.rend()) return false;
    if (tensor_lifetimes(graph_)[static_cast<std::size_t>(operand)].last != index) return false;
    return may_lie_in_place(node(index), static_cast<std::size_t>(inputs.rend() - at) - 1) &&
           schedule.may_lie_in_place(index, operand);
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
