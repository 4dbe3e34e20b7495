#include "exporters/passes/arena_packing.h"

#include <algorithm>
#include <array>
#include <functional>
#include <numeric>
#include <utility>

#include "core/random.h"
#include "exporters/passes/block_branching.h"
#include "exporters/passes/block_conflicts.h"

namespace intact {
namespace {

using Order = std::vector<std::size_t>;

constexpr std::size_t kMostBlocksToBranch = 256;  // a recursion per block

std::uint64_t height(const Block& block) {
  std::uint64_t bytes = 0;
  for (const BlockPart& part : block.parts) bytes = std::max(bytes, part.bytes);
  return bytes;
}

std::uint64_t area(const Block& block) {
  std::uint64_t sum = 0;
  for (const BlockPart& part : block.parts) {
    sum += part.bytes * static_cast<std::uint64_t>(part.lifetime.last - part.lifetime.first + 1);
  }
  return sum;
}

int first_node(const Block& block) {
  return block.parts.front().lifetime.first;
}

int duration(const Block& block) {
  return block.parts.back().lifetime.last - block.parts.front().lifetime.first + 1;
}

class FirstFit {
 public:
  explicit FirstFit(const std::vector<Block>& blocks) : conflicts_(blocks) {
    for (const Block& block : blocks) heights_.push_back(height(block));
  }

  Packing pack(const Order& order) {
    Packing packing;
    packing.offsets.assign(order.size(), 0);
    std::vector<bool> placed(order.size(), false);
    for (const std::size_t block : order) {
      packing.offsets[block] = conflicts_.lowest_offset(block, placed, packing.offsets, work_);
      placed[block] = true;
      packing.peak = std::max(packing.peak, packing.offsets[block] + heights_[block]);
    }
    return packing;
  }

  std::uint64_t work() const { return work_; }

 private:
  BlockConflicts conflicts_;
  std::vector<std::uint64_t> heights_;
  std::uint64_t work_ = 0;
};

Order order_by_offset(const Packing& packing) {
  Order order(packing.offsets.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return packing.offsets[a] < packing.offsets[b]; });
  return order;
}

// Exchanges two blocks in the order; keeps an exchange that makes nothing worse.
Packing exchange(const std::vector<Block>& blocks, Packing best, std::uint64_t lower_bound,
                 std::uint64_t effort) {
  FirstFit first_fit(blocks);
  RandomStream random(0, {blocks.size()});
  Order order = order_by_offset(best);
  const auto count = static_cast<std::uint32_t>(order.size());
  while (best.peak > lower_bound && first_fit.work() < effort) {
    const std::uint32_t a = random.below(count);
    const std::uint32_t b = random.below(count);
    std::swap(order[a], order[b]);
    Packing packing = first_fit.pack(order);
    if (packing.peak <= best.peak) {
      best = std::move(packing);
    } else {
      std::swap(order[a], order[b]);
    }
  }
  return best;
}

}  // namespace

Packing pack_in_usual_orders(const std::vector<Block>& blocks, std::uint64_t lower_bound) {
  using Key = std::function<std::pair<std::uint64_t, std::uint64_t>(const Block&)>;  // larger first
  const std::array<Key, 4> keys{
      [](const Block& b) { return std::pair(height(b), static_cast<std::uint64_t>(duration(b))); },
      [](const Block& b) { return std::pair(area(b), height(b)); },
      [](const Block& b) { return std::pair(static_cast<std::uint64_t>(duration(b)), height(b)); },
      [](const Block& b) { return std::pair(~static_cast<std::uint64_t>(first_node(b)), height(b)); },
  };
  FirstFit first_fit(blocks);
  Packing best;
  bool found = false;
  for (const Key& key : keys) {
    Order order(blocks.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return key(blocks[a]) > key(blocks[b]); });
    Packing packing = first_fit.pack(order);
    if (!found || packing.peak < best.peak) best = std::move(packing);
    found = true;
    if (best.peak <= lower_bound) break;
  }
  return best;
}

Packing improve_packing(const std::vector<Block>& blocks, Packing best, std::uint64_t lower_bound,
                        const PackingEffort& effort) {
  if (blocks.size() < 2 || best.peak <= lower_bound) return best;
  best = exchange(blocks, std::move(best), lower_bound, effort.exchanges);
  if (best.peak <= lower_bound || blocks.size() > kMostBlocksToBranch) return best;
  return BlockBranching(blocks, std::move(best), lower_bound, effort.branches).search();
}

}  // namespace intact
