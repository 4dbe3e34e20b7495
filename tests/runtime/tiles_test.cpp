// Convolutions of more weights and channels than the PC's kernels take at once (src/runtime/host), and shapes
// that they leave to the portable code: each value is the naive network's.
#include <gtest/gtest.h>

#include "naive_network.h"
#include "random_network.h"
#include "runtime_driver.h"

namespace intact::testing {
namespace {

void expect_naive(NetworkMaker& maker) {
  const Blob blob = build_blob(maker.network());
  BoundModel model(blob);
  ASSERT_EQ(model.status(), INTACT_OK);
  const std::vector<std::uint8_t> input = maker.input();
  EXPECT_EQ(model.run(maker.network(), input), run_naive(maker.network(), input));
}

NetworkMaker image(std::uint64_t seed, std::uint32_t height, std::uint32_t width, std::uint32_t channels) {
  return NetworkMaker(seed, TensorSpec::unsigned_codes(8, 9).shaped(height, width, channels));
}

ConvShape same_size(std::uint32_t channels_out, int kernel) {
  ConvShape s;
  s.channels_out = channels_out;
  s.kernel_h = s.kernel_w = kernel;
  s.pad_top = s.pad_left = s.pad_bottom = s.pad_right = kernel / 2;
  return s;
}

// 9 x 64 weights a channel: blocks of 56 channels; 130 ends in a block of 18.
TEST(Tiles, SeveralBlocksOfChannels) {
  const TensorSpec grids[] = {TensorSpec::unsigned_codes(8, 3), TensorSpec::unsigned_codes(4),
                              TensorSpec::signed_codes(2), TensorSpec::bipolar(), TensorSpec::int32()};
  std::uint64_t seed = 1;
  for (const TensorSpec& grid : grids) {
    for (const int weight_bits : {8, 4, 2, 1}) {
      NetworkMaker maker = image(++seed, 3, 5, 64);
      ConvShape s = same_size(130, 3);
      s.weight_bits = weight_bits;
      maker.conv(0, s, grid);
      expect_naive(maker);
    }
  }
}

// A residual of the output's width may wait for its block; of another width all of a pixel is finished at
// once.
TEST(Tiles, ResidualsOfSeveralBlocks) {
  std::uint64_t seed = 100;
  for (const TensorSpec& other :
       {TensorSpec::unsigned_codes(4, 2), TensorSpec::unsigned_codes(8), TensorSpec::bipolar()}) {
    NetworkMaker maker = image(++seed, 4, 3, 64);
    const int residual = maker.convert(130, other);
    maker.conv(0, same_size(130, 3), TensorSpec::unsigned_codes(4), residual);
    expect_naive(maker);
  }
}

TEST(Tiles, FewChannels) {
  for (std::uint32_t channels = 1; channels <= 9; ++channels) {
    NetworkMaker maker = image(200 + channels, 5, 4, 3);
    const int first = maker.conv(0, same_size(channels, 3), TensorSpec::unsigned_codes(2));
    maker.conv(first, same_size(channels, 1), TensorSpec::signed_codes(3));
    expect_naive(maker);
  }
}

// Word taps of 33 and 40 channels; the input's pixels end in padding bits.
TEST(Tiles, BipolarInputs) {
  for (const std::uint32_t channels : {1U, 33U, 40U}) {
    for (const int layout : {0, 1}) {
      NetworkMaker maker = image(300 + channels, 5, 4, 2);
      const int first = maker.convert(channels, TensorSpec::bipolar());
      ConvShape s = same_size(12, 3);
      s.weight_bits = 1;
      s.layout = layout;
      maker.conv(first, s, TensorSpec::unsigned_codes(4));
      expect_naive(maker);
    }
  }
}

TEST(Tiles, StridesDilationAndUnevenPadding) {
  std::uint64_t seed = 400;
  for (const int stride : {1, 2, 3}) {
    for (const int dilation_h : {1, 2}) {
      for (const int dilation_w : {1, 2}) {
        for (const bool depthwise : {false, true}) {
          NetworkMaker maker = image(++seed, 9, 8, 6);
          ConvShape s;
          s.channels_out = depthwise ? 6 : 7;
          s.groups = depthwise ? 6 : 1;
          s.kernel_h = 3;
          s.kernel_w = 2;
          s.stride_h = stride;
          s.stride_w = 4 - stride;
          s.dilation_h = dilation_h;
          s.dilation_w = dilation_w;
          s.pad_top = 2;
          s.pad_right = 3;
          s.weight_bits = 4;
          maker.conv(0, s, TensorSpec::unsigned_codes(8, 20));
          expect_naive(maker);
        }
      }
    }
  }
}

// Lines of which the windows meet little, and lines too long to keep.
TEST(Tiles, LongLines) {
  ConvShape s;
  s.channels_out = 2;
  s.stride_w = 50;
  NetworkMaker sparse = image(500, 2, 101, 2);
  sparse.conv(0, s, TensorSpec::unsigned_codes(8));
  expect_naive(sparse);
  NetworkMaker wide = image(501, 3, 700, 12);
  wide.conv(0, same_size(2, 3), TensorSpec::unsigned_codes(4));
  expect_naive(wide);
}

TEST(Tiles, DepthwiseOfManyChannels) {
  for (const std::uint32_t channels : {1024U, 1025U}) {
    NetworkMaker maker = image(600 + channels, 2, 3, channels);
    ConvShape s = same_size(channels, 3);
    s.groups = static_cast<int>(channels);
    maker.conv(0, s, TensorSpec::unsigned_codes(4));
    expect_naive(maker);
  }
}

}  // namespace
}  // namespace intact::testing
