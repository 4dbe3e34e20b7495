#include "exporters/passes/block_branching.h"

#include <algorithm>
#include <map>

namespace intact {

BlockBranching::BlockBranching(const std::vector<Block>& blocks, Packing best, std::uint64_t lower_bound,
                               std::uint64_t effort)
    : best_(std::move(best)),
      lower_bound_(lower_bound),
      effort_(effort),
      conflicts_(blocks),
      placed_(blocks.size(), false),
      offsets_(blocks.size(), 0) {
  for (const Block& block : blocks) {
    std::map<std::size_t, std::uint64_t> bytes;  // parts meet where one lies in place of the other
    for (const BlockPart& part : block.parts) {
      for (int node = part.lifetime.first; node <= part.lifetime.last; ++node) {
        std::uint64_t& at = bytes[static_cast<std::size_t>(node)];
        at = std::max(at, part.bytes);
      }
    }
    profiles_.emplace_back(bytes.begin(), bytes.end());
    heights_.push_back(0);
    for (const auto& [node, size] : profiles_.back()) {
      heights_.back() = std::max(heights_.back(), size);
      if (node >= remaining_.size()) remaining_.resize(node + 1, 0);
      remaining_[node] += size;
    }
  }
  top_.assign(remaining_.size(), 0);
}

Packing BlockBranching::search() {
  branch(0, 0, 0, 0);
  return best_;
}

// Blocks to come start at `floor` or above, where at most one placed block still lies during each node: below
// it no block starts higher.
bool BlockBranching::fits(std::uint64_t floor) const {
  for (std::size_t node = 0; node < top_.size(); ++node) {
    if (remaining_[node] > 0 && std::max(top_[node], floor) + remaining_[node] >= best_.peak) return false;
  }
  return true;
}

void BlockBranching::place(std::size_t block, std::uint64_t offset) {
  placed_[block] = true;
  offsets_[block] = offset;
  for (const auto& [node, bytes] : profiles_[block]) {
    top_[node] = std::max(top_[node], offset + bytes);
    remaining_[node] -= bytes;
  }
}

void BlockBranching::branch(std::size_t placed_count, std::uint64_t floor, std::size_t last,
                            std::uint64_t peak) {
  if (placed_count == placed_.size()) {
    if (peak < best_.peak) best_ = {offsets_, peak};
    return;
  }
  work_ += top_.size();
  if (!fits(floor)) return;
  struct Candidate {
    std::uint64_t offset;
    std::size_t block;
  };
  std::vector<Candidate> candidates;
  for (std::size_t block = 0; block < placed_.size(); ++block) {
    if (placed_[block]) continue;
    const std::uint64_t offset = conflicts_.lowest_offset(block, placed_, offsets_, work_);
    const bool ascending = placed_count == 0 || offset > floor || (offset == floor && block > last);
    if (ascending && offset + heights_[block] < best_.peak) candidates.push_back({offset, block});
  }
  std::stable_sort(candidates.begin(), candidates.end(), [this](const Candidate& a, const Candidate& b) {
    return a.offset != b.offset ? a.offset < b.offset : heights_[a.block] > heights_[b.block];
  });
  const std::vector<std::uint64_t> top = top_;
  for (const Candidate& candidate : candidates) {
    if (work_ >= effort_ || best_.peak <= lower_bound_) return;
    if (candidate.offset + heights_[candidate.block] >= best_.peak) continue;
    place(candidate.block, candidate.offset);
    branch(placed_count + 1, candidate.offset, candidate.block,
           std::max(peak, candidate.offset + heights_[candidate.block]));
    placed_[candidate.block] = false;
    for (const auto& [node, bytes] : profiles_[candidate.block]) remaining_[node] += bytes;
    top_ = top;
  }
}

}  // namespace intact
