#include "quant/round_clamp.h"

#include <ATen/Parallel.h>
#include <gmock/gmock.h>
#include "quant/libtorch.h"

#include <cmath>
#include <limits>

#include "core/error.h"
#include "tests/quant/tensors.h"

namespace intact {
namespace {

using test::floats;
using test::random_tensor;
using test::values;
using testing::ElementsAre;

constexpr float kInfinity = std::numeric_limits<float>::infinity();

RoundClampLaw law(float lo, float hi, ScaleGradient gradient = ScaleGradient::kNone) {
  RoundClampLaw result;
  result.lo = result.pass_lo = lo;
  result.hi = result.pass_hi = hi;
  result.scale_gradient = gradient;
  return result;
}

TEST(RoundClamp, RoundsTiesToEvenAndClamps) {
  const torch::Tensor r = floats({-2.5F, -1.5F, -0.5F, 0.5F, 1.5F, 2.5F, 3.4F, 9.0F, -9.0F});
  EXPECT_THAT(values(round_clamp(r, torch::ones({}), law(-4, 3))), ElementsAre(-2, -2, 0, 0, 2, 2, 3, 3, -4));
}

TEST(RoundClamp, DividesAndNeverMultipliesByTheReciprocal) {
  // With s = 0.01f these quotients round to the next integer above what r * (1 / s) rounds to.
  const torch::Tensor r = floats({0x1.70a3d8p-5F, 0x1.d70a3cp-4F, 0x1.bd70a2p-2F});
  EXPECT_THAT(values(round_clamp(r, torch::full({}, 0.01F), law(-128, 127))), ElementsAre(5, 12, 44));
}

TEST(RoundClamp, ExtremesAndSpecialValues) {
  const float huge = std::numeric_limits<float>::max();
  const torch::Tensor r = floats({huge, -huge, kInfinity, -kInfinity, 1e-45F, -1e-45F, -0.0F, -0.3F});
  const torch::Tensor v = round_clamp(r, torch::full({}, 0x1p-20F), law(-128, 127));
  EXPECT_THAT(values(v.slice(0, 0, 7)), ElementsAre(127, -128, 127, -128, 0, 0, 0));
  EXPECT_FALSE(std::signbit(values(v)[5]));
  EXPECT_FALSE(std::signbit(values(v)[6]));
  EXPECT_FALSE(std::signbit(values(round_clamp(r, torch::ones({}), law(-128, 127)))[7]));
}

TEST(RoundClamp, NanStaysNan) {
  const torch::Tensor v = round_clamp(floats({std::nanf(""), 1.0F}), torch::ones({}), law(0, 255));
  EXPECT_TRUE(std::isnan(values(v)[0]));
  EXPECT_EQ(values(v)[1], 1.0F);
}

TEST(RoundClamp, OneScalePerChannel) {
  const torch::Tensor r = floats({1, 2, 3, 1, 2, 3}, {2, 3});
  EXPECT_THAT(values(round_clamp(r, floats({1.0F, 0.5F}), law(-4, 3))), ElementsAre(1, 2, 3, 2, 3, 3));
}

// The kernels work in blocks of 4096 and in vectors: sizes around both.
TEST(RoundClamp, EveryLengthEqualsTheScalarFunction) {
  for (const int64_t n : {1, 2, 7, 15, 16, 17, 31, 33, 67, 4095, 4096, 4097, 8192, 8209, 70001}) {
    const torch::Tensor r = random_tensor({n}, 40.0, static_cast<std::uint64_t>(n));
    const std::vector<float> from = values(r);
    const std::vector<float> v = values(round_clamp(r, torch::full({}, 0.3F), law(-100, 90)));
    for (size_t i = 0; i < v.size(); ++i)
      ASSERT_EQ(v[i], round_clamp(from[i], 0.3F, -100, 90)) << n << " " << i;
  }
}

TEST(RoundClamp, EmptyTensor) {
  torch::Tensor r = torch::empty({0, 3, 2, 2}).requires_grad_();
  torch::Tensor s = torch::ones({}).requires_grad_();
  const torch::Tensor v = round_clamp_ste(r, s, law(0, 3, ScaleGradient::kStep));
  EXPECT_EQ(v.sizes(), r.sizes());
  v.sum().backward();
  EXPECT_EQ(s.grad().item<float>(), 0.0F);
}

TEST(RoundClamp, KeepsMemoryLayoutAndValues) {
  const torch::Tensor r = random_tensor({4, 6, 5, 3}, 3.0, 1);
  const torch::Tensor last = r.contiguous(torch::MemoryFormat::ChannelsLast);
  const torch::Tensor strided = torch::cat({r, r}, 3).slice(3, 0, 3);  // has gaps
  const torch::Tensor transposed = r.permute({3, 0, 1, 2}).contiguous().permute({1, 2, 3, 0});
  for (const torch::Tensor& s : {torch::full({}, 0.2F), floats({0.1F, 0.2F, 0.4F, 0.3F})}) {
    const torch::Tensor expected = round_clamp(r, s, law(-8, 7));
    const torch::Tensor v = round_clamp(last, s, law(-8, 7));
    EXPECT_TRUE(v.is_contiguous(torch::MemoryFormat::ChannelsLast));
    EXPECT_TRUE(torch::equal(v, expected));
    EXPECT_TRUE(torch::equal(round_clamp(strided, s, law(-8, 7)), expected));
    EXPECT_TRUE(torch::equal(round_clamp(transposed, s, law(-8, 7)), expected));
  }
}

TEST(RoundClamp, GradientTakesAnyLayout) {
  const torch::Tensor data = random_tensor({2, 6, 5, 3}, 3.0, 2);
  const torch::Tensor upstream = random_tensor({2, 6, 5, 3}, 1.0, 3);
  torch::Tensor plain = data.clone().requires_grad_();
  torch::Tensor last = data.contiguous(torch::MemoryFormat::ChannelsLast).requires_grad_();
  torch::Tensor s = torch::full({}, 0.25F);
  round_clamp_ste(plain, s, law(-8, 7)).backward(upstream);
  round_clamp_ste(last, s, law(-8, 7)).backward(upstream);  // upstream is not channels-last
  EXPECT_TRUE(torch::equal(plain.grad(), last.grad()));
}

// u = r / s = -5, -4, -1, 1.5, 3, 4 with s = 1/2; v = -4, -4, -1, 2, 3, 3.
TEST(RoundClampGradient, OfTheValueAlone) {
  torch::Tensor r = floats({-2.5F, -2.0F, -0.5F, 0.75F, 1.5F, 2.0F}).requires_grad_();
  torch::Tensor s = torch::full({}, 0.5F).requires_grad_();
  const torch::Tensor v = round_clamp_ste(r, s, law(-4, 3, ScaleGradient::kStep));
  EXPECT_THAT(values(v), ElementsAre(-4, -4, -1, 2, 3, 3));
  v.backward(floats({1, 2, 3, 4, 5, 6}));
  EXPECT_THAT(values(r.grad()), ElementsAre(0, 0, 6, 8, 0, 0));  // 1 / s = 2 strictly within the clip
  EXPECT_EQ(s.grad().item<float>(), -6.0F);                      // -(3 * -1 + 4 * 1.5) / s
}

TEST(RoundClampGradient, LearnedClipUsesTheInteger) {
  torch::Tensor r = floats({0.25F, 0.75F, 2.0F}).requires_grad_();  // u = 0.5, 1.5, 4; v = 0, 2, 3
  torch::Tensor s = torch::full({}, 0.5F).requires_grad_();
  round_clamp_ste(r, s, law(0, 3, ScaleGradient::kClip)).backward(floats({1, 2, 3}));
  EXPECT_EQ(s.grad().item<float>(), -8.0F);  // -(1 * 0 + 2 * 2) / s
}

TEST(RoundClampGradient, FixedCeilingCancelsTheTotalAboveTheClip) {
  RoundClampLaw capped = law(0, 3, ScaleGradient::kStep);
  capped.fixed_ceiling = true;
  torch::Tensor r = floats({2.0F, -1.0F}).requires_grad_();
  torch::Tensor s = torch::full({}, 0.5F).requires_grad_();
  const torch::Tensor y = round_clamp_ste(r, s, capped) * s;
  EXPECT_THAT(values(y), ElementsAre(1.5F, 0));
  y.backward(floats({7, 11}));
  EXPECT_EQ(s.grad().item<float>(), 0.0F);
  EXPECT_THAT(values(r.grad()), ElementsAre(0, 0));
}

// Dyadic data: every product and partial sum is exact, so any correct order gives this sum.
TEST(RoundClampGradient, SumsOverManyBlocksPerChannel) {
  for (const int64_t n : {5, 4097, 20000}) {
    torch::Tensor r = torch::full({3, n}, 0.75F);
    r[1].fill_(-0.25F);
    r[2].fill_(100.0F);  // clipped: v does not answer to s
    r.requires_grad_();
    torch::Tensor s = floats({0.5F, 0.25F, 1.0F}).requires_grad_();
    round_clamp_ste(r, s, law(-4, 3, ScaleGradient::kStep)).sum().backward();
    // -u / s = -1.5 / 0.5 and 1 / 0.25 per element.
    const float count = static_cast<float>(n);
    EXPECT_THAT(values(s.grad()), ElementsAre(-3 * count, 4 * count, 0));
  }
}

TEST(RoundClampGradient, TheSameBitsForEveryThreadCount) {
  const torch::Tensor data = random_tensor({8, 16, 33, 31}, 3.0, 4);
  const torch::Tensor upstream = random_tensor({8, 16, 33, 31}, 1.0, 5);
  const int threads = at::get_num_threads();
  std::vector<torch::Tensor> dr, ds;
  for (const int count : {1, 2, 3}) {
    at::set_num_threads(count);
    torch::Tensor r = data.clone().requires_grad_();
    torch::Tensor s = torch::full({}, 0.01F).requires_grad_();
    round_clamp_ste(r, s, law(-128, 127, ScaleGradient::kStep)).backward(upstream);
    dr.push_back(r.grad());
    ds.push_back(s.grad());
  }
  at::set_num_threads(threads);
  for (const size_t i : {1, 2}) {
    EXPECT_TRUE(torch::equal(dr[0], dr[i]));
    EXPECT_TRUE(torch::equal(ds[0], ds[i]));
  }
  EXPECT_NE(ds[0].item<float>(), 0.0F);
}

TEST(RoundClamp, RefusesOtherTypesAndScales) {
  EXPECT_THROW(round_clamp(torch::ones({2}, torch::kFloat64), torch::ones({}), law(0, 1)), Error);
  EXPECT_THROW(round_clamp(torch::ones({2}), torch::ones({3}), law(0, 1)), Error);
  EXPECT_THROW(round_clamp(torch::ones({2}), torch::ones({2, 1}), law(0, 1)), Error);
  EXPECT_THROW(round_clamp(torch::ones({2}), torch::ones({}, torch::kFloat64), law(0, 1)), Error);
}

}  // namespace
}  // namespace intact
