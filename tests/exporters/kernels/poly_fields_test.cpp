#include "exporters/kernels/poly_fields.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "exporters/kernels/conv_shape.h"
#include "runtime/plan_poly_row.h"

namespace intact::test {
namespace {

struct Layer {
  Grid input = Grid::unsigned_grid(4);
  Grid weights = Grid::weight_grid(4);
  int channels = 16, kernel_h = 3, stride = 1, groups = 1, kernel_w = 3;
};

// An output channel for each row, whose values its weights repeat.
std::optional<intact_poly_fields> fields_for(const Layer& layer, const std::vector<std::vector<int>>& rows) {
  Graph graph;
  const int out = static_cast<int>(rows.size());
  graph.tensors.push_back({"x", {9, 9, layer.channels}, layer.input, 1.0});
  graph.tensors.push_back({"y", {9, 9, out}, Grid::unsigned_grid(4), 1.0});
  Node node;
  node.state.window.kernel_h = layer.kernel_h;
  node.state.window.kernel_w = layer.kernel_w;
  node.state.window.stride_w = layer.stride;
  node.state.groups = layer.groups;
  node.state.weight_grid = layer.weights;
  const std::size_t taps = static_cast<std::size_t>(layer.kernel_h) * layer.kernel_w * layer.channels;
  for (const std::vector<int>& row : rows) {
    for (std::size_t i = 0; i < taps; ++i)
      node.state.weights.push_back(static_cast<std::int8_t>(row[i % row.size()]));
  }
  node.inputs = {0};
  node.output = 1;
  const auto parameter = poly_row_parameter(conv_shape(graph, node, WeightLayout::kDenseRows), node);
  if (!parameter) return std::nullopt;
  return intact_poly_fields_of(*parameter);
}

std::optional<intact_poly_fields> fields_of(const Layer& layer, int value) {
  return fields_for(layer, {{value}});
}

std::uint32_t runs_of(const Layer& layer, int value) {
  const auto fields = fields_of(layer, value);
  return fields ? fields->runs : 0;
}

// Fields of 13 bits: a run may add up to -4096 .. 4095. A step of three weights of 7 on codes of 15 adds 315,
// 13 of them 4095; three of -8 take 360, 11 of them 3960.
TEST(PolyFields, LongestRunOfFourBits) {
  Layer layer;
  layer.kernel_h = 1;
  layer.channels = 13;
  EXPECT_EQ(runs_of(layer, 7), 1U);
  EXPECT_EQ(runs_of(layer, -8), 2U);
  layer.channels = 14;
  EXPECT_EQ(runs_of(layer, 7), 2U);
  layer.channels = 11;
  EXPECT_EQ(runs_of(layer, -8), 1U);
  layer.channels = 130;
  EXPECT_EQ(runs_of(layer, 7), 10U);
  layer.channels = 131;
  EXPECT_EQ(runs_of(layer, 7), 11U);
}

TEST(PolyFields, WorstChannelDecides) {
  Layer layer;
  layer.kernel_h = 1;
  EXPECT_EQ(fields_for(layer, {{0}, {1}, {0}})->runs, 1U);
  EXPECT_EQ(fields_for(layer, {{0}, {7}, {0}})->runs, 2U);
}

TEST(PolyFields, SignsDoNotCancel) {
  Layer layer;
  layer.kernel_h = 1;
  layer.channels = 28;
  // Codes of 15 where weights are 7 and 0 where they are -7: 42 weights of 7, 4410.
  EXPECT_EQ(fields_for(layer, {{7, -7}})->runs, 2U);
  layer.channels = 26;
  EXPECT_EQ(fields_for(layer, {{7, -7}})->runs, 1U);
}

// Field 4 of 13 bits has 12 bits in the 64: w0 alone may add up to 2047 there, 19 weights of 7 and not 20.
TEST(PolyFields, TopFieldIsCutOff) {
  Layer layer;
  layer.kernel_h = 1;
  layer.channels = 19;
  std::vector<int> row(3 * 19, 0);
  std::fill(row.begin(), row.begin() + 19, 7);
  EXPECT_EQ(fields_for(layer, {row})->runs, 1U);
  layer.channels = 20;
  row.assign(3 * 20, 0);
  std::fill(row.begin(), row.begin() + 20, 7);
  EXPECT_EQ(fields_for(layer, {row})->runs, 2U);
}

TEST(PolyFields, LargestCodeOfTheGridCounts) {
  Layer layer;
  layer.kernel_h = 1;
  layer.channels = 14;
  layer.input.qmax = 13;
  EXPECT_EQ(runs_of(layer, 7), 1U);    // 3822
  layer.input = Grid::signed_grid(4);  // codes -8 .. 7 are 0 .. 15
  EXPECT_EQ(runs_of(layer, 7), 2U);
}

TEST(PolyFields, WidthsByInput) {
  Layer layer;
  layer.weights = Grid::weight_grid(2);
  EXPECT_EQ(fields_of(layer, 1)->n, 3U);
  EXPECT_EQ(fields_of(layer, 1)->field, 13U);
  layer.input = Grid::unsigned_grid(2);
  EXPECT_EQ(fields_of(layer, 1)->n, 4U);
  EXPECT_EQ(fields_of(layer, 1)->field, 10U);
  EXPECT_EQ(fields_of(layer, 1)->runs, 1U);  // 48 steps of 9: 432 of 511
  layer.input = Grid::unsigned_grid(8);
  EXPECT_EQ(fields_of(layer, 1)->n, 2U);
  EXPECT_EQ(fields_of(layer, 1)->field, 15U);  // 16383 / 765: 21 steps, 48 in 3 runs of 16
  EXPECT_EQ(fields_of(layer, 1)->runs, 3U);
  EXPECT_EQ(fields_of(layer, -2)->field, 14U);  // -2 2^30 and less do not fit a word
}

// Where fields of 10 bits would be read many times, wider ones are; words hold weights of 8 bits with 12
// alone.
TEST(PolyFields, WiderFieldsForLargerWeights) {
  Layer layer;
  layer.input = Grid::unsigned_grid(2);
  EXPECT_EQ(fields_of(layer, 7)->n, 3U);
  EXPECT_EQ(fields_of(layer, 7)->field, 13U);
  EXPECT_EQ(fields_of(layer, 7)->runs, 1U);  // 48 steps of 63: 3024 of 4095
  layer.input = Grid::bipolar();
  layer.weights = Grid::weight_grid(8);
  EXPECT_EQ(fields_of(layer, 31)->field,
            13U);  // 31 2^26 and the others fit a word, 48 steps of 93 take two runs
  EXPECT_EQ(fields_of(layer, 31)->runs, 2U);
  EXPECT_EQ(fields_of(layer, 40)->n, 3U);
  EXPECT_EQ(fields_of(layer, 40)->field, 12U);
  EXPECT_EQ(fields_of(layer, 40)->runs, 3U);  // 17 steps of 120: 2040 of 2047
}

TEST(PolyFields, BinaryInOneRun) {
  Layer layer;
  layer.input = Grid::bipolar();
  layer.weights = Grid::bipolar();
  EXPECT_EQ(runs_of(layer, 1), 1U);
  layer.channels = 57;  // 171 steps of 3: 513
  EXPECT_EQ(runs_of(layer, 1), 2U);
  EXPECT_EQ(runs_of(layer, -1), 2U);
  layer.channels = 56;  // 504
  EXPECT_EQ(runs_of(layer, 1), 1U);
}

// Two steps a channel: the outer two weights, then the middle one.
TEST(PolyFields, StrideTwo) {
  Layer layer;
  layer.kernel_h = 1;
  layer.stride = 2;
  layer.channels = 13;
  EXPECT_EQ(runs_of(layer, 7), 1U);
  layer.channels = 14;
  EXPECT_EQ(runs_of(layer, 7), 2U);
}

TEST(PolyFields, RefusesWhatIsNotExact) {
  Layer layer;
  layer.weights = Grid::weight_grid(8);
  EXPECT_FALSE(fields_of(layer, 127));  // 127 2^26 does not fit a word
  EXPECT_TRUE(fields_of(layer, 15));
  layer.input = Grid::unsigned_grid(8);
  EXPECT_FALSE(fields_of(layer, 15));  // a single step is 11475 of 8191
  layer = Layer{};
  layer.channels = 4096;  // more than 127 runs
  EXPECT_FALSE(fields_of(layer, 7));
}

TEST(PolyFields, RefusesOtherWindows) {
  Layer layer;
  EXPECT_TRUE(fields_of(layer, 1));
  layer.groups = 16;
  EXPECT_FALSE(fields_of(layer, 1));
  layer.groups = 1;
  layer.stride = 3;
  EXPECT_FALSE(fields_of(layer, 1));
  layer.stride = 1;
  layer.kernel_w = 5;
  EXPECT_FALSE(fields_of(layer, 1));
}

}  // namespace
}  // namespace intact::test
