#include <gmock/gmock.h>
#include "quant/libtorch.h"

#include <cmath>

#include "core/error.h"
#include "quant/binary_activation_quantizer.h"
#include "quant/binary_weight_quantizer.h"
#include "tests/quant/tensors.h"

namespace intact {
namespace {

using test::backward;
using test::floats;
using test::values;
using testing::ElementsAre;

// Rastegari et al. 2016 by hand: alpha = mean|w| = 1, n = 4; dC/dw_i = dC/dw~_i (1/4 + 1 [|w_i| <= 1]).
TEST(BinaryWeights, GradientIsThePapers) {
  BinaryWeightQuantizer quantizer(std::nullopt);
  torch::Tensor w = floats({0.5F, -1.5F, 0.0F, -2.0F}, {2, 2}).requires_grad_();
  const IntTensor q = quantizer.forward(w);
  EXPECT_EQ(q.s.item<float>(), 1.0F);
  EXPECT_THAT(values(q.v), ElementsAre(1, -1, 1, -1));
  EXPECT_EQ(q.grid, Grid::bipolar());
  EXPECT_THAT(values(backward(q.v, q.s, floats({1, 2, 3, 4}, {2, 2}), w)),
              ElementsAre(1.25F, 0.5F, 3.75F, 1));
}

// Channel 0: alpha = 1/2, n = 2: 1/2 + 1/2 within. Channel 1: alpha = 2: 1/2 outside, 1/2 + 2 within (|-1|
// counts as within).
TEST(BinaryWeights, PerChannel) {
  BinaryWeightQuantizer quantizer(2);
  torch::Tensor w = floats({0.25F, -0.75F, 3, -1}, {2, 2, 1, 1}).requires_grad_();
  const IntTensor q = quantizer.forward(w);
  EXPECT_THAT(values(q.s), ElementsAre(0.5F, 2));
  EXPECT_THAT(values(backward(q.v, q.s, floats({1, 2, 3, 4}, {2, 2, 1, 1}), w)), ElementsAre(1, 2, 1.5F, 10));
  EXPECT_THROW(quantizer.forward(torch::ones({3, 2})), Error);
}

TEST(BinaryWeights, ZerosAreOnesWithTheSmallestScale) {
  BinaryWeightQuantizer quantizer(std::nullopt);
  const IntTensor q = quantizer.to_int(floats({0.0F, -0.0F}));
  EXPECT_THAT(values(q.v), ElementsAre(1, 1));
  EXPECT_EQ(q.s.item<float>(), 0x1p-20F);
  EXPECT_THROW(quantizer.scale(), Error);
}

TEST(BinaryActivations, SignWithTheClippedIdentitysGradient) {
  BinaryActivationQuantizer quantizer;
  torch::Tensor r = floats({-1.5F, -1, -0.25F, 0, 0.5F, 1, 1.5F}, {1, 7}).requires_grad_();
  const IntTensor q = quantizer.forward(r);
  EXPECT_EQ(q.s.item<float>(), 1.0F);
  EXPECT_THAT(values(q.v), ElementsAre(-1, -1, -1, 1, 1, 1, 1));
  EXPECT_THAT(values(backward(q.v, q.s, floats({1, 2, 3, 4, 5, 6, 7}, {1, 7}), r)),
              ElementsAre(0, 2, 3, 4, 5, 6, 0));
}

// Bi-Real Net, equation 5: 2 + 2 r below 0, 2 - 2 r above, nothing beyond 1.
TEST(BinaryActivations, ApproxSignsTriangle) {
  BinaryActivationQuantizer quantizer(StraightThrough::kApproxSign);
  torch::Tensor r = floats({-1.5F, -1, -0.25F, 0, 0.5F, 1, 1.5F}, {1, 7}).requires_grad_();
  const IntTensor q = quantizer.forward(r);
  EXPECT_THAT(values(q.v), ElementsAre(-1, -1, -1, 1, 1, 1, 1));
  EXPECT_THAT(values(backward(q.v, q.s, floats({1, 2, 3, 4, 5, 6, 7}, {1, 7}), r)),
              ElementsAre(0, 0, 4.5F, 8, 5, 0, 0));
}

// IR-Net: at the start t = 0.1, k = 10, so the slope is 1 - tanh^2(r / 10); half way t = k = 1; in the end
// t = 10, k = 1. tanh(1) = 0.76159416, so 1 - tanh^2(1) = 0.41997434.
TEST(BinaryActivations, ErrorDecaysFromTheIdentityToTheSign) {
  BinaryActivationQuantizer quantizer(StraightThrough::kErrorDecay);
  const auto slopes = [&](double progress) {
    quantizer.set_progress(progress);
    torch::Tensor r = floats({0, 0.1F, 1, 10}, {1, 4}).requires_grad_();
    const IntTensor q = quantizer.forward(r);
    return values(backward(q.v, q.s, torch::ones({1, 4}), r));
  };
  const std::vector<float> first = slopes(0), middle = slopes(0.5), last = slopes(1);
  EXPECT_FLOAT_EQ(first[0], 1);
  EXPECT_NEAR(first[3], 0.41997434, 1e-6);
  EXPECT_FLOAT_EQ(middle[0], 1);
  EXPECT_NEAR(middle[2], 0.41997434, 1e-6);
  EXPECT_FLOAT_EQ(last[0], 10);
  EXPECT_NEAR(last[1], 4.1997434, 1e-5);
  EXPECT_NEAR(last[3], 0, 1e-6);
}

// The scale's share stays beside another slope: n = 2, alpha = 1/2: 1 + slope 1.5 at 0.25, 1 + 0.5 at -0.75.
TEST(BinaryWeights, TriangleWithTheScalesShare) {
  BinaryWeightQuantizer quantizer(1, StraightThrough::kApproxSign);
  torch::Tensor w = floats({0.25F, -0.75F}, {1, 2}).requires_grad_();
  const IntTensor q = quantizer.forward(w);
  EXPECT_THAT(values(backward(q.v, q.s, floats({1, 2}, {1, 2}), w)),
              ElementsAre(0.5F * (1.5F + 1), 1.0F * (0.5F + 1)));
}

TEST(BinaryActivations, NanStaysNan) {
  BinaryActivationQuantizer quantizer;
  EXPECT_TRUE(std::isnan(values(quantizer.forward(floats({std::nanf("")})).v)[0]));
  EXPECT_THROW(quantizer.to_int(floats({std::nanf("")})), Error);
}

// One pass with batch norm is open to the clipped slope alone: it passes gradients where |r| <= 1, the ends
// included.
TEST(BinaryActivations, HasAFormForTheFusedPassWithTheClippedSlope) {
  BinaryActivationQuantizer clipped;
  const auto form = clipped.round_clamp_form(0);
  ASSERT_TRUE(form);
  EXPECT_TRUE(form->sign);
  EXPECT_EQ(form->grid, Grid::bipolar());
  EXPECT_EQ(form->s.item<float>(), 1.0F);
  const auto passes = [&](float r) { return form->law.pass_lo < r && r < form->law.pass_hi; };
  EXPECT_TRUE(passes(1.0F) && passes(-1.0F) && passes(0.0F));
  EXPECT_FALSE(passes(std::nextafter(1.0F, 2.0F)) || passes(std::nextafter(-1.0F, -2.0F)));
  for (const StraightThrough other : {StraightThrough::kApproxSign, StraightThrough::kErrorDecay})
    EXPECT_FALSE(BinaryActivationQuantizer(other).round_clamp_form(0));
}

}  // namespace
}  // namespace intact
