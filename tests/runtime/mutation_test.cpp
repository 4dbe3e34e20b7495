// Seeded mutations of good blobs: whatever the loader accepts must run inside blob and arena. Both lie
// between pages without access, the blob read only. The libFuzzer target (fuzz_blob.cpp) does the same
// without end.
#include <gtest/gtest.h>

#include <cstring>
#include <set>

#include "fuzz_body.h"
#include "guarded_bytes.h"
#include "random_network.h"
#include "runtime_driver.h"

namespace intact::testing {
namespace {

Blob seed_blob(std::uint64_t seed) {
  NetworkMaker maker = mixed_network(seed);
  BlobOptions options{.names = seed % 2 == 0};
  RandomStream random(seed, {7});
  if (seed % 5) random_streams(maker.network(), options, random);
  if (seed % 3) {
    for (int i = 0; i < 4; ++i) options.golden_inputs.push_back(maker.input());
  }
  if (seed % 4) {
    options.kernels = random_kernels(maker.network().nodes.size(), random);
    options.more_scratch = 16 * random.below(512);
  }
  return build_blob(maker.network(), options);
}

TEST(Mutation, NoAccessLeavesBlobAndArena) {
  GuardedBytes blob_memory(1U << 18), arena_memory(1U << 16);
  std::set<intact_status> seen;
  int accepted = 0;
  for (std::uint64_t seed = 0; seed < 24; ++seed) {
    const Blob good = seed_blob(seed);
    const std::size_t size = good.bytes.size();
    ASSERT_LT(size, 1U << 18);
    ASSERT_LE(good.arena, 1U << 16);
    for (std::uint64_t trial = 0; trial < 500; ++trial) {
      RandomStream random(seed, {trial});
      const bool upper = trial % 4 != 0;
      blob_memory.set_writable(true);
      std::uint8_t* blob = blob_memory.place(size, upper);
      std::memcpy(blob, good.bytes.data(), size);
      if (trial > 0) mutate(blob, size, random);
      blob_memory.set_writable(false);
      const std::size_t arena_size = fuzz_arena(blob, size);
      const intact_status status = exercise(blob, size, arena_memory.place(arena_size, upper), arena_size);
      if (trial == 0) {
        ASSERT_EQ(status, INTACT_OK) << seed;
      }
      seen.insert(status);
      accepted += status == INTACT_OK;
    }
  }
  // The mutations are worth their time only if they reach behind the loader and into its checks.
  EXPECT_GT(accepted, 1000);
  EXPECT_GE(seen.size(), 15U);
}

}  // namespace
}  // namespace intact::testing
