// The fused operation against the plain composition in double precision, gradients by autograd.
#include "nn/norm_quantize.h"

#include <ATen/Parallel.h>
#include <gtest/gtest.h>
#include "quant/libtorch.h"

#include <cmath>
#include <limits>
#include <string>
#include <vector>

namespace intact {
namespace {

struct Case {
  std::string name;
  std::int64_t samples, channels, height, width;
  Statistics statistics;
  ScaleGradient answer;
  bool residual, channel_scales, fixed_ceiling;
  float lo, hi;
  bool sign = false;
};

std::ostream& operator<<(std::ostream& to, const Case& c) {
  return to << c.name;
}

struct Gradients {
  torch::Tensor v, a, scale, gamma, beta, residual, residual_scale, s;
};

class NormQuantizeTest : public ::testing::TestWithParam<Case> {
 protected:
  void SetUp() override {
    const Case& c = GetParam();
    torch::manual_seed(20261121);
    const std::vector<std::int64_t> shape{c.samples, c.channels, c.height, c.width};
    // Integers, as convolutions make them; channels differ in mean and spread.
    const torch::Tensor spread = torch::rand({1, c.channels, 1, 1}) * 200 + 5;
    a = torch::round(torch::randn(shape) * spread + torch::randn({1, c.channels, 1, 1}) * 300)
            .contiguous(torch::MemoryFormat::ChannelsLast);
    scale = c.channel_scales ? torch::rand({c.channels}) * 0.01 + 0.001 : torch::full({}, 0.0043);
    if (c.residual) {
      residual =
          torch::randint(0, 16, shape).to(torch::kFloat32).contiguous(torch::MemoryFormat::ChannelsLast);
      residual_scale = torch::full({}, 0.11);
    }
    gamma = torch::randn({c.channels}) + 0.3;  // of both signs
    beta = torch::randn({c.channels});
    s = torch::full({}, 0.17);
    mean = torch::randn({c.channels});
    variance = torch::rand({c.channels}) + 0.5;
    law.lo = c.lo;
    law.hi = c.hi;
    law.pass_lo = c.lo;
    law.pass_hi = c.hi;
    law.scale_gradient = c.answer;
    law.fixed_ceiling = c.fixed_ceiling;
    g = torch::randn(shape);
  }

  // y in double, and with autograd's graph.
  torch::Tensor reals(const Gradients& x) const {
    const Case& c = GetParam();
    const auto wide = [&](const torch::Tensor& t) { return t.dim() == 0 ? t : t.view({1, -1, 1, 1}); };
    const torch::Tensor r = x.a * wide(x.scale);
    torch::Tensor m = mean.to(torch::kFloat64), q = variance.to(torch::kFloat64);
    if (c.statistics != Statistics::kRunning) {
      m = r.mean({0, 2, 3});
      q = (r - wide(m)).square().mean({0, 2, 3});
    }
    torch::Tensor y = (r - wide(m)) / (wide(q) + BatchNorm::kEps).sqrt() * wide(x.gamma) + wide(x.beta);
    if (c.residual) y = y + x.residual * x.residual_scale;
    return y;
  }

  // Straight-through gradients by terms of value 0.
  torch::Tensor quantized(const torch::Tensor& y, const torch::Tensor& step) const {
    const torch::Tensor u = (y / step).detach(), s0 = step.detach();
    const torch::Tensor v =
        GetParam().sign ? 2 * (u >= 0).to(torch::kFloat64) - 1 : u.clamp(law.lo, law.hi).round();
    const torch::Tensor pass = ((u > law.pass_lo) & (u < law.pass_hi)).to(torch::kFloat64);
    torch::Tensor out = v + pass * (y / s0 - u);
    if (law.scale_gradient == ScaleGradient::kStep) out = out + pass * (u * s0 / step - u);
    if (law.scale_gradient == ScaleGradient::kClip) out = out + pass * (v * s0 / step - v);
    if (law.fixed_ceiling) out = out + (u >= law.pass_hi).to(torch::kFloat64) * (law.hi * s0 / step - law.hi);
    return out;
  }

