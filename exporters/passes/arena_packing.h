// Packing blocks with lifetimes into the smallest arena: "dynamic storage allocation", NP-hard in general and
// small here.
#pragma once

#include <cstdint>
#include <vector>

#include "exporters/passes/liveness.h"

namespace intact {

// Bytes wanted during some nodes. Sizes are multiples of the arena's alignment and not 0.
struct BlockPart {
  Lifetime lifetime;
  std::uint64_t bytes = 0;
};

// Parts that share one offset: a tensor, or a chain of tensors each in place of the one before it.
struct Block {
  std::vector<BlockPart> parts;
};

struct Packing {
  std::vector<std::uint64_t> offsets;  // per block
  std::uint64_t peak = 0;
};

// How much searching a call may do, counted in pairs of blocks looked at, so that a result never depends on
// the machine.
struct PackingEffort {
  std::uint64_t exchanges = 2'000'000;
  std::uint64_t branches = 10'000'000;
};

// First fit in each of several orders; a packing as good as `lower_bound` ends the search.
Packing pack_in_usual_orders(const std::vector<Block>& blocks, std::uint64_t lower_bound);

// Improves on `best`: exchanges of two places in the order (seeded), then branch and bound over all orders.
// First fit in the order of the offsets of an optimal packing gives an optimal packing, so branch and bound
// is complete if its effort suffices.
Packing improve_packing(const std::vector<Block>& blocks, Packing best, std::uint64_t lower_bound,
                        const PackingEffort& effort = {});

}  // namespace intact
