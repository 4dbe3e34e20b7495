// Integer convolution against the exact one, whole tensors with ==, and its gradients against float32's.
#include "nn/int8_conv.h"

#include <gtest/gtest.h>
#include "quant/libtorch.h"

#include <vector>

namespace intact {
namespace {

struct Case {
  std::int64_t n, c, h, w, out;
  int kernel, stride, dilation, pad, groups;
  Grid grid;
};

Grid signed_with(int bits) {
  return Grid::signed_grid(bits);
}

std::vector<Case> cases() {
  return {{2, 16, 12, 12, 16, 3, 1, 1, 1, 1, Grid::unsigned_grid(8)},
          {3, 3, 9, 7, 5, 3, 2, 1, 1, 1, Grid::unsigned_grid(4)},
          {1, 7, 8, 8, 9, 1, 1, 1, 0, 1, signed_with(8)},
          {2, 16, 10, 10, 16, 3, 1, 1, 1, 16, Grid::unsigned_grid(8)},
          {2, 8, 11, 10, 12, 5, 1, 2, 2, 4, signed_with(4)},
          {4, 64, 1, 1, 10, 1, 1, 1, 0, 1, Grid::unsigned_grid(2)},
          {2, 1, 28, 28, 8, 3, 1, 1, 1, 1, Grid::unsigned_grid(8, 100)},
          {2, 12, 6, 6, 4, 3, 1, 1, 0, 1, Grid::bipolar()},
          {3, 32, 9, 7, 24, 3, 2, 1, 1, 1, Grid::bipolar()},
          {2, 8, 8, 8, 8, 5, 1, 1, 2, 8, Grid::bipolar()}};
}

ConvGeometry geometry_of(const Case& c) {
  ConvGeometry g;
  g.window.kernel_h = g.window.kernel_w = c.kernel;
  g.window.stride_h = g.window.stride_w = c.stride;
  g.window.dilation_h = g.window.dilation_w = c.dilation;
  g.window.pad_top = g.window.pad_left = g.window.pad_bottom = g.window.pad_right = c.pad;
  g.groups = c.groups;
  g.pad_value = c.grid.kind == GridKind::kBipolar ? -1 : 0;
  return g;
}

// Whole amplitude: a third at each end of the grid, a third between.
torch::Tensor amplitude(const std::vector<std::int64_t>& shape, int lo, int hi) {
  return torch::randint(2 * lo - hi, 2 * hi - lo + 1, shape)
      .clamp(lo, hi)
      .to(torch::kFloat32)
      .contiguous(torch::MemoryFormat::ChannelsLast);
}

TEST(Int8ConvTest, IsExactAndDifferentiable) {
  torch::manual_seed(11);
  int computed = 0;
  for (const Case& c : cases()) {
    const bool bipolar = c.grid.kind == GridKind::kBipolar;
    const int lo = bipolar ? -1 : c.grid.qmin - c.grid.z, hi = bipolar ? 1 : c.grid.qmax - c.grid.z;
    torch::Tensor x = amplitude({c.n, c.c, c.h, c.w}, lo, hi);
    if (bipolar) x = torch::where(x < 0, -torch::ones({}), torch::ones({}));
    x = x.contiguous(torch::MemoryFormat::ChannelsLast).requires_grad_();
    const torch::Tensor w =
        amplitude({c.out, c.c / c.groups, c.kernel, c.kernel}, -128, 127).requires_grad_();
    const ConvGeometry g = geometry_of(c);
    const auto y = int8_conv({x, torch::ones({}), c.grid}, w, g);
    const torch::Tensor xd = x.detach().clone().requires_grad_(), wd = w.detach().clone().requires_grad_();
    const torch::Tensor exact = exact_conv(xd, wd, g, c.grid.vmax());
    if (!y) continue;
    ++computed;
    EXPECT_TRUE(y->to(torch::kFloat64).equal(exact.to(torch::kFloat64))) << c.c << ' ' << c.groups;
    const torch::Tensor weight = torch::randn(y->sizes());
    (*y * weight).sum().backward();
    (exact * weight).sum().backward();
    // Gradients are float32 sums of real numbers, in an order that each path chooses.
    EXPECT_TRUE(torch::allclose(x.grad(), xd.grad(), 1e-4, 1e-3));
    EXPECT_TRUE(torch::allclose(w.grad(), wd.grad(), 1e-4, 1e-1));
  }
  // A processor either multiplies bytes exactly or takes the float path everywhere. The grid of 8 bits with a
  // zero point of 100 reaches from -100 to 155: no byte.
  EXPECT_TRUE(computed == 0 || computed == static_cast<int>(cases().size()) - 1) << computed;
}

TEST(Int8ConvTest, RefusesWhatItCannot) {
  ConvGeometry g = geometry_of(cases()[0]);
  const torch::Tensor x = torch::zeros({1, 16, 4, 4}), w = torch::zeros({16, 16, 3, 3});
  const torch::Tensor s = torch::ones({});
  g.pad_value = -1;
  EXPECT_FALSE(int8_conv({x, s, Grid::unsigned_grid(8)}, w, g));
  g.pad_value = 0;
  EXPECT_FALSE(int8_conv({x - 1, s, Grid::bipolar()}, w, g));
  EXPECT_FALSE(int8_conv({x, s, Grid::unsigned_grid(8, 100)}, w, g));
  EXPECT_FALSE(int8_conv({x.to(torch::kFloat64), s, Grid::unsigned_grid(8)}, w, g));
}

}  // namespace
}  // namespace intact
