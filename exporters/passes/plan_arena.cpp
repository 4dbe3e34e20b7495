#include <algorithm>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "core/error.h"
#include "exporters/passes/arena_packing.h"
#include "exporters/passes/liveness.h"
#include "exporters/passes/passes.h"
#include "exporters/passes/tensor_memory.h"

namespace intact {
namespace {

constexpr int kMostAlternatives = 64;  // choices of operands to lie in place of, beyond the preferred one

// Per node: the tensor that its output lies in place of.
using InPlace = std::vector<std::optional<int>>;

class ArenaPlanner {
 public:
  explicit ArenaPlanner(const Lowered& lowered)
      : lowered_(lowered),
        graph_(lowered.graph),
        lifetimes_(memory_lifetimes(lowered)),
        bound_(arena_lower_bound(lowered)) {
    const std::vector<Lifetime> read = tensor_lifetimes(graph_);
    for (std::size_t i = 0; i < graph_.nodes.size(); ++i) {
      operands_.push_back(in_place_operands(lowered, read, static_cast<int>(i)));
    }
  }

  // Starts from the largest operand of each node; then lets single nodes choose otherwise; then searches on.
  void plan(Lowered& result) {
    InPlace choice(operands_.size());
    for (std::size_t i = 0; i < operands_.size(); ++i) choice[i] = preferred(i);
    Packing best = pack_in_usual_orders(blocks(choice), bound_);
    int alternatives = kMostAlternatives;
    for (std::size_t i = 0; i < operands_.size() && best.peak > bound_; ++i) {
      std::vector<std::optional<int>> others(operands_[i].begin(), operands_[i].end());
      if (!others.empty()) others.emplace_back(std::nullopt);
      for (const std::optional<int>& other : others) {
        if (other == choice[i] || alternatives-- <= 0) continue;
        InPlace changed = choice;
        changed[i] = other;
        Packing packing = pack_in_usual_orders(blocks(changed), bound_);
        if (packing.peak >= best.peak) continue;
        best = std::move(packing);
        choice = std::move(changed);
      }
    }
    const std::vector<Block> packed = blocks(choice);
    best = improve_packing(packed, std::move(best), bound_);
    store(result, best);
  }

 private:
  std::uint64_t bytes(int tensor) const {
    return align_arena(bytes_in_memory(lowered_, static_cast<std::size_t>(tensor)));
  }

  std::optional<int> preferred(std::size_t node) const {
    std::optional<int> largest;
    for (const int operand : operands_[node]) {
      if (!largest || bytes(operand) > bytes(*largest)) largest = operand;
    }
    return largest;
  }

  // Blocks of the tensors, then those of the scratch; remembers which block each belongs to.
  std::vector<Block> blocks(const InPlace& choice) {
    std::vector<Block> blocks;
    block_of_tensor_.assign(graph_.tensors.size(), 0);
    block_of_scratch_.assign(graph_.nodes.size(), std::nullopt);
    const auto add = [&](int tensor, std::optional<int> in_place_of) {
      const auto t = static_cast<std::size_t>(tensor);
      if (in_place_of) {
        block_of_tensor_[t] = block_of_tensor_[static_cast<std::size_t>(*in_place_of)];
      } else {
        block_of_tensor_[t] = blocks.size();
        blocks.emplace_back();
      }
      blocks[block_of_tensor_[t]].parts.push_back({lifetimes_[t], bytes(tensor)});
    };
    add(graph_.input, std::nullopt);
    for (std::size_t i = 0; i < graph_.nodes.size(); ++i) add(graph_.nodes[i].output, choice[i]);
    for (std::size_t i = 0; i < graph_.nodes.size(); ++i) {
      if (lowered_.nodes[i].scratch_bytes == 0) continue;
      const int node = static_cast<int>(i);
      const Stream* stream = stream_of(lowered_, node);
      const Lifetime time = stream != nullptr ? Lifetime{stream->first, stream->last} : Lifetime{node, node};
      add_scratch(blocks, i, time);
    }
    return blocks;
  }

  // Nodes of a stream take turns with one block.
  void add_scratch(std::vector<Block>& blocks, std::size_t node, const Lifetime& time) {
    const std::uint64_t bytes = lowered_.nodes[node].scratch_bytes;
    for (auto i = static_cast<std::size_t>(time.first); i < node; ++i) {
      if (!block_of_scratch_[i]) continue;
      block_of_scratch_[node] = block_of_scratch_[i];
      BlockPart& part = blocks[*block_of_scratch_[i]].parts.front();
      part.bytes = std::max(part.bytes, bytes);
      return;
    }
    block_of_scratch_[node] = blocks.size();
    blocks.push_back({{{time, bytes}}});
  }

  void store(Lowered& result, const Packing& packing) const {
    if (packing.peak > std::numeric_limits<std::uint32_t>::max()) {
      throw Error("the network needs an arena of " + std::to_string(packing.peak) +
                  " bytes; a blob's arena stays below 2^32");
    }
    for (std::size_t i = 0; i < graph_.nodes.size(); ++i) {
      const std::optional<std::size_t> block = block_of_scratch_[i];
      result.nodes[i].scratch_offset = block ? static_cast<std::uint32_t>(packing.offsets[*block]) : 0;
    }
    result.tensor_offsets.clear();
    for (const std::size_t block : block_of_tensor_) {
      result.tensor_offsets.push_back(static_cast<std::uint32_t>(packing.offsets[block]));
    }
    result.arena_bytes = static_cast<std::uint32_t>(packing.peak);
  }

  const Lowered& lowered_;
  const Graph& graph_;
  std::vector<Lifetime> lifetimes_;
  std::uint64_t bound_;
  std::vector<std::vector<int>> operands_;  // per node: candidates to lie in place of
  std::vector<std::size_t> block_of_tensor_;
  std::vector<std::optional<std::size_t>> block_of_scratch_;
};

}  // namespace

void plan_arena(Lowered& lowered) {
  ArenaPlanner(lowered).plan(lowered);
}

}  // namespace intact
