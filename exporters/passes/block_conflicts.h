// Which blocks live at one time, and by how much they then keep apart.
#pragma once

#include <cstdint>
#include <vector>

#include "exporters/passes/arena_packing.h"

namespace intact {

struct BlockConflict {
  std::size_t other = 0;
  std::uint64_t above_other =
      0;  // a block above the other one starts at least so many bytes behind the other's start
  std::uint64_t below_other =
      0;  // a block below the other one starts at least so many bytes before the other's start
};

// Two blocks conflict if a part of one and a part of the other live at one time. Every such pair of parts
// forbids the open interval (other - own bytes, other + other's bytes) of offsets; all of them contain the
// other's offset, so their union is one interval, that of the largest own and the largest other part.
class BlockConflicts {
 public:
  explicit BlockConflicts(const std::vector<Block>& blocks);

  const std::vector<BlockConflict>& of(std::size_t block) const { return conflicts_[block]; }
  std::size_t size() const { return conflicts_.size(); }

  // Lowest offset that keeps `block` apart from every conflicting block with placed[other]; adds the pairs
  // looked at to `work`.
  std::uint64_t lowest_offset(std::size_t block, const std::vector<bool>& placed,
                              const std::vector<std::uint64_t>& offsets, std::uint64_t& work);

 private:
  struct Gap {
    std::uint64_t from, to;  // offsets in from .. to - 1 are forbidden
  };
  std::vector<std::vector<BlockConflict>> conflicts_;
  std::vector<Gap> gaps_;  // kept between calls for its memory
};

}  // namespace intact
