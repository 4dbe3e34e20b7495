#include "integer/oracle.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "core/error.h"
#include "tests/integer/naive_reference.h"
#include "tests/integer/sample_graph.h"
#include "tests/support/random_graph.h"

namespace intact {
namespace {

// One node over a 1-channel image with z = 10; the output signed 8 bits, identity scale: m = 2^(32+16-k), b =
// 2^15.
Graph tiny(Node node, const Shape& in, const Shape& out, const Grid& grid) {
  Graph g;
  g.name = "tiny";
  g.tensors = {{"input", in, Grid::unsigned_grid(8, 10), 1.0}, {"out", out, grid, 1.0}};
  g.output = 1;
  node.inputs = {0};
  node.output = 1;
  g.nodes = {std::move(node)};
  return g;
}

TEST(Oracle, ConvolutionByHand) {
  Node node;
  node.state.window = {2, 2, 1, 1, 1, 1, 1, 0, 0, 0};  // padding above only
  node.state.pad_code = 10;
  node.state.weight_grid = Grid::weight_grid(3);
  node.state.weights = {1, 2, -1, 3};
  node.state.q = {20, 16, {1 << 28}, {1 << 15}, 0, 7 * 245};  // 1715 * 2^20 < 2^31
  const Graph g = tiny(node, {2, 2, 1}, {2, 1, 1}, Grid::signed_grid(8));
  // v = {{1, 2}, {3, -4}}: above, 0 0 over 1 2: -1 + 6 = 5; below, 1 + 4 - 3 - 12 = -10.
  const auto all = Oracle(g).run(std::vector<std::uint8_t>{11, 12, 13, 6});
  EXPECT_EQ(all[0], (Values{11, 12, 13, 6}));
  EXPECT_EQ(all[1], (Values{5, -10}));
}

TEST(Oracle, HalvesGoUpAndEndsClamp) {
  Node node;
  node.state.weight_grid = Grid::weight_grid(2);
  node.state.pad_code = 10;
  node.state.weights = {1};
  node.state.q = {23, 16, {1 << 24}, {1 << 15}, 0, 245};  // times 1/2
  const Graph g = tiny(node, {1, 6, 1}, {1, 6, 1}, {GridKind::kSigned, 8, -3, 100, 0});
  // v = -10, -5, -3, 1, 3, 245: -5, -2.5, -1.5, 0.5, 1.5, 122.5
  const auto all = Oracle(g).run(std::vector<std::uint8_t>{0, 5, 7, 11, 13, 255});
  EXPECT_EQ(all[1], (Values{-3, -2, -1, 1, 2, 100}));
}

TEST(Oracle, BipolarOutputOfZeroIsPlusOne) {
  Node node;
  node.state.weight_grid = Grid::weight_grid(2);
  node.state.pad_code = 10;
  node.state.weights = {1};
  node.state.q = {23, 16, {1 << 25}, {0}, 0, 245};
  const Graph g = tiny(node, {1, 3, 1}, {1, 3, 1}, Grid::bipolar());
  EXPECT_EQ(Oracle(g).run(std::vector<std::uint8_t>{9, 10, 11})[1], (Values{-1, 1, 1}));
}

TEST(Oracle, MaxPoolingLeavesPaddingOut) {
  Node node;
  node.state.op = Op::kMaxPool;
  node.state.window = {2, 2, 2, 2, 1, 1, 1, 1, 1, 1};
  // All codes lie below the zero point: padding taken as 0 would win everywhere.
  const Graph g = tiny(node, {2, 2, 1}, {2, 2, 1}, Grid::unsigned_grid(8, 10));
  EXPECT_EQ(Oracle(g).run(std::vector<std::uint8_t>{1, 2, 3, 4})[1], (Values{1, 2, 3, 4}));
}

TEST(Oracle, AveragePoolingCountsPadding) {
  Node node;
  node.state.op = Op::kAvgPool;
  node.state.window = {2, 2, 2, 2, 1, 1, 1, 1, 1, 1};
  node.state.pad_code = 10;
  node.state.q = {21, 16, {1 << 25}, {1 << 15}, 0, 4 * 245};  // 980 * 2^21 < 2^31; M = 1/4: 2^(48-21-2)
  const Graph g = tiny(node, {2, 2, 1}, {2, 2, 1}, Grid::signed_grid(8));
  // Each window holds one position: v / 4 = 2, -2.5, 2.5, 0.25.
  EXPECT_EQ(Oracle(g).run(std::vector<std::uint8_t>{18, 0, 20, 11})[1], (Values{2, -2, 3, 0}));
}

TEST(Oracle, BipolarPaddingIsMinusOne) {
  const Graph g = test::sample_graph();
  const auto all = Oracle(g).run(test::random_input(g, 4));
  // The corner output (0, 0) of the 3x3 kernel: five taps' positions lie outside, each channel there reads
  // -1.
  const IntState& state = g.nodes[test::kXnorNode].state;
  const Values& sign = all[test::kBipolarNode + 1];
  std::int64_t acc = 0;
  for (int ky = 0; ky < 3; ++ky) {
    for (int kx = 0; kx < 3; ++kx) {
      for (int i = 0; i < 33; ++i) {
        const bool padding = ky == 0 || kx == 0;
        const int v = padding ? -1 : sign[static_cast<std::size_t>(((ky - 1) * 2 + kx - 1) * 33 + i)];
        acc += v * state.weights[static_cast<std::size_t>((ky * 3 + kx) * 33 + i)];
      }
    }
  }
  const std::int64_t t = (((acc << 22) * state.q.m[0]) >> 32) + state.q.b[0];
  EXPECT_EQ(all[test::kXnorNode + 1][0], std::clamp<std::int64_t>(t >> 16, 0, 7));
}

TEST(Oracle, EqualsTheNaiveReferenceOnTheSample) {
  const Graph g = test::sample_graph();
  const Oracle oracle(g);
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const auto input = test::random_input(g, seed);
    EXPECT_EQ(oracle.run(input), test::naive_run(g, input)) << "input seed " << seed;
  }
}

TEST(Oracle, EqualsTheNaiveReferenceOnRandomGraphs) {
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    const Graph g = test::random_graph(seed);
    const Oracle oracle(g);
    for (std::uint64_t input_seed : {seed, 4 * seed}) {
      const auto input = test::random_input(g, input_seed);
      const auto have = oracle.run(input);
      const auto want = test::naive_run(g, input);
      for (std::size_t i = 0; i < have.size(); ++i) {
        ASSERT_EQ(have[i], want[i]) << "graph seed " << seed << ", tensor " << g.tensors[i].name;
      }
    }
  }
}

