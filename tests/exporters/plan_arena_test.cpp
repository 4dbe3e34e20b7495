#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "exporters/passes/liveness.h"
#include "exporters/passes/pass.h"
#include "exporters/passes/plan_check.h"
#include "sample_graphs.h"
#include "support/random_graph.h"

namespace intact {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Lowered planned(const test::GraphBuilder& builder) {
  return lower(builder.graph());
}

TEST(LivenessTest, FromMakerToLastReader) {
  const std::vector<Lifetime> lifetimes = tensor_lifetimes(test::branching_graph());
  EXPECT_THAT(lifetimes, ElementsAre(Lifetime{0, 0}, Lifetime{0, 2}, Lifetime{1, 3}, Lifetime{2, 3},
                                     Lifetime{3, 4}, Lifetime{4, 5}, Lifetime{5, 6}, Lifetime{6, 6}));
}

TEST(LivenessTest, InputLivesFromTheStart) {
  test::GraphBuilder b({8, 8, 1});
  const int a = b.conv("a", 0, 1, Grid::unsigned_grid(8));
  b.add("late", {0, a}, Grid::unsigned_grid(8));
  EXPECT_EQ(tensor_lifetimes(b.graph())[0], (Lifetime{0, 1}));
}

TEST(InPlaceTest, OperandsThatDieAndAreNoNarrower) {
  test::GraphBuilder b({8, 8, 4});
  const int wide = b.conv("wide", 0, 4, Grid::unsigned_grid(8));
  const int narrow = b.conv("narrow", 0, 4, Grid::unsigned_grid(4));
  const int sum = b.add("sum", {wide, narrow}, Grid::unsigned_grid(8));
  const int less = b.add("less", {sum}, Grid::unsigned_grid(2));
  const int kept = b.add("kept", {less}, Grid::unsigned_grid(2));
  b.add("last", {less, kept, kept}, Grid::unsigned_grid(2));
  const std::vector<Lifetime> lifetimes = tensor_lifetimes(b.graph());
  const auto operands = [&](int node) { return in_place_operands(b.graph(), lifetimes, node); };
  EXPECT_THAT(operands(1), IsEmpty());          // no convolution's first input
  EXPECT_THAT(operands(2), ElementsAre(wide));  // not the narrower one
  EXPECT_THAT(operands(3), ElementsAre(sum));
  EXPECT_THAT(operands(4), IsEmpty());  // its operand is read again
  EXPECT_THAT(operands(5), ElementsAre(less, kept));
}

TEST(InPlaceTest, ResidualButNotWhenItIsTheInputToo) {
  test::GraphBuilder b({8, 8, 4});
  const int a = b.conv("a", 0, 4, Grid::unsigned_grid(8));
  const int c = b.conv("b", 0, 4, Grid::unsigned_grid(8), a);
  b.conv("c", c, 4, Grid::unsigned_grid(8), c);
  const std::vector<Lifetime> lifetimes = tensor_lifetimes(b.graph());
  EXPECT_THAT(in_place_operands(b.graph(), lifetimes, 1), ElementsAre(a));
  EXPECT_THAT(in_place_operands(b.graph(), lifetimes, 2), IsEmpty());
}

TEST(PlanArenaTest, ChainTakesItsLargestPair) {
  test::GraphBuilder b({8, 8, 1});                           //   64 bytes
  const int a = b.conv("a", 0, 8, Grid::unsigned_grid(8));   //  512
  const int c = b.conv("b", a, 16, Grid::unsigned_grid(8));  // 1024
  b.conv("c", c, 1, Grid::unsigned_grid(8));                 //   64
  EXPECT_EQ(planned(b).arena_bytes, 512U + 1024U + 16U);     // and the scratch of 2 x 8
}

TEST(PlanArenaTest, AddLiesInPlace) {
  test::GraphBuilder b({8, 8, 1});
  const int a = b.conv("a", 0, 16, Grid::unsigned_grid(8));  // 1024
  const int c = b.conv("b", 0, 16, Grid::unsigned_grid(8));
  b.add("sum", {a, c}, Grid::unsigned_grid(8));
  const Lowered lowered = planned(b);
  EXPECT_EQ(lowered.arena_bytes, 64U + 2 * 1024U + 16U);  // during b; the sum adds nothing
  EXPECT_TRUE(lowered.tensor_offsets[3] == lowered.tensor_offsets[1] ||
              lowered.tensor_offsets[3] == lowered.tensor_offsets[2]);
}

// An identity shortcut around two convolutions, four times: the sums stay in one place.
TEST(PlanArenaTest, ResidualBlocksLieInPlace) {
  test::GraphBuilder b({8, 8, 1});
  int x = b.conv("stem", 0, 16, Grid::unsigned_grid(8));
  for (int i = 0; i < 4; ++i) {
    const int first = b.conv("first" + std::to_string(i), x, 16, Grid::unsigned_grid(8));
    x = b.conv("second" + std::to_string(i), first, 16, Grid::unsigned_grid(8), x);
  }
  EXPECT_EQ(planned(b).arena_bytes, 2 * 1024U + 32U);
}

TEST(PlanArenaTest, RandomGraphsReachTheLowerBoundNearlyAlways) {
  int minimal = 0;
  int in_place = 0;
  constexpr int kGraphs = 400;
  for (std::uint64_t seed = 0; seed < kGraphs; ++seed) {
    test::RandomGraphOptions options;
    options.max_nodes = 14;
    options.max_node_macs = 20000;
    const Lowered lowered = lower(test::random_graph(seed, options));
    EXPECT_NO_THROW(check_plan(lowered)) << seed;
    EXPECT_GE(lowered.arena_bytes, arena_lower_bound(lowered)) << seed;
    EXPECT_LE(lowered.arena_bytes, arena_lower_bound(lowered) * 5 / 4) << seed;
    minimal += lowered.arena_bytes == arena_lower_bound(lowered) ? 1 : 0;
    for (const Node& node : lowered.graph.nodes) {
      const std::uint32_t at = lowered.tensor_offsets[static_cast<std::size_t>(node.output)];
      in_place += std::any_of(node.inputs.begin(), node.inputs.end(),
                              [&](int input) {
                                return lowered.tensor_offsets[static_cast<std::size_t>(input)] == at;
                              })
                      ? 1
                      : 0;
    }
  }
  EXPECT_GE(minimal, kGraphs * 95 / 100);
  EXPECT_GT(in_place, 50);
}

TEST(PlanArenaTest, SameGraphSamePlan) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const Graph graph = test::random_graph(seed);
    EXPECT_EQ(lower(graph).tensor_offsets, lower(graph).tensor_offsets);
  }
}

}  // namespace
}  // namespace intact
