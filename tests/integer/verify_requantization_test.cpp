// Each rule about k, r, m, b and the overflow proofs: broken by name, and accepted on the last integer that
// fits.
#include <gtest/gtest.h>

#include <limits>

#include "core/error.h"
#include "tests/integer/sample_graph.h"

namespace intact {
namespace {

using test::Break;
using test::expect_broken;

template <typename Change>
Break at(const char* rule, std::size_t node, Change change) {
  return {rule, [node, change](Graph& g) { change(g.nodes[node].state.q); }};
}

constexpr std::int32_t kMost = std::numeric_limits<std::int32_t>::max();
constexpr std::int32_t kLeast = std::numeric_limits<std::int32_t>::min();

TEST(VerifyRequantization, CountsAndRanges) {
  using Q = Requantization;
  expect_broken(
      {
          at("requantization.count", test::kConvNode, [](Q& q) { q.m.pop_back(); }),
          at("requantization.count", test::kConvNode, [](Q& q) { q.b.push_back(0); }),
          at("requantization.count", test::kAvgPoolNode, [](Q& q) { q.m.push_back(1); }),
          at("requantization.count", test::kAddNode, [](Q& q) { q.m.pop_back(); }),
          at("requantization.count", test::kAddNode, [](Q& q) { q.b.clear(); }),
          at("requantization.count", test::kLogitsNode, [](Q& q) { q.m.assign(5, 1); }),
          at("requantization.count", test::kLogitsNode, [](Q& q) { q.b.pop_back(); }),
          at("requantization.count", test::kMaxPoolNode, [](Q& q) { q.r = 1; }),
          at("requantization.k", test::kConvNode, [](Q& q) { q.k -= 1; }),
          at("requantization.k", test::kConvNode, [](Q& q) { q.k += 1; }),
          at("requantization.k", test::kAvgPoolNode, [](Q& q) { q.k = 0; }),
          at("requantization.k", test::kAddNode, [](Q& q) { q.k = 1; }),
          at("requantization.k", test::kLogitsNode, [](Q& q) { q.k = 1; }),
          at("requantization.r", test::kConvNode, [](Q& q) { q.r = 0; }),
          at("requantization.r", test::kConvNode, [](Q& q) { q.r = 17; }),
          at("requantization.r", test::kAddNode, [](Q& q) { q.r = 0; }),
          at("requantization.r", test::kAddNode, [](Q& q) { q.r = 16; }),
          at("requantization.r", test::kLogitsNode, [](Q& q) { q.r = 1; }),
          at("requantization.m-res", test::kConvNode, [](Q& q) { q.m_res = 1; }),
          at("requantization.m-res", test::kAddNode, [](Q& q) { q.m_res = 1; }),
          at("requantization.m", test::kConvNode, [](Q& q) { q.m[0] = kLeast; }),
          at("requantization.m", test::kAddNode, [](Q& q) { q.m[0] = 32768; }),
          at("requantization.m", test::kAddNode, [](Q& q) { q.m[1] = -32768; }),
          at("requantization.bound", test::kConvNode, [](Q& q) { q.bound -= 1; }),
          at("requantization.bound", test::kAddNode, [](Q& q) { q.bound += 1; }),
          at("requantization.bound", test::kAvgPoolNode, [](Q& q) { q.bound = 0; }),
          at("requantization.bound", test::kLogitsNode, [](Q& q) { q.bound = 0; }),
      },
      "node '");
}

// A 1x1 convolution with one tap of weight 1 over vmax 128: A = 128, k = 23, A 2^k = 2^30, so acc 2^k m /
// 2^32 = acc m / 2^9 reaches m / 4.
Graph single_tap(std::int32_t m, std::int32_t b) {
  Graph g;
  g.name = "single";
  g.tensors = {{"input", {1, 1, 1}, Grid::unsigned_grid(8, 128), 1.0},
               {"out", {1, 1, 1}, Grid::signed_grid(8), 1.0}};
  g.output = 1;
  Node node;
  node.inputs = {0};
  node.output = 1;
  node.state.pad_code = 128;
  node.state.weight_grid = Grid::weight_grid(2);
  node.state.weights = {1};
  node.state.q = {23, 16, {m}, {b}, 0, 128};
  g.nodes = {node};
  return g;
}

TEST(VerifyRequantization, SumBeforeTheShift) {
  // m = 4 m' reaches exactly m' either way; positive sums end at 2^31 - 1, negative at -2^31, the bias counts
  // by magnitude.
  EXPECT_NO_THROW(verify(single_tap(4000, kMost - 1000)));
  EXPECT_THROW(verify(single_tap(4000, kMost - 999)), Error);
  EXPECT_NO_THROW(verify(single_tap(-4000, kMost - 1000)));
  EXPECT_THROW(verify(single_tap(-4000, kMost - 999)), Error);
  EXPECT_NO_THROW(verify(single_tap(4000, -kMost + 1000)));
  EXPECT_THROW(verify(single_tap(4000, -kMost + 999)), Error);
  EXPECT_THROW(verify(single_tap(0, kLeast)), Error);  // |b| = 2^31
  EXPECT_NO_THROW(verify(single_tap(0, kMost)));
  // m = 3 reaches 3/4: the floor goes down to -1, up to 0. Both fit beside 2^31 - 1.
  EXPECT_NO_THROW(verify(single_tap(3, kMost)));
  EXPECT_THROW(verify(single_tap(4, kMost)), Error);
  EXPECT_NO_THROW(verify(single_tap(kMost, 0)));
  expect_broken(
      {
          at("requantization.overflow", test::kConvNode, [](Requantization& q) { q.b[2] = kMost; }),
          at("requantization.overflow", test::kResidualNode, [](Requantization& q) { q.m_res = kMost / 15; }),
          at("requantization.overflow", test::kResidualNode, [](Requantization& q) { q.m_res = kLeast; }),
          at("requantization.overflow", test::kAvgPoolNode, [](Requantization& q) { q.b[0] = kLeast; }),
          at("requantization.overflow", test::kAddNode, [](Requantization& q) { q.b[0] = kMost; }),
          at("requantization.overflow", test::kAddNode, [](Requantization& q) { q.b[0] = kLeast; }),
          at("logits.overflow", test::kLogitsNode, [](Requantization& q) { q.b[4] = kMost - 100; }),
          at("logits.overflow", test::kLogitsNode, [](Requantization& q) { q.b[0] = kLeast; }),
      },
      "node '");
}

// All taps at 127 over vmax 255: 2^31 / (127 * 255) = 66311.0 taps.
Graph wide(int taps) {
  Graph g;
  g.name = "wide";
  g.tensors = {{"input", {2, 1, taps / 2}, Grid::unsigned_grid(8), 1.0},
               {"out", {1, 1, 1}, Grid::int32(), 1.0}};
  g.output = 1;
  Node node;
  node.inputs = {0};
  node.output = 1;
  node.state.window.kernel_h = 2;
  node.state.weight_grid = Grid::weight_grid(8);
  node.state.weights.assign(static_cast<std::size_t>(taps), 127);
  node.state.q.b = {0};
  node.state.q.bound = std::int64_t{255} * 127 * taps;
  g.nodes = {node};
  return g;
}

TEST(VerifyRequantization, Accumulator) {
  EXPECT_NO_THROW(verify(wide(66310)));
  try {
    verify(wide(66312));
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("[accumulator.overflow]"), std::string::npos) << error.what();
    EXPECT_NE(std::string(error.what()).find("node 'out'"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace intact