  static Gradients leaves(const std::vector<torch::Tensor>& values, torch::ScalarType type) {
    std::vector<torch::Tensor> l;
    for (const torch::Tensor& t : values)
      l.push_back(t.defined() ? t.detach().clone().to(type).requires_grad_() : torch::Tensor());
    return {{}, l[0], l[1], l[2], l[3], l[4], l[5], l[6]};
  }

  torch::Tensor a, scale, residual, residual_scale, gamma, beta, s, mean, variance, g;
  RoundClampLaw law;
};

double distance(const torch::Tensor& got, const torch::Tensor& expected) {
  const torch::Tensor e = expected.to(torch::kFloat64);
  const double size = e.abs().max().item<double>();
  return (got.to(torch::kFloat64) - e).abs().max().item<double>() / std::max(size, 1e-12);
}

TEST_P(NormQuantizeTest, TakesTheScaleInTwoFactors) {
  const Case& c = GetParam();
  const auto run = [&](const torch::Tensor& first, const torch::Tensor& second) {
    BatchNorm norm(c.channels);
    norm.mean.copy_(mean);
    norm.variance.copy_(variance);
    NormOperands operands{a, first, residual, residual_scale, second};
    return norm_quantize(operands, norm, c.statistics, {s, law, Grid(), c.sign}).v;
  };
  torch::Tensor one = torch::full({}, 0.25).requires_grad_();  // a power of 2: the product is exact
  torch::Tensor channels = scale.detach().expand({c.channels}).clone().requires_grad_();
  torch::Tensor product = (channels.detach() * 0.25).requires_grad_();
  const torch::Tensor v = run(one, channels), want = run(product, {});
  EXPECT_TRUE(v.equal(want));
  (v * g).sum().backward();
  (want * g).sum().backward();
  EXPECT_TRUE(channels.grad().equal(product.grad() * 0.25));
  const torch::Tensor terms = product.grad() * channels.detach();
  EXPECT_LE((one.grad() - terms.sum()).abs().item<double>(), 1e-6 * terms.abs().sum().item<double>());
}

TEST_P(NormQuantizeTest, EqualsThePlainComposition) {
  const Case& c = GetParam();
  Gradients expected = leaves({a, scale, gamma, beta, residual, residual_scale, s}, torch::kFloat64);
  const torch::Tensor y = reals(expected);
  const torch::Tensor u = (y / expected.s).detach();
  // Where float32 may round or clip the other way no gradient comes in.
  const torch::Tensor tie = (c.sign ? u.abs() : ((u - u.floor()) - 0.5).abs()) < 1e-3;
  const torch::Tensor edge = ((u - law.lo).abs() < 1e-3) | ((u - law.hi).abs() < 1e-3);
  g = g.masked_fill(tie | edge, 0.0);
  const torch::Tensor v = quantized(y, expected.s);
  (v * g.to(torch::kFloat64)).sum().backward();

  const Gradients got = leaves({a, scale, gamma, beta, residual, residual_scale, s}, torch::kFloat32);
  BatchNorm norm(c.channels);
  norm.gamma = got.gamma;
  norm.beta = got.beta;
  norm.mean.copy_(mean);
  norm.variance.copy_(variance);
  NormOperands operands{got.a, got.scale, got.residual, got.residual_scale};
  const Quantized quantized_form = norm_quantize(operands, norm, c.statistics, {got.s, law, Grid(), c.sign});
  const torch::Tensor out = quantized_form.v;
  const torch::Tensor wrong = (out.to(torch::kFloat64) != v.detach()) & ~tie;
  EXPECT_EQ(wrong.sum().item<std::int64_t>(), 0);
  const torch::Tensor in_order = out.detach().permute({0, 2, 3, 1}).reshape({-1});
  const torch::Tensor codes = c.sign ? (in_order + 1) / 2 : in_order;
  ASSERT_TRUE(quantized_form.bytes.defined());
  EXPECT_TRUE((c.lo < 0 && !c.sign ? quantized_form.bytes.view(torch::kInt8) : quantized_form.bytes)
                  .to(torch::kFloat32)
                  .equal(codes));
  (out * g).sum().backward();

  EXPECT_LT(distance(got.a.grad(), expected.a.grad()), 3e-6);
  EXPECT_LT(distance(got.gamma.grad(), expected.gamma.grad()), 3e-6);
  EXPECT_LT(distance(got.beta.grad(), expected.beta.grad()), 3e-6);
  // With the batch's statistics only eps makes a difference, so the composition's own gradient is small noise
  // in float32; here both are exact sums.
  EXPECT_LT(distance(got.scale.grad(), expected.scale.grad()), 1e-5);
  if (c.residual) {
    EXPECT_LT(distance(got.residual.grad(), expected.residual.grad()), 3e-6);
    EXPECT_LT(distance(got.residual_scale.grad(), expected.residual_scale.grad()), 1e-5);
  }
  if (c.answer != ScaleGradient::kNone) {
    EXPECT_LT(distance(got.s.grad(), expected.s.grad()), 1e-5);
  }

  if (c.statistics == Statistics::kBatch) {
    const torch::Tensor r = (a * (scale.dim() == 0 ? scale : scale.view({1, -1, 1, 1}))).to(torch::kFloat64);
    const torch::Tensor m = r.mean({0, 2, 3});
    const torch::Tensor q = r.var({0, 2, 3}, /*unbiased=*/false);
    EXPECT_LT(distance(norm.mean, 0.9 * mean + 0.1 * m), 1e-6);
    EXPECT_LT(distance(norm.variance, 0.9 * variance + 0.1 * q), 1e-6);
  } else {
    EXPECT_TRUE(norm.mean.equal(mean));
    EXPECT_TRUE(norm.variance.equal(variance));
  }
}

constexpr auto kStep = ScaleGradient::kStep;
constexpr auto kClip = ScaleGradient::kClip;
constexpr auto kNone = ScaleGradient::kNone;
constexpr auto kBatch = Statistics::kBatch;

INSTANTIATE_TEST_SUITE_P(
    Shapes, NormQuantizeTest,
    ::testing::Values(
        Case{"step", 4, 16, 9, 7, kBatch, kStep, false, true, false, 0, 15},
        Case{"step_one_scale", 3, 10, 5, 5, kBatch, kStep, false, false, false, 0, 3},
        Case{"step_residual", 2, 24, 8, 8, kBatch, kStep, true, true, false, 0, 15},
        Case{"signed_residual", 2, 3, 31, 33, kBatch, kStep, true, true, false, -8, 7},
        Case{"clip", 2, 17, 6, 5, kBatch, kClip, false, true, false, 0, 7},
        Case{"clip_residual", 2, 300, 5, 5, kBatch, kClip, true, true, false, 0, 255},
        Case{"none", 2, 16, 40, 40, kBatch, kNone, false, true, false, 0, 255},
        Case{"ceiling", 3, 8, 7, 7, kBatch, kStep, true, true, true, 0, 11},
        Case{"batch_only", 3, 8, 7, 7, Statistics::kBatchOnly, kStep, false, true, false, 0, 15},
        Case{"running", 2, 16, 9, 9, Statistics::kRunning, kStep, false, true, false, 0, 15},
        Case{"running_one_scale", 2, 5, 9, 9, Statistics::kRunning, kClip, true, false, false, 0, 15},
        Case{"sign", 3, 20, 9, 9, kBatch, kNone, false, true, false, -1, 1, true},
        Case{"sign_residual", 2, 32, 7, 7, kBatch, kNone, true, true, false, -1, 1, true},
        Case{"large", 8, 16, 64, 64, kBatch, kStep, true, true, false, 0, 15}),
    [](const auto& tested) { return tested.param.name; });

// A network that diverged must be seen: no value of a quantizer hides a NaN.
TEST(NormQuantizeNanTest, NanStaysNan) {
  torch::Tensor a = torch::ones({1, 2, 3, 3}).contiguous(torch::MemoryFormat::ChannelsLast);
  a[0][1][2][0] = std::numeric_limits<float>::quiet_NaN();
  RoundClampLaw law;
  law.lo = law.pass_lo = -1;
  law.hi = law.pass_hi = 1;
  for (const bool sign : {false, true}) {
    BatchNorm norm(2);
    const NormOperands operands{a, torch::ones({}), {}, {}};
    const torch::Tensor v =
        norm_quantize(operands, norm, Statistics::kRunning, {torch::ones({}), law, Grid(), sign}).v;
    EXPECT_TRUE(v.isnan().equal(a.isnan())) << sign;
  }
}

TEST(NormClampTest, EqualsThePlainComposition) {
  torch::manual_seed(7);
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  for (const auto& [lo, hi] : std::vector<std::pair<float, float>>{
           {0.0F, kInfinity}, {0.0F, 6.0F}, {-1.0F, 1.0F}, {-kInfinity, kInfinity}}) {
    const torch::Tensor a = torch::randn({3, 12, 6, 5}).contiguous(torch::MemoryFormat::ChannelsLast);
    const torch::Tensor residual = torch::randn({3, 12, 6, 5}), g = torch::randn({3, 12, 6, 5});
    BatchNorm norm(12), plain(12);
    norm.gamma = torch::randn({12}).requires_grad_();
    plain.gamma = norm.gamma.detach().clone().to(torch::kFloat64).requires_grad_();
    plain.beta = torch::zeros({12}, torch::kFloat64).requires_grad_();
    const torch::Tensor x = a.clone().requires_grad_(), z = residual.clone().requires_grad_();
    const torch::Tensor xd = a.to(torch::kFloat64).requires_grad_(),
                        zd = residual.to(torch::kFloat64).requires_grad_();
    const torch::Tensor out = norm_clamp({x, torch::ones({}), z, torch::ones({})}, norm, kBatch, lo, hi);
    const torch::Tensor expected =
        std::get<0>(at::native_batch_norm(xd, plain.gamma, plain.beta, {}, {}, true, 0.0, BatchNorm::kEps)) +
        zd;
    EXPECT_LT(distance(out, expected.clamp(lo, hi)), 1e-6);
    (out * g).sum().backward();
    (expected.clamp(lo, hi) * g).sum().backward();
    EXPECT_LT(distance(x.grad(), xd.grad()), 3e-6);
    EXPECT_LT(distance(z.grad(), zd.grad()), 3e-6);
    EXPECT_LT(distance(norm.gamma.grad(), plain.gamma.grad()), 3e-6);
    EXPECT_LT(distance(norm.beta.grad(), plain.beta.grad()), 3e-6);
  }
}

TEST(NormQuantizeDeterminismTest, TheNumberOfThreadsDoesNotMatter) {
  torch::manual_seed(3);
  const torch::Tensor a = torch::randn({4, 16, 40, 40}).contiguous(torch::MemoryFormat::ChannelsLast) * 50;
  const torch::Tensor g = torch::randn({4, 16, 40, 40});
  RoundClampLaw law;
  law.hi = law.pass_hi = 15;
  law.scale_gradient = kStep;
  std::vector<torch::Tensor> first;
  const int threads = at::get_num_threads();
  for (const int n : {1, 2, 3}) {
    at::set_num_threads(n);
    BatchNorm norm(16);
    const torch::Tensor x = a.clone().requires_grad_();
    const torch::Tensor s = torch::full({}, 0.2).requires_grad_();
    const torch::Tensor v =
        norm_quantize({x, torch::full({}, 0.1), {}, {}}, norm, kBatch, {s, law, Grid()}).v;
    (v * g).sum().backward();
    const std::vector<torch::Tensor> all{v, x.grad(), s.grad(), norm.gamma.grad(), norm.mean, norm.variance};
    if (first.empty()) first = all;
    for (std::size_t i = 0; i < all.size(); ++i) EXPECT_TRUE(all[i].equal(first[i])) << n << ' ' << i;
  }
  at::set_num_threads(threads);
}

}  // namespace
}  // namespace intact
