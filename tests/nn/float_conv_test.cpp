// Float convolution and its gradients. On small integers every sum is exact in float32, so values and
// gradients are compared with == against unfolded patches in double precision, which share no code with it.
#include "nn/float_conv.h"

#include <gtest/gtest.h>

#include <vector>

#include "quant/libtorch.h"

namespace intact {
namespace {

struct Case {
  std::int64_t n, c, h, w, out;
  int kernel_h, kernel_w, stride, dilation;
  int top, left, bottom, right;
  int groups;
  double pad_value;
};

std::vector<Case> cases() {
  return {
      {2, 16, 12, 12, 16, 3, 3, 1, 1, 1, 1, 1, 1, 1, 0},  // the usual one
      {3, 5, 9, 7, 3, 3, 3, 2, 1, 0, 0, 1, 1, 1, 0},      // "same" padding of stride 2: one side only
      {1, 6, 8, 9, 6, 3, 3, 1, 1, 1, 1, 1, 1, 6, 0},      // depthwise
      {2, 8, 11, 10, 12, 5, 5, 1, 2, 2, 3, 1, 0, 4, 0},   // groups, dilation, uneven padding
      {4, 20, 1, 1, 10, 1, 1, 1, 1, 0, 0, 0, 0, 1, 0},    // a linear layer
      {2, 1, 14, 6, 4, 10, 4, 2, 1, 4, 1, 5, 1, 1, 0},    // a kernel that is no square
      {2, 4, 6, 6, 4, 3, 3, 1, 1, 1, 1, 1, 1, 1, -1},     // bipolar padding
      {2, 4, 6, 6, 4, 1, 1, 2, 1, 0, 0, 0, 0, 1, 0},      // a shortcut
  };
}

ConvGeometry geometry_of(const Case& c) {
  ConvGeometry g;
  g.window.kernel_h = c.kernel_h;
  g.window.kernel_w = c.kernel_w;
  g.window.stride_h = g.window.stride_w = c.stride;
  g.window.dilation_h = g.window.dilation_w = c.dilation;
  g.window.pad_top = c.top;
  g.window.pad_left = c.left;
  g.window.pad_bottom = c.bottom;
  g.window.pad_right = c.right;
  g.groups = c.groups;
  g.pad_value = c.pad_value;
  return g;
}

// A convolution by explicit loops over kernel positions and groups, in double.
torch::Tensor by_positions(const torch::Tensor& x, const torch::Tensor& w, const Case& c) {
  const torch::Tensor p = torch::constant_pad_nd(x, {c.left, c.right, c.top, c.bottom}, c.pad_value);
  const std::int64_t oh = (p.size(2) - (c.kernel_h - 1) * c.dilation - 1) / c.stride + 1;
  const std::int64_t ow = (p.size(3) - (c.kernel_w - 1) * c.dilation - 1) / c.stride + 1;
  std::vector<torch::Tensor> parts;
  const std::int64_t in = c.c / c.groups, out = c.out / c.groups;
  for (std::int64_t g = 0; g < c.groups; ++g) {
    torch::Tensor sum;
    for (int ky = 0; ky < c.kernel_h; ++ky) {
      for (int kx = 0; kx < c.kernel_w; ++kx) {
        const std::int64_t y0 = ky * c.dilation, x0 = kx * c.dilation;
        const torch::Tensor patch = p.slice(1, g * in, (g + 1) * in)
                                        .slice(2, y0, y0 + (oh - 1) * c.stride + 1, c.stride)
                                        .slice(3, x0, x0 + (ow - 1) * c.stride + 1, c.stride);
        const torch::Tensor taps = w.slice(0, g * out, (g + 1) * out).select(3, kx).select(2, ky);
        const torch::Tensor term = torch::einsum("nchw,oc->nohw", {patch, taps});
        sum = sum.defined() ? sum + term : term;
      }
    }
    parts.push_back(sum);
  }
  return torch::cat(parts, 1);
}

torch::Tensor integers(at::IntArrayRef shape) {
  return torch::randint(-8, 9, shape).to(torch::kFloat32).contiguous(torch::MemoryFormat::ChannelsLast);
}

TEST(FloatConvTest, ValuesAndGradientsAreThoseOfTheDefinition) {
  torch::manual_seed(5);
  for (const Case& c : cases()) {
    SCOPED_TRACE(testing::Message() << c.c << " channels, kernel " << c.kernel_h << 'x' << c.kernel_w);
    torch::Tensor x = integers({c.n, c.c, c.h, c.w}).requires_grad_();
    torch::Tensor w = integers({c.out, c.c / c.groups, c.kernel_h, c.kernel_w}).requires_grad_();
    torch::Tensor xd = x.detach().to(torch::kFloat64).requires_grad_();
    torch::Tensor wd = w.detach().to(torch::kFloat64).requires_grad_();
    const torch::Tensor y = float_conv(x, w, geometry_of(c)), want = by_positions(xd, wd, c);
    ASSERT_EQ(y.sizes(), want.sizes());
    EXPECT_TRUE(y.to(torch::kFloat64).equal(want));
    const torch::Tensor dy = integers(y.sizes());
    y.backward(dy);
    want.backward(dy.to(torch::kFloat64));
    EXPECT_TRUE(x.grad().to(torch::kFloat64).equal(xd.grad()));
    EXPECT_TRUE(w.grad().to(torch::kFloat64).equal(wd.grad()));
  }
}

TEST(FloatConvTest, TakesAnyStridesAndGivesOnlyTheGradientsWanted) {
  torch::manual_seed(6);
  const Case c{2, 4, 5, 6, 3, 3, 3, 1, 1, 1, 1, 1, 1, 1, 0};
  const torch::Tensor x = integers({2, 4, 5, 6}).contiguous();
  torch::Tensor w = integers({3, 4, 3, 3}).contiguous().requires_grad_();
  const torch::Tensor y = float_conv(x.transpose(2, 3).contiguous().transpose(2, 3), w, geometry_of(c));
  EXPECT_TRUE(y.to(torch::kFloat64).equal(by_positions(x.to(torch::kFloat64), w.to(torch::kFloat64), c)));
  y.sum().backward();  // its gradient is an expanded scalar
  EXPECT_TRUE(w.grad().defined());
  EXPECT_FALSE(x.grad().defined());
}

TEST(FloatConvTest, DoublePrecisionGoesToTheLibrary) {
  torch::manual_seed(7);
  const Case c = cases()[1];
  const torch::Tensor x = torch::randn({c.n, c.c, c.h, c.w}, torch::kFloat64);
  const torch::Tensor w = torch::randn({c.out, c.c, c.kernel_h, c.kernel_w}, torch::kFloat64);
  EXPECT_TRUE(torch::allclose(float_conv(x, w, geometry_of(c)), by_positions(x, w, c), 1e-12, 1e-12));
}

}  // namespace
}  // namespace intact
