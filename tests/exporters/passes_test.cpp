#include "exporters/passes/passes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/error.h"
#include "exporters/passes/pass.h"
#include "integer/oracle.h"
#include "sample_graphs.h"
#include "support/random_graph.h"

namespace intact {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

std::vector<std::string> names(const Graph& graph) {
  std::vector<std::string> names;
  for (const TensorInfo& tensor : graph.tensors) names.push_back(tensor.name);
  return names;
}

TEST(LoweringTest, TableIsInOrder) {
  std::vector<std::string> table;
  for (const Pass& pass : lowering_passes()) table.emplace_back(pass.name);
  EXPECT_THAT(table, ElementsAre("remove_unused_nodes", "assign_weight_layouts", "choose_kernels",
                                 "plan_streams", "plan_arena"));
}

// Random graphs hold nodes that nobody reads; what is left computes the same.
TEST(LoweringTest, ValuesStayAsTheyAre) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const Graph graph = test::random_graph(seed);
    const Graph lowered = lower(graph).graph;
    const std::vector<std::uint8_t> input = test::random_input(graph, seed);
    const std::vector<Values> before = Oracle(graph).run(input);
    const std::vector<Values> after = Oracle(lowered).run(input);
    std::size_t found = 0;
    for (std::size_t t = 0; t < graph.tensors.size() && found < lowered.tensors.size(); ++t) {
      if (graph.tensors[t].name != lowered.tensors[found].name) continue;
      EXPECT_EQ(graph.tensors[t], lowered.tensors[found]);
      EXPECT_EQ(before[t], after[found]) << seed;
      ++found;
    }
    EXPECT_EQ(found, lowered.tensors.size()) << seed;
    EXPECT_EQ(lowered.tensors.back(), graph.tensors.back()) << seed;
  }
}

TEST(LoweringTest, LoweredGraphStaysAsItIs) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const Graph once = lower(test::random_graph(seed)).graph;
    EXPECT_EQ(lower(once).graph, once) << seed;
    for (std::size_t i = 0; i < once.nodes.size(); ++i)
      EXPECT_EQ(once.nodes[i].output, static_cast<int>(i) + 1);
  }
}

TEST(LoweringTest, ErrorNamesThePass) {
  Graph graph = test::branching_graph();
  graph.nodes[0].state.weights[0] = 100;  // not a 4-bit code
  EXPECT_THAT([&] { lower(graph); }, ThrowsMessage<Error>(HasSubstr("remove_unused_nodes")));
}

TEST(RemoveUnusedNodesTest, DropsChainsThatNobodyReads) {
  test::GraphBuilder b({4, 4, 2});
  const int a = b.conv("a", 0, 2, Grid::unsigned_grid(8));
  const int dead = b.conv("dead", a, 2, Grid::unsigned_grid(8));
  b.conv("dead too", dead, 2, Grid::unsigned_grid(8));
  const int c = b.conv("c", a, 2, Grid::unsigned_grid(8));
  b.add("d", {a, c}, Grid::unsigned_grid(8));
  const Lowered lowered = lower(b.graph());
  EXPECT_THAT(names(lowered.graph), ElementsAre("input", "a", "c", "d"));
  EXPECT_THAT(lowered.graph.nodes[1].inputs, ElementsAre(1));
  EXPECT_THAT(lowered.graph.nodes[2].inputs, ElementsAre(1, 2));
  EXPECT_EQ(lowered.graph.output, 3);
}

TEST(RemoveUnusedNodesTest, NumbersTensorsByTheirNodes) {
  const Graph graph = test::branching_graph();
  Lowered shuffled;
  shuffled.graph = graph;
  const int count = static_cast<int>(graph.tensors.size());
  const auto mirrored = [count](int tensor) { return count - 1 - tensor; };
  for (int t = 0; t < count; ++t) {
    shuffled.graph.tensors[static_cast<std::size_t>(mirrored(t))] =
        graph.tensors[static_cast<std::size_t>(t)];
  }
  for (Node& node : shuffled.graph.nodes) {
    node.output = mirrored(node.output);
    for (int& input : node.inputs) input = mirrored(input);
  }
  shuffled.graph.input = mirrored(graph.input);
  shuffled.graph.output = mirrored(graph.output);
  remove_unused_nodes(shuffled);
  EXPECT_EQ(shuffled.graph, graph);
}

TEST(RemoveUnusedNodesTest, RefusesBrokenReferences) {
  Lowered late;
  late.graph = test::branching_graph();
  late.graph.nodes[0].inputs[0] = 3;
  EXPECT_THAT([&] { remove_unused_nodes(late); }, ThrowsMessage<Error>(HasSubstr("stem")));
  Lowered outside;
  outside.graph = test::branching_graph();
  outside.graph.nodes[1].inputs[0] = 99;
  EXPECT_THROW(remove_unused_nodes(outside), Error);
  Lowered twice;
  twice.graph = test::branching_graph();
  twice.graph.nodes[1].output = 1;
  EXPECT_THROW(remove_unused_nodes(twice), Error);
}

// FORMAT.md section 6: layout 1 where weights and input are both bipolar and groups is 1.
TEST(AssignWeightLayoutsTest, FollowsTheFormat) {
  int word_taps = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    test::RandomGraphOptions options;
    options.weight_bits = {1, 2};
    options.activation_bits = {1};
    const Lowered lowered = lower(test::random_graph(seed, options));
    for (std::size_t i = 0; i < lowered.nodes.size(); ++i) {
      const Node& node = lowered.graph.nodes[i];
      if (node.state.op != Op::kConv) continue;
      const GridKind input = lowered.graph.tensors[static_cast<std::size_t>(node.inputs[0])].grid.kind;
      const bool xnor = input == GridKind::kBipolar && node.state.weight_grid == Grid::bipolar();
      EXPECT_EQ(lowered.nodes[i].layout == WeightLayout::kWordTaps, xnor && node.state.groups == 1);
      word_taps += lowered.nodes[i].layout == WeightLayout::kWordTaps ? 1 : 0;
    }
  }
  EXPECT_GT(word_taps, 20);
}

TEST(PlanScratchTest, TwiceTheTapsRoundedUp) {
  Lowered lowered;
  lowered.graph = test::windowed_graph();  // 3 x 2 x 1 taps
  choose_kernels(lowered);
  EXPECT_EQ(lowered.nodes[0].scratch_bytes, 16U);
  lowered.graph = test::branching_graph();
  choose_kernels(lowered);
  std::vector<std::uint32_t> bytes;
  for (const NodePlan& plan : lowered.nodes) bytes.push_back(plan.scratch_bytes);
  EXPECT_THAT(bytes, ElementsAre(16, 32, 32, 0, 0, 32, 2 * 4 * 4 * 16));
}

}  // namespace
}  // namespace intact
