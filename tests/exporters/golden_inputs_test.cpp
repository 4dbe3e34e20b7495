#include "exporters/blob/golden_inputs.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "core/error.h"
#include "exporters/blob/blob_writer.h"
#include "integer/derive.h"
#include "sample_graphs.h"
#include "support/random_graph.h"

namespace intact {
namespace {

using Bytes = std::vector<std::uint8_t>;

// y = round(x / 2), ties upwards, clamped to 0 .. 100.
Graph halving() {
  Graph graph;
  Grid out = Grid::unsigned_grid(8);
  out.qmax = 100;
  graph.tensors.push_back({"input", {1, 4, 1}, Grid::unsigned_grid(8), 0.5});
  graph.tensors.push_back({"half", {1, 4, 1}, out, 1.0});
  Node node;
  node.state.op = Op::kAdd;
  const std::vector<double> scales{0.5};
  const std::vector<std::int64_t> vmax{255};
  node.state.q = derive_add("half", scales, vmax, out, 1.0);
  node.inputs = {0};
  node.output = 1;
  graph.nodes.push_back(node);
  graph.output = 1;
  return graph;
}

TEST(EdgeCasesTest, OddValuesLieAtATie) {
  const EdgeCases cases = count_edge_cases(halving(), Bytes{1, 2, 3, 50});
  EXPECT_EQ(cases.ties, 2U);
  EXPECT_EQ(cases.clamps, 0U);
}

TEST(EdgeCasesTest, EndsOfTheGridAreClamps) {
  const EdgeCases cases = count_edge_cases(halving(), Bytes{0, 200, 255, 198});
  EXPECT_EQ(cases.clamps, 3U);
  EXPECT_EQ(cases.ties, 0U);  // 127.5 is clamped whichever way it rounds
}

TEST(EdgeCasesTest, LogitsAndMaxPoolingHaveNone) {
  test::GraphBuilder b({4, 4, 1});
  b.logits("logits", b.max_pool("pool", 0), 3);
  const EdgeCases cases = count_edge_cases(b.graph(), Bytes(16, 255));
  EXPECT_EQ(cases.ties, 0U);
  EXPECT_EQ(cases.clamps, 0U);
}

TEST(GoldenInputsTest, FirstFourAreFixed) {
  const Graph graph = test::branching_graph();
  const std::vector<Bytes> inputs = choose_golden_inputs(graph, 4, 9, {Bytes(192, 1)});
  ASSERT_EQ(inputs.size(), 4U);
  EXPECT_EQ(inputs[0], Bytes(192, 0));
  EXPECT_EQ(inputs[1], Bytes(192, 255));
  for (std::size_t i = 0; i < 192; ++i) EXPECT_EQ(inputs[2][i], i);
  EXPECT_NE(inputs[3], choose_golden_inputs(graph, 4, 10, {})[3]);
  EXPECT_EQ(inputs[3], choose_golden_inputs(graph, 4, 9, {})[3]);
}

TEST(GoldenInputsTest, TakesTheHardestCandidatesInTurn) {
  const Bytes dull{2, 4, 6, 8};
  const Bytes tie{1, 3, 5, 8};
  const Bytes clamp{0, 0, 255, 8};
  const Bytes both{1, 3, 0, 255};
  const std::vector<Bytes> inputs = choose_golden_inputs(halving(), 7, 1, {dull, clamp, both, tie});
  ASSERT_EQ(inputs.size(), 7U);
  EXPECT_EQ(inputs[4], tie);    // 3 ties
  EXPECT_EQ(inputs[5], clamp);  // 3 clamps
  EXPECT_EQ(inputs[6], both);   // 2 ties
}

TEST(GoldenInputsTest, NoiseFillsUp) {
  const std::vector<Bytes> inputs = choose_golden_inputs(test::branching_graph(), 8, 1, {});
  ASSERT_EQ(inputs.size(), 8U);
  for (std::size_t i = 0; i < 8; ++i) {
    for (std::size_t j = 0; j < i; ++j) EXPECT_NE(inputs[i], inputs[j]);
  }
}

TEST(GoldenInputsTest, FewerThanFourAreRefused) {
  EXPECT_THROW(choose_golden_inputs(halving(), 3, 1, {}), Error);
}

}  // namespace
}  // namespace intact
