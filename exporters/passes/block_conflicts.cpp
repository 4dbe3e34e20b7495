#include "exporters/passes/block_conflicts.h"

#include <algorithm>

namespace intact {
namespace {

bool meet(const Lifetime& a, const Lifetime& b) {
  return a.first <= b.last && b.first <= a.last;
}

}  // namespace

BlockConflicts::BlockConflicts(const std::vector<Block>& blocks) : conflicts_(blocks.size()) {
  // A sweep over the parts by their first node meets every pair that lives at one time once.
  struct Entry {
    BlockPart part;
    std::size_t block;
  };
  std::vector<Entry> entries;
  for (std::size_t b = 0; b < blocks.size(); ++b) {
    for (const BlockPart& part : blocks[b].parts) entries.push_back({part, b});
  }
  std::stable_sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    return a.part.lifetime.first < b.part.lifetime.first;
  });
  const auto record = [this](std::size_t block, std::size_t other, std::uint64_t own, std::uint64_t others) {
    std::vector<BlockConflict>& list = conflicts_[block];
    const auto known =
        std::find_if(list.begin(), list.end(), [other](const BlockConflict& c) { return c.other == other; });
    BlockConflict& conflict = known == list.end() ? list.emplace_back(BlockConflict{other, 0, 0}) : *known;
    conflict.above_other = std::max(conflict.above_other, others);
    conflict.below_other = std::max(conflict.below_other, own);
  };
  std::vector<Entry> live;
  for (const Entry& entry : entries) {
    std::erase_if(live, [&](const Entry& e) { return e.part.lifetime.last < entry.part.lifetime.first; });
    for (const Entry& e : live) {
      if (e.block == entry.block || !meet(e.part.lifetime, entry.part.lifetime)) continue;
      record(entry.block, e.block, entry.part.bytes, e.part.bytes);
      record(e.block, entry.block, e.part.bytes, entry.part.bytes);
    }
    live.push_back(entry);
  }
}

std::uint64_t BlockConflicts::lowest_offset(std::size_t block, const std::vector<bool>& placed,
                                            const std::vector<std::uint64_t>& offsets, std::uint64_t& work) {
  gaps_.clear();
  work += conflicts_[block].size() + 1;
  for (const BlockConflict& c : conflicts_[block]) {
    if (!placed[c.other]) continue;
    const std::uint64_t at = offsets[c.other];
    gaps_.push_back({at >= c.below_other ? at - c.below_other + 1 : 0, at + c.above_other});
  }
  std::sort(gaps_.begin(), gaps_.end(), [](const Gap& a, const Gap& b) { return a.from < b.from; });
  std::uint64_t offset = 0;
  for (const Gap& gap : gaps_) {
    if (gap.from <= offset) offset = std::max(offset, gap.to);
  }
  return offset;
}

}  // namespace intact
