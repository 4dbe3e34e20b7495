#include "exporters/passes/liveness.h"

#include <algorithm>
#include <optional>

#include "exporters/passes/stream_schedule.h"
#include "exporters/passes/tensor_memory.h"

namespace intact {
namespace {

const TensorInfo& tensor(const Graph& graph, int index) {
  return graph.tensors[static_cast<std::size_t>(index)];
}

}  // namespace

std::vector<Lifetime> tensor_lifetimes(const Graph& graph) {
  std::vector<Lifetime> lifetimes(graph.tensors.size());
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    const Node& node = graph.nodes[i];
    const int step = static_cast<int>(i);
    lifetimes[static_cast<std::size_t>(node.output)] = {step, step};
    for (const int input : node.inputs) lifetimes[static_cast<std::size_t>(input)].last = step;
  }
  lifetimes[static_cast<std::size_t>(graph.output)].last = std::max(
      lifetimes[static_cast<std::size_t>(graph.output)].last, static_cast<int>(graph.nodes.size()) - 1);
  return lifetimes;
}

std::vector<int> in_place_operands(const Graph& graph, const std::vector<Lifetime>& lifetimes, int index) {
  const Node& node = graph.nodes[static_cast<std::size_t>(index)];
  std::vector<int> candidates;
  if (node.state.op == Op::kAdd) {
    candidates = node.inputs;
  } else if (node.state.op == Op::kConv && node.state.residual && node.inputs[1] != node.inputs[0]) {
    candidates = {node.inputs[1]};
  }
  std::sort(candidates.begin(), candidates.end());
  candidates.erase(std::unique(candidates.begin(), candidates.end()), candidates.end());
  const TensorInfo& output = tensor(graph, node.output);
  std::erase_if(candidates, [&](int candidate) {
    const TensorInfo& operand = tensor(graph, candidate);
    const int bits = output.grid.storage_bits(), operand_bits = operand.grid.storage_bits();
    return lifetimes[static_cast<std::size_t>(candidate)].last != index ||
           pixel_bytes(output) > pixel_bytes(operand) || bits > operand_bits ||
           (node.state.op == Op::kConv && bits != operand_bits);
  });
  return candidates;
}

const Stream* stream_of(const Lowered& lowered, int index) {
  const auto stream = std::partition_point(lowered.streams.begin(), lowered.streams.end(),
                                           [index](const Stream& s) { return s.last < index; });
  return stream != lowered.streams.end() && index >= stream->first ? &*stream : nullptr;
}

std::vector<Lifetime> memory_lifetimes(const Lowered& lowered) {
  std::vector<Lifetime> lifetimes = tensor_lifetimes(lowered.graph);
  for (Lifetime& lifetime : lifetimes) {
    if (const Stream* stream = stream_of(lowered, lifetime.first)) lifetime.first = stream->first;
    if (const Stream* stream = stream_of(lowered, lifetime.last)) lifetime.last = stream->last;
  }
  return lifetimes;
}

std::vector<int> in_place_operands(const Lowered& lowered, const std::vector<Lifetime>& lifetimes,
                                   int index) {
  std::vector<int> operands = in_place_operands(lowered.graph, lifetimes, index);
  const Stream* stream = stream_of(lowered, index);
  if (stream == nullptr || operands.empty()) return operands;
  const std::optional<StreamSchedule> schedule = StreamSchedule::make(lowered.graph, lifetimes, *stream);
  std::erase_if(operands,
                [&](int operand) { return !schedule || !schedule->may_lie_in_place(index, operand); });
  return operands;
}

std::vector<std::uint64_t> arena_demands(const Lowered& lowered) {
  const Graph& graph = lowered.graph;
  const std::vector<Lifetime> lifetimes = tensor_lifetimes(graph), in_memory = memory_lifetimes(lowered);
  // Changes of the sum of live tensors from node to node, then its running value.
  std::vector<std::int64_t> change(graph.nodes.size() + 1, 0);
  for (std::size_t t = 0; t < graph.tensors.size(); ++t) {
    const auto bytes = static_cast<std::int64_t>(align_arena(bytes_in_memory(lowered, t)));
    change[static_cast<std::size_t>(in_memory[t].first)] += bytes;
    change[static_cast<std::size_t>(in_memory[t].last) + 1] -= bytes;
  }
  std::vector<std::uint64_t> demands;
  std::int64_t live = 0;
  for (std::size_t i = 0; i < graph.nodes.size();) {
    const Stream* stream = stream_of(lowered, static_cast<int>(i));
    const std::size_t end = stream != nullptr ? static_cast<std::size_t>(stream->last) + 1 : i + 1;
    std::uint64_t scratch = 0, in_place = 0;
    for (std::size_t n = i; n < end; ++n) {
      live += change[n];
      scratch = std::max<std::uint64_t>(scratch, lowered.nodes[n].scratch_bytes);
      if (!in_place_operands(lowered, lifetimes, static_cast<int>(n)).empty())
        in_place += align_arena(bytes_in_memory(lowered, static_cast<std::size_t>(graph.nodes[n].output)));
    }
    demands.insert(demands.end(), end - i, static_cast<std::uint64_t>(live) + scratch - in_place);
    i = end;
  }
  return demands;
}

Lowered without_streams(Lowered lowered) {
  lowered.streams.clear();
  lowered.tensor_rows.clear();
  return lowered;
}

std::uint64_t arena_lower_bound(const Lowered& lowered) {
  std::uint64_t bound = 0;
  for (const std::uint64_t demand : arena_demands(lowered)) bound = std::max(bound, demand);
  return bound;
}

}  // namespace intact
