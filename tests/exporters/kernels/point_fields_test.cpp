#include "exporters/kernels/point_fields.h"

#include <gtest/gtest.h>

#include <vector>

#include "exporters/kernels/conv_shape.h"
#include "runtime/plan_poly_point.h"

namespace intact::test {
namespace {

// A 1x1 convolution; an output channel for each row, whose values its weights repeat.
std::optional<std::uint16_t> parameter_of(const Grid& input, const Grid& output, int channels,
                                          const std::vector<std::vector<int>>& rows) {
  Graph graph;
  const int out = static_cast<int>(rows.size());
  graph.tensors.push_back({"x", {4, 4, channels}, input, 1.0});
  graph.tensors.push_back({"y", {4, 4, out}, output, 1.0});
  Node node;
  node.state.weight_grid = Grid::weight_grid(4);
  node.state.q.r = 16;
  for (const std::vector<int>& row : rows) {
    for (int i = 0; i < channels; ++i)
      node.state.weights.push_back(static_cast<std::int8_t>(row[static_cast<std::size_t>(i) % row.size()]));
  }
  node.inputs = {0};
  node.output = 1;
  return poly_point_parameter(conv_shape(graph, node, WeightLayout::kDenseRows), node);
}

// 14 bits: a run may add up to -8192 .. 8191. A weight of 7 on codes of 15 adds 105, 78 of them 8190.
TEST(PointFields, LongestRunOfFourBits) {
  const Grid four = Grid::unsigned_grid(4);
  EXPECT_EQ(parameter_of(four, four, 78, {{7}}), 1);
  EXPECT_EQ(parameter_of(four, four, 79, {{7}}), 2);
  EXPECT_EQ(parameter_of(four, four, 68, {{-8}}), 1);
  EXPECT_EQ(parameter_of(four, four, 69, {{-8}}), 2);
  EXPECT_EQ(parameter_of(four, four, 79, {{0}, {7}, {0}, {0}}), 2);
}

// 7 bits: at 2 bits positive and negative weights of 42 in all, of all channels the largest of each.
TEST(PointFields, PairsOfTwoBits) {
  const Grid two = Grid::unsigned_grid(2);
  const int pairs = 1 | INTACT_POLY_POINT_PAIRS;
  EXPECT_EQ(parameter_of(two, two, 42, {{1}, {1}, {0}, {0}}), pairs);
  EXPECT_EQ(parameter_of(two, two, 42, {{1, -1}, {0}, {0}, {0}}), pairs | (3 * 21)
                                                                              << INTACT_POLY_POINT_START_BIT);
  EXPECT_EQ(parameter_of(two, two, 43, {{1}, {0}, {0}, {0}}), 1);
  EXPECT_EQ(parameter_of(two, two, 22, {{1}, {-1}, {0}, {0}}), 1);
  EXPECT_EQ(parameter_of(two, two, 21, {{1}, {-1}, {0}, {0}}), pairs | (3 * 21)
                                                                           << INTACT_POLY_POINT_START_BIT);
}

// They need codes straight from the tiles: whole tiles of channels, a full range.
TEST(PointFields, PairsOnlyWhereFused) {
  const Grid two = Grid::unsigned_grid(2);
  EXPECT_EQ(parameter_of(two, two, 8, {{1}, {1}, {1}}), 1);
  EXPECT_EQ(parameter_of(two, Grid::int32(), 8, {{1}, {1}, {1}, {1}}), 1);
}

TEST(PointFields, RefusesBytes) {
  EXPECT_EQ(parameter_of(Grid::unsigned_grid(8), Grid::unsigned_grid(4), 8, {{1}}), std::nullopt);
}

}  // namespace
}  // namespace intact::test
