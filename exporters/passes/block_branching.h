// Branch and bound over the orders of first fit.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "exporters/passes/arena_packing.h"
#include "exporters/passes/block_conflicts.h"

namespace intact {

// Places blocks by ascending offset, each at the lowest offset that is left to it. That loses no optimum:
// take an optimal packing and let every block, by ascending offset, sink to its lowest place; nothing rises,
// so repeating this ends in an optimal packing that is its own result. A branch is cut when, during some
// node, what is placed and what is still to be placed above it cannot stay below the best peak.
class BlockBranching {
 public:
  BlockBranching(const std::vector<Block>& blocks, Packing best, std::uint64_t lower_bound,
                 std::uint64_t effort);

  // The best packing found; optimal if complete() holds after it.
  Packing search();
  bool complete() const { return work_ < effort_; }

 private:
  using Profile = std::vector<std::pair<std::size_t, std::uint64_t>>;  // node, bytes of the block during it

  void branch(std::size_t placed_count, std::uint64_t floor, std::size_t last, std::uint64_t peak);
  bool fits(std::uint64_t floor) const;
  void place(std::size_t block, std::uint64_t offset);

  Packing best_;
  std::uint64_t lower_bound_;
  std::uint64_t effort_;
  std::uint64_t work_ = 0;
  BlockConflicts conflicts_;
  std::vector<Profile> profiles_;
  std::vector<std::uint64_t> heights_;
  std::vector<bool> placed_;
  std::vector<std::uint64_t> offsets_;
  std::vector<std::uint64_t> top_;        // per node: end of the highest placed block
  std::vector<std::uint64_t> remaining_;  // per node: bytes of the blocks not yet placed
};

}  // namespace intact
