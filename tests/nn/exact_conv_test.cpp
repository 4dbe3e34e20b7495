// exact_conv against int64 sums over awkward shapes, magnitudes and back ends.
#include "nn/exact_conv.h"

#include <gtest/gtest.h>
#include "quant/libtorch.h"

#include "core/random.h"

namespace intact {
namespace {

// Uniform integers in [low, high], float32.
torch::Tensor integers(std::vector<std::int64_t> sizes, std::int64_t low, std::int64_t high,
                       std::uint64_t seed) {
  torch::Tensor t = torch::empty(sizes);
  RandomStream random(seed, {1});
  float* to = t.data_ptr<float>();
  for (std::int64_t i = 0; i < t.numel(); ++i) {
    to[i] = static_cast<float>(
        low + static_cast<std::int64_t>(random.below(static_cast<std::uint32_t>(high - low + 1))));
  }
  return t;
}

// The definition in ARITHMETIC section 2, one sum at a time.
torch::Tensor by_definition(const torch::Tensor& x, const torch::Tensor& w, const ConvGeometry& g) {
  const Window& n = g.window;
  const std::int64_t h = x.size(2), width = x.size(3), og = w.size(0) / g.groups, ig = w.size(1);
  const int oh =
      output_extent(static_cast<int>(h), n.kernel_h, n.stride_h, n.dilation_h, n.pad_top, n.pad_bottom);
  const int ow =
      output_extent(static_cast<int>(width), n.kernel_w, n.stride_w, n.dilation_w, n.pad_left, n.pad_right);
  torch::Tensor y = torch::zeros({x.size(0), w.size(0), oh, ow}, torch::kFloat64);
  const auto xa = x.accessor<float, 4>();
  const auto wa = w.accessor<float, 4>();
  auto ya = y.accessor<double, 4>();
  for (std::int64_t b = 0; b < x.size(0); ++b)
    for (std::int64_t o = 0; o < w.size(0); ++o)
      for (std::int64_t oy = 0; oy < oh; ++oy)
        for (std::int64_t ox = 0; ox < ow; ++ox) {
          std::int64_t sum = 0;
          for (std::int64_t i = 0; i < ig; ++i)
            for (std::int64_t ky = 0; ky < n.kernel_h; ++ky)
              for (std::int64_t kx = 0; kx < n.kernel_w; ++kx) {
                const std::int64_t iy = oy * n.stride_h + ky * n.dilation_h - n.pad_top;
                const std::int64_t ix = ox * n.stride_w + kx * n.dilation_w - n.pad_left;
                const bool inside = iy >= 0 && iy < h && ix >= 0 && ix < width;
                const double v = inside ? xa[b][o / og * ig + i][iy][ix] : g.pad_value;
                sum += static_cast<std::int64_t>(v) * static_cast<std::int64_t>(wa[o][i][ky][kx]);
              }
          ya[b][o][oy][ox] = static_cast<double>(sum);
        }
  return y;
}

void expect_exact(const torch::Tensor& x, const torch::Tensor& w, const ConvGeometry& g, std::int64_t vmax) {
  for (auto format : {torch::MemoryFormat::Contiguous, torch::MemoryFormat::ChannelsLast}) {
    const torch::Tensor got = exact_conv(x.contiguous(format), w.contiguous(format), g, vmax);
    EXPECT_TRUE(torch::equal(got.to(torch::kFloat64), by_definition(x, w, g)));
  }
}

Window window(int kernel, int stride, int dilation, int top, int left, int bottom, int right) {
  return {kernel, kernel, stride, stride, dilation, dilation, top, left, bottom, right};
}

TEST(ExactConv, AwkwardGeometry) {
  for (int stride : {1, 2, 3}) {
    for (int dilation : {1, 2}) {
      const ConvGeometry g{window(3, stride, dilation, 2, 0, 1, 3), 1, 0.0};
      expect_exact(integers({3, 5, 9, 7}, 0, 255, 1), integers({4, 5, 3, 3}, -127, 127, 2), g, 255);
    }
  }
}

TEST(ExactConv, DepthwiseAndGroups) {
  expect_exact(integers({2, 6, 8, 8}, -8, 7, 3), integers({6, 1, 3, 3}, -8, 7, 4),
               {window(3, 1, 1, 1, 1, 1, 1), 6, 0.0}, 8);
  expect_exact(integers({2, 6, 8, 8}, 0, 255, 5), integers({9, 2, 5, 5}, -127, 127, 6),
               {window(5, 2, 1, 2, 2, 2, 2), 3, 0.0}, 255);
}

TEST(ExactConv, BipolarPaddingIsMinusOne) {
  const torch::Tensor x = integers({2, 3, 6, 6}, 0, 1, 7) * 2 - 1,
                      w = integers({4, 3, 3, 3}, 0, 1, 8) * 2 - 1;
  expect_exact(x, w, {window(3, 1, 1, 1, 1, 1, 1), 1, -1.0}, 1);
}

// Batches of 16 and more are where libraries switch to transforms.
TEST(ExactConv, LargeBatchesWithEitherBackEnd) {
  const torch::Tensor x = integers({32, 32, 16, 16}, 0, 255, 9), w = integers({8, 32, 3, 3}, -127, 127, 10);
  const bool enabled = at::globalContext().userEnabledMkldnn();
  for (bool use : {true, false}) {
    at::globalContext().setUserEnabledMkldnn(use);
    expect_exact(x, w, {window(3, 1, 1, 1, 1, 1, 1), 1, 0.0}, 255);
  }
  at::globalContext().setUserEnabledMkldnn(enabled);
}

// Sums beyond 2^24: float32 cannot hold them, the result is float64.
TEST(ExactConv, SumsBeyondFloat32) {
  const torch::Tensor x = torch::full({2, 700, 4, 4}, 255.0F), w = torch::full({3, 700, 3, 3}, 127.0F);
  const ConvGeometry g{window(3, 1, 1, 1, 1, 1, 1), 1, 0.0};
  const torch::Tensor got = exact_conv(x, w, g, 255);
  EXPECT_EQ(got.scalar_type(), torch::kFloat64);
  EXPECT_EQ(got[0][0][1][1].item<double>(), 204025500.0);  // 700 * 9 * 255 * 127
  expect_exact(integers({1, 700, 4, 4}, 254, 255, 11), integers({2, 700, 3, 3}, 126, 127, 12), g, 255);
}

TEST(ExactConv, OneChannelBeyondFloat32) {
  const ConvGeometry g{window(24, 1, 1, 0, 0, 0, 0), 1, 0.0};
  expect_exact(integers({1, 2, 26, 26}, 250, 255, 13), integers({2, 2, 24, 24}, 120, 127, 14), g, 255);
  const ConvGeometry depthwise{window(24, 1, 1, 0, 0, 0, 0), 2, 0.0};
  expect_exact(integers({1, 2, 26, 26}, 250, 255, 15), integers({2, 1, 24, 24}, 120, 127, 16), depthwise,
               255);
}

// Split or not, the gradient is the convolution's.
TEST(ExactConv, GradientOfSplitSums) {
  const torch::Tensor w = torch::full({1, 600, 3, 3}, 127.0F).requires_grad_(),
                      x = torch::full({1, 600, 3, 3}, 255.0F).requires_grad_();
  const ConvGeometry g{window(3, 1, 1, 0, 0, 0, 0), 1, 0.0};
  exact_conv(x, w, g, 255).sum().backward();
  EXPECT_TRUE(torch::equal(w.grad(), torch::full_like(w, 255.0F)));
  EXPECT_TRUE(torch::equal(x.grad(), torch::full_like(x, 127.0F)));
}

}  // namespace
}  // namespace intact
