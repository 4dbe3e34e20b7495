#include "exporters/passes/arena_packing.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "core/random.h"
#include "exporters/passes/block_branching.h"

namespace intact {
namespace {

constexpr std::uint64_t kUnit = 16;

bool disjoint(const Block& a, std::uint64_t at_a, const Block& b, std::uint64_t at_b) {
  for (const BlockPart& x : a.parts) {
    for (const BlockPart& y : b.parts) {
      const bool together =
          std::max(x.lifetime.first, y.lifetime.first) <= std::min(x.lifetime.last, y.lifetime.last);
      if (together && std::max(at_a, at_b) < std::min(at_a + x.bytes, at_b + y.bytes)) return false;
    }
  }
  return true;
}

std::uint64_t end_of(const Block& block, std::uint64_t at) {
  std::uint64_t end = 0;
  for (const BlockPart& part : block.parts) end = std::max(end, at + part.bytes);
  return end;
}

// Tries every offset of every block.
bool fits(const std::vector<Block>& blocks, std::uint64_t arena, std::vector<std::uint64_t>& offsets) {
  const std::size_t i = offsets.size();
  if (i == blocks.size()) return true;
  for (std::uint64_t at = 0; end_of(blocks[i], at) <= arena; at += kUnit) {
    bool free = true;
    for (std::size_t j = 0; j < i && free; ++j) free = disjoint(blocks[i], at, blocks[j], offsets[j]);
    if (!free) continue;
    offsets.push_back(at);
    if (fits(blocks, arena, offsets)) return true;
    offsets.pop_back();
  }
  return false;
}

std::vector<Block> random_blocks(std::uint64_t seed, std::uint32_t count) {
  RandomStream random(seed, {count});
  std::vector<Block> blocks;
  for (std::uint32_t i = 0; i < count; ++i) {
    Block block;
    int first = static_cast<int>(random.below(6));
    const std::uint32_t parts = 1 + random.below(4) / 3;  // now and then one in place of another
    for (std::uint32_t p = 0; p < parts; ++p) {
      const int last = first + static_cast<int>(random.below(4));
      block.parts.push_back({{first, last}, kUnit * (1 + random.below(5))});
      first = last;
    }
    blocks.push_back(block);
  }
  return blocks;
}

void expect_valid(const std::vector<Block>& blocks, const Packing& packing) {
  ASSERT_EQ(packing.offsets.size(), blocks.size());
  std::uint64_t peak = 0;
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    EXPECT_EQ(packing.offsets[i] % kUnit, 0U);
    peak = std::max(peak, end_of(blocks[i], packing.offsets[i]));
    for (std::size_t j = 0; j < i; ++j) {
      EXPECT_TRUE(disjoint(blocks[i], packing.offsets[i], blocks[j], packing.offsets[j])) << i << " " << j;
    }
  }
  EXPECT_EQ(packing.peak, peak);
}

TEST(ArenaPackingTest, SearchEndsAtTheOptimum) {
  int improved = 0;
  PackingEffort effort;
  effort.exchanges = 10'000;  // bound 0 is never reached, so all of it is spent
  for (std::uint64_t seed = 0; seed < 150; ++seed) {
    const std::vector<Block> blocks = random_blocks(seed, 7);
    const Packing first = pack_in_usual_orders(blocks, 0);
    expect_valid(blocks, first);
    const Packing best = improve_packing(blocks, first, 0, effort);
    expect_valid(blocks, best);
    EXPECT_LE(best.peak, first.peak);
    improved += best.peak < first.peak ? 1 : 0;
    std::vector<std::uint64_t> offsets;
    EXPECT_FALSE(fits(blocks, best.peak - kUnit, offsets))
        << "seed " << seed << ": smaller than " << best.peak;
  }
  EXPECT_GT(improved, 0);
}

TEST(ArenaPackingTest, BranchingAloneEndsAtTheOptimum) {
  for (std::uint64_t seed = 200; seed < 300; ++seed) {
    const std::vector<Block> blocks = random_blocks(seed, 7);
    BlockBranching branching(blocks, pack_in_usual_orders(blocks, 0), 0, 100'000'000);
    const Packing best = branching.search();
    expect_valid(blocks, best);
    EXPECT_TRUE(branching.complete());
    std::vector<std::uint64_t> offsets;
    EXPECT_FALSE(fits(blocks, best.peak - kUnit, offsets)) << seed;
  }
}

TEST(ArenaPackingTest, LargerSetsStayValid) {
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    const std::vector<Block> blocks = random_blocks(seed, 60);
    PackingEffort effort;
    effort.exchanges = 50'000;
    effort.branches = 50'000;
    expect_valid(blocks, improve_packing(blocks, pack_in_usual_orders(blocks, 0), 0, effort));
  }
}

TEST(ArenaPackingTest, StopsAtTheLowerBound) {
  const std::vector<Block> blocks = random_blocks(1, 7);
  const Packing first = pack_in_usual_orders(blocks, 0);
  EXPECT_EQ(improve_packing(blocks, first, first.peak).offsets, first.offsets);
}

TEST(ArenaPackingTest, NoBlocksNeedNoArena) {
  EXPECT_EQ(pack_in_usual_orders({}, 0).peak, 0U);
}

}  // namespace
}  // namespace intact