TEST(Oracle, RefusesAWrongInputAndABrokenGraph) {
  const Graph g = test::sample_graph();
  EXPECT_THROW(Oracle(g).run(std::vector<std::uint8_t>(47)), Error);
  Graph broken = g;
  broken.nodes[0].state.weights.pop_back();
  EXPECT_THROW(Oracle{broken}, Error);
}

TEST(Argmax, LowestIndexAmongEqual) {
  EXPECT_EQ(argmax(Values{3, 7, 7, 1}), 1);
  EXPECT_EQ(argmax(Values{-5}), 0);
  EXPECT_EQ(argmax(Values{-9, -2, -2}), 1);
  EXPECT_EQ(argmax(Values{INT32_MIN, INT32_MIN, INT32_MAX}), 2);
}

TEST(Macs, SumOfConvolutions) {
  const Graph g = test::sample_graph();
  EXPECT_EQ(node_macs(g, g.nodes[test::kConvNode]), 16 * 4 * 27);
  EXPECT_EQ(node_macs(g, g.nodes[test::kResidualNode]), 16 * 4 * 2);
  EXPECT_EQ(node_macs(g, g.nodes[test::kAddNode]), 0);
  EXPECT_EQ(node_macs(g, g.nodes[test::kMaxPoolNode]), 0);
  EXPECT_EQ(graph_macs(g), 1728 + 128 + 4 * 33 * 4 + 4 * 4 * 9 * 33 + 5 * 4);
}

}  // namespace
}  // namespace intact
