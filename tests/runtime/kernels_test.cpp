// Every kernel on awkward shapes, all widths and kinds of operands, against the naive network.
#include <gtest/gtest.h>

#include <string>
#include <tuple>

#include "naive_network.h"
#include "random_network.h"
#include "runtime_driver.h"

namespace intact::testing {
namespace {

void expect_equal_to_naive(NetworkMaker& maker, int samples = 2) {
  BoundModel model(build_blob(maker.network()));
  ASSERT_EQ(model.status(), INTACT_OK) << intact_status_name(model.status());
  for (int s = 0; s < samples; ++s) {
    const auto input = maker.input();
    const std::vector<Values> expected = run_naive(maker.network(), input);
    const std::vector<Values> actual = model.run(maker.network(), input);
    ASSERT_EQ(actual.size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) ASSERT_EQ(actual[i], expected[i]) << "tensor " << i;
  }
}

std::vector<TensorSpec> all_grids() {
  std::vector<TensorSpec> grids{TensorSpec::bipolar()};
  for (int bits = 1; bits <= 8; ++bits) grids.push_back(TensorSpec::unsigned_codes(bits));
  for (int bits = 2; bits <= 8; ++bits) grids.push_back(TensorSpec::signed_codes(bits));
  grids.push_back(TensorSpec::unsigned_codes(8, 255));
  grids.push_back(TensorSpec::unsigned_codes(4, 7));
  grids.push_back(TensorSpec::unsigned_codes(2, 1));
  grids.push_back(TensorSpec::unsigned_codes(1, 1));
  TensorSpec relu6 = TensorSpec::unsigned_codes(4);
  relu6.qmax = 11;
  grids.push_back(relu6);
  return grids;
}

struct ShapeCase {
  const char* name;
  std::uint32_t height, width, channels;
  ConvShape conv;
};

void PrintTo(const ShapeCase& c, std::ostream* os) {
  *os << c.name;
}

ConvShape shape(std::uint32_t out, int kernel_h, int kernel_w, int pad = 0, int stride = 1, int dilation = 1,
                int groups = 1) {
  return {out, kernel_h, kernel_w, stride, stride, dilation, dilation, pad, pad, pad, pad, groups, 8, 0};
}

std::vector<ShapeCase> conv_shapes() {
  ConvShape lopsided = shape(3, 2, 3);
  lopsided.pad_top = 1;
  lopsided.pad_right = 4;
  lopsided.stride_h = 1;
  lopsided.stride_w = 3;
  lopsided.dilation_h = 2;
  return {
      {"one_value", 1, 1, 1, shape(1, 1, 1)},
      {"pointwise_5_to_7", 3, 4, 5, shape(7, 1, 1)},
      {"three_by_three", 5, 6, 4, shape(9, 3, 3, 1)},
      {"odd_channels", 4, 3, 33, shape(5, 3, 3, 1)},
      {"full_words", 3, 3, 64, shape(33, 2, 2)},
      {"seventy_two_words", 2, 2, 256, shape(6, 3, 3, 1)},
      {"strided", 7, 9, 3, shape(4, 3, 3, 1, 2)},
      {"dilated", 9, 7, 2, shape(3, 3, 3, 2, 1, 2)},
      {"lopsided", 6, 7, 3, lopsided},
      {"padding_wider_than_kernel", 2, 2, 3, shape(2, 2, 2, 5)},
      {"kernel_wider_than_image", 2, 3, 2, shape(3, 5, 5, 2)},
      {"whole_image", 3, 5, 7, shape(10, 3, 5)},
      {"stride_beyond_kernel", 8, 8, 2, shape(3, 1, 2, 0, 3)},
      {"two_groups", 4, 4, 6, shape(4, 3, 3, 1, 1, 1, 2)},
      {"depthwise", 5, 4, 37, shape(37, 3, 3, 1, 1, 1, 37)},
      {"depthwise_strided", 6, 6, 16, shape(16, 3, 3, 1, 2, 1, 16)},
      {"depthwise_multiplier", 4, 4, 3, shape(6, 3, 3, 1, 1, 1, 3)},
      {"single_input_channel", 5, 5, 1, shape(8, 3, 3, 1)},
      {"tap_count_300", 2, 2, 300, shape(2, 1, 1)},
      {"one_row", 1, 17, 3, shape(4, 1, 5, 2)},
  };
}

class ConvShapes : public ::testing::TestWithParam<ShapeCase> {};

TEST_P(ConvShapes, EveryOperandWidth) {
  const ShapeCase& p = GetParam();
  const auto grids = all_grids();
  std::uint64_t seed = 100;
  for (const TensorSpec& input_grid : grids) {
    for (const int weight_bits : {8, 7, 4, 3, 2, 1}) {
      for (const int layout : {0, 1}) {
        if (layout == 1 && weight_bits != 1) continue;
        ++seed;
        SCOPED_TRACE("kind " + std::to_string(input_grid.kind) + " bits " + std::to_string(input_grid.bits) +
                     " z " + std::to_string(input_grid.z) + " weights " + std::to_string(weight_bits) +
                     " layout " + std::to_string(layout));
        NetworkMaker maker(seed, TensorSpec::unsigned_codes(8, 128).shaped(p.height, p.width, 2));
        ConvShape s = p.conv;
        s.weight_bits = weight_bits;
        s.layout = layout;
        const int x = maker.convert(p.channels, input_grid);
        maker.conv(x, s, grids[seed % grids.size()]);
        expect_equal_to_naive(maker, 1);
        if (HasFatalFailure()) return;
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Kernels, ConvShapes, ::testing::ValuesIn(conv_shapes()),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(Convolution, ResidualOfEveryGridIntoEveryGrid) {
  std::uint64_t seed = 900;
  for (const TensorSpec& residual_grid : all_grids()) {
    for (const TensorSpec& output_grid : all_grids()) {
      NetworkMaker maker(++seed, TensorSpec::unsigned_codes(8, 10).shaped(3, 2, 2));
      const int residual = maker.convert(11, residual_grid);
      const int x = maker.convert(5, TensorSpec::signed_codes(4));
      ConvShape s = shape(11, 3, 3, 1);
      s.weight_bits = 4;
      maker.conv(x, s, output_grid, residual);
      expect_equal_to_naive(maker, 1);
      if (HasFatalFailure()) return;
    }
  }
}

TEST(Convolution, ResidualIntoDepthwiseAndXnor) {
  NetworkMaker maker(5, TensorSpec::unsigned_codes(8, 10).shaped(5, 4, 2));
  const int residual = maker.convert(34, TensorSpec::unsigned_codes(2));
  const int bits = maker.convert(34, TensorSpec::bipolar());
  ConvShape s = shape(34, 3, 3, 1);
  s.weight_bits = 1;
  s.layout = 1;
  const int xnor = maker.conv(bits, s, TensorSpec::signed_codes(4), residual);
  s = shape(34, 3, 3, 1, 1, 1, 34);
  s.weight_bits = 2;
  maker.conv(xnor, s, TensorSpec::bipolar(), residual);
  expect_equal_to_naive(maker);
}

TEST(Convolution, BipolarPaddingOfPlusOne) {
  for (const int layout : {0, 1}) {
    for (const std::uint32_t channels : {1U, 2U, 31U, 32U, 33U}) {
      NetworkMaker maker(channels, TensorSpec::unsigned_codes(8).shaped(3, 3, 2));
      const int x = maker.convert(channels, TensorSpec::bipolar());
      ConvShape s = shape(6, 3, 3, 2);
      s.weight_bits = 1;
      s.layout = layout;
      maker.conv(x, s, TensorSpec::signed_codes(8));
      maker.network().nodes.back().pad_code = 1;
      expect_equal_to_naive(maker, 1);
    }
  }
}

TEST(Convolution, PadCodeOtherThanZeroPoint) {
  NetworkMaker maker(3, TensorSpec::unsigned_codes(8, 100).shaped(4, 4, 3));
  maker.conv(0, shape(3, 3, 3, 1, 1, 1, 3), TensorSpec::signed_codes(8));
  maker.network().nodes.back().pad_code = 103;
  maker.conv(0, shape(4, 3, 3, 1), TensorSpec::signed_codes(8));
  maker.network().nodes.back().pad_code = 97;
  expect_equal_to_naive(maker);
}

TEST(Convolution, LogitsOfEveryWidth) {
  for (const int weight_bits : {8, 4, 2, 1}) {
    for (const TensorSpec& grid :
         {TensorSpec::bipolar(), TensorSpec::unsigned_codes(4), TensorSpec::signed_codes(8)}) {
      NetworkMaker maker(static_cast<std::uint64_t>(weight_bits),
                         TensorSpec::unsigned_codes(8, 1).shaped(3, 4, 1));
      maker.logits(maker.convert(40, grid), 10, weight_bits);
      expect_equal_to_naive(maker);
    }
  }
}

// Extreme amplitudes: 255 * -127 over 4,000 taps, and the largest multipliers.
TEST(Convolution, LargeAccumulators) {
  NetworkMaker maker(77, TensorSpec::unsigned_codes(8).shaped(2, 2, 1000));
  maker.conv(0, shape(2, 2, 2), TensorSpec::unsigned_codes(8));
  NodeSpec& n = maker.network().nodes.back();
  for (int& w : n.weights) w = w < 0 ? -127 : 127;
  std::fill(n.weights.begin(), n.weights.begin() + 4000, -127);
  std::fill(n.weights.begin() + 4000, n.weights.end(), 127);
  n.k = 4;  // 255 * 127 * 4000 = 129,540,000 < 2^27
  n.r = 2;
  n.m = {-INT32_MAX, INT32_MAX};
  n.b = {-1000000000, -1000000000};
  BoundModel model(build_blob(maker.network()));
  ASSERT_EQ(model.status(), INTACT_OK);
  const std::vector<std::uint8_t> input(4000, 255);
  EXPECT_EQ(model.run(maker.network(), input), run_naive(maker.network(), input));
}

TEST(Add, OneToEightOperandsOfEveryGrid) {
  const auto grids = all_grids();
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    NetworkMaker maker(seed, TensorSpec::unsigned_codes(8, 77).shaped(2, 3, 2));
    std::vector<int> operands;
    for (std::uint64_t i = 0; i <= seed % 8; ++i)
      operands.push_back(maker.convert(13, grids[(seed * 5 + i * 3) % grids.size()]));
    maker.add(operands, grids[seed % grids.size()]);
    maker.add({operands[0], operands[0]}, grids[(seed + 1) % grids.size()]);
    expect_equal_to_naive(maker, 1);
    if (HasFatalFailure()) return;
  }
}

TEST(Pooling, EveryGridOverAwkwardWindows) {
  std::uint64_t seed = 40;
  for (const TensorSpec& grid : all_grids()) {
    for (const auto& [kernel_h, kernel_w, stride, pad] :
         {std::tuple{1, 1, 1, 0}, {2, 2, 2, 0}, {3, 3, 2, 1}, {3, 2, 1, 1}, {5, 7, 1, 0}, {5, 5, 3, 4}}) {
      NetworkMaker maker(++seed, TensorSpec::unsigned_codes(8, 50).shaped(5, 7, 2));
      const int x = maker.convert(35, grid);
      maker.max_pool(x, kernel_h, kernel_w, stride, pad);
      maker.avg_pool(x, kernel_h, kernel_w, stride, pad, all_grids()[seed % all_grids().size()]);
      maker.avg_pool(0, kernel_h, kernel_w, stride, pad, grid);
      expect_equal_to_naive(maker, 1);
      if (HasFatalFailure()) return;
    }
  }
}

}  // namespace
}  // namespace intact::testing
