// Gradients from split bfloat16 against the exact ones in double precision: as close as the split promises.
#include "nn/split_conv_gradients.h"

#include <gtest/gtest.h>

#include "quant/libtorch.h"

namespace intact {
namespace {

struct Case {
  std::int64_t n, c, size, out;
  int kernel, stride, pad;
};

OnednnConv conv_of(const Case& c, const torch::Tensor& x, const torch::Tensor& w) {
  ConvGeometry g;
  g.window.kernel_h = g.window.kernel_w = c.kernel;
  g.window.stride_h = g.window.stride_w = c.stride;
  g.window.pad_top = g.window.pad_left = g.window.pad_bottom = g.window.pad_right = c.pad;
  return onednn_conv(x, w, g);
}

TEST(SplitConvGradientsTest, AreWithinTheSplitOfTheExactOnes) {
  torch::manual_seed(3);
  for (const Case& c : {Case{2, 16, 12, 16, 3, 1, 1}, Case{3, 3, 9, 5, 3, 2, 1}, Case{4, 64, 1, 10, 1, 1, 0},
                        Case{2, 8, 11, 32, 5, 1, 2}}) {
    SCOPED_TRACE(c.c);
    const auto layout = torch::MemoryFormat::ChannelsLast;
    const torch::Tensor x =
        torch::randint(-255, 257, {c.n, c.c, c.size, c.size}).to(torch::kFloat32).contiguous(layout);
    const torch::Tensor w =
        torch::randint(-128, 128, {c.out, c.c, c.kernel, c.kernel}).to(torch::kFloat32).contiguous(layout);
    const OnednnConv conv = conv_of(c, x, w);
    ASSERT_EQ(can_split(conv), onednn_has_bf16());
    if (!can_split(conv)) continue;  // nothing to compare on a processor without bfloat16
    const torch::Tensor dy = torch::randn(conv.target).contiguous(layout);
    const ConvGradients got = split_conv_gradients(conv, x, w, dy, true, true);
    const auto exact = [&](const torch::Tensor& g, const torch::Tensor& a, const torch::Tensor& b) {
      return at::convolution_backward(g, a, b, at::OptionalIntArrayRef(), {c.stride, c.stride},
                                      {c.pad, c.pad}, {1, 1}, false, {0, 0}, 1, {true, true, false});
    };
    const auto f64 = torch::kFloat64;
    const auto [dx, dw, db] = exact(dy.to(f64), x.to(f64), w.to(f64));
    // |rest| <= 2^-17 |g|, so a sum is wrong by at most that share of the sum of sizes; float32 adds its own
    // rounding, 2^-24 for each of at most `terms` additions.
    const auto [size_x, size_w, none] = exact(dy.to(f64).abs(), x.to(f64).abs(), w.to(f64).abs());
    const double terms = static_cast<double>(dy.numel());
    const double bound = 0x1p-17 + terms * 0x1p-24;
    EXPECT_TRUE(((got.x.to(f64) - dx).abs() <= bound * size_x).all().item<bool>());
    EXPECT_TRUE(((got.w.to(f64) - dw).abs() <= bound * size_w).all().item<bool>());
    // What the low parts are for: high parts alone are wrong by up to 2^-9 of each term.
    EXPECT_LT((got.w.to(f64) - dw).norm().item<double>(), 0x1p-16 * dw.norm().item<double>());
  }
}

TEST(SplitConvGradientsTest, GivesOnlyWhatIsWanted) {
  const Case c{1, 4, 5, 4, 3, 1, 1};
  const torch::Tensor x = torch::ones({1, 4, 5, 5}), w = torch::ones({4, 4, 3, 3});
  const OnednnConv conv = conv_of(c, x, w);
  if (!can_split(conv)) return;
  const ConvGradients d = split_conv_gradients(conv, x, w, torch::ones(conv.target), false, true);
  EXPECT_FALSE(d.x.defined());
  EXPECT_TRUE(d.w.defined());
}

}  // namespace
}  // namespace intact
