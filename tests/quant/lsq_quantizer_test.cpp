#include "quant/lsq_quantizer.h"

#include <gmock/gmock.h>
#include "quant/libtorch.h"

#include "core/error.h"
#include "tests/quant/tensors.h"

namespace intact {
namespace {

using test::backward;
using test::floats;
using test::set_parameter;
using test::values;
using testing::ElementsAre;
using testing::FloatNear;
using testing::Pointwise;

// Esser et al. 2020 by hand. 3 bits: Qn = 4, Qp = 3; s = 1/2.
//   r      -2.5  -2   -0.625  0.25  0.75  0.875  1.5  2
//   r / s  -5    -4   -1.25   0.5   1.5   1.75   3    4
//   v      -4    -4   -1      0     2     2      3    3
// Equation 3, dy/ds: -Qn, -Qn, then v - r/s = 0.25, -0.5, 0.5, 0.25, then Qp, Qp.
// Equation 5, dy/dr: 0 0 1 1 1 1 0 0.
constexpr float kHandGradientOfScale = 1 * -4.0F + 2 * -4.0F + 3 * 0.25F + 4 * -0.5F + 5 * 0.5F + 6 * 0.25F +
                                       7 * 3.0F + 8 * 3.0F;  // 35.75 for upstream 1 .. 8

torch::Tensor hand_values() {
  return floats({-2.5F, -2.0F, -0.625F, 0.25F, 0.75F, 0.875F, 1.5F, 2.0F}, {8, 1});
}

TEST(LsqWeights, GradientIsThePapers) {
  const auto lsq = LsqQuantizer::for_weights(3, std::nullopt);
  torch::Tensor r = hand_values().requires_grad_();
  lsq->observe(r.detach());
  set_parameter(*lsq, "step", torch::full({}, 0.5F));
  const IntTensor q = lsq->forward(r);
  EXPECT_THAT(values(q.v), ElementsAre(-4, -4, -1, 0, 2, 2, 3, 3));
  const torch::Tensor dr = backward(q.v, q.s, floats({1, 2, 3, 4, 5, 6, 7, 8}, {8, 1}), r);
  EXPECT_THAT(values(dr), ElementsAre(0, 0, 3, 4, 5, 6, 0, 0));
  // Gradient scale 1 / sqrt(N Qp) = 1 / sqrt(8 * 3) = 0.2041241.
  EXPECT_EQ(kHandGradientOfScale, 35.75F);
  EXPECT_NEAR(lsq->named_parameters()["step"].grad().item<float>(), 35.75 * 0.20412415, 1e-5);
}

TEST(LsqWeights, NegativeParameterMirrorsTheScale) {
  const auto lsq = LsqQuantizer::for_weights(3, std::nullopt);
  torch::Tensor r = hand_values().requires_grad_();
  lsq->observe(r.detach());
  set_parameter(*lsq, "step", torch::full({}, -0.5F));
  const IntTensor q = lsq->forward(r);
  EXPECT_EQ(q.s.item<float>(), 0.5F);
  backward(q.v, q.s, floats({1, 2, 3, 4, 5, 6, 7, 8}, {8, 1}), r);
  EXPECT_NEAR(lsq->named_parameters()["step"].grad().item<float>(), -35.75 * 0.20412415, 1e-5);
}

TEST(LsqWeights, PerChannelScalesAndTheirGradientScale) {
  const auto lsq = LsqQuantizer::for_weights(3, 2);
  // Channel 0, s = 1: r / s = 0.25, 9 -> v = 0, 3; dy/ds = -0.25, 3. Channel 1, s = 2: -0.75, -9 -> -1, -4;
  // -0.25, -4.
  torch::Tensor r = floats({0.25F, 9, -1.5F, -18}, {2, 2, 1, 1}).requires_grad_();
  lsq->observe(r.detach());
  set_parameter(*lsq, "step", floats({1, 2}));
  const IntTensor q = lsq->forward(r);
  EXPECT_THAT(values(q.v), ElementsAre(0, 3, -1, -4));
  EXPECT_THAT(values(backward(q.v, q.s, torch::ones({2, 2, 1, 1}), r)), ElementsAre(1, 0, 1, 0));
  // N = 2 weights per channel: 1 / sqrt(6) = 0.40824829; times 2.75 and -4.25.
  EXPECT_THAT(values(lsq->named_parameters()["step"].grad()),
              Pointwise(FloatNear(1e-5F), {2.75F * 0.40824829F, -4.25F * 0.40824829F}));
}

TEST(LsqActivations, GradientScaleCountsTheFeaturesOfOneSample) {
  const auto lsq = LsqQuantizer::for_activations(Grid::unsigned_grid(2), std::nullopt);
  torch::Tensor r = floats({0.25F, 5, -1, 1, 1, 1, 1, 1}, {2, 4, 1, 1}).requires_grad_();
  lsq->observe(r.detach());
  set_parameter(*lsq, "step", torch::ones({}));
  const IntTensor q = lsq->forward(r);
  EXPECT_THAT(values(q.v), ElementsAre(0, 3, 0, 1, 1, 1, 1, 1));
  EXPECT_THAT(values(backward(q.v, q.s, torch::ones({2, 4, 1, 1}), r)), ElementsAre(1, 0, 0, 1, 1, 1, 1, 1));
  // dy/ds: -0.25, 3, 0, then v - r/s = 0: sum 2.75; N = 4, Qp = 3: 1 / sqrt(12) = 0.28867513.
  EXPECT_NEAR(lsq->named_parameters()["step"].grad().item<float>(), 2.75 * 0.28867513, 1e-6);
}

TEST(LsqWeights, StartsAtTwiceTheMeanMagnitudeOverTheRootOfQp) {
  const torch::Tensor w = floats({1, -3, 2, -2, 0.5F, 0.5F, -0.5F, 0.5F}, {2, 4});
  const auto two = LsqQuantizer::for_weights(2, std::nullopt);  // Qp = 1, mean 1.25
  two->observe(w);
  EXPECT_EQ(two->scale().item<float>(), 2.5F);
  const auto three = LsqQuantizer::for_weights(3, 2);  // Qp = 3; means 2 and 0.5
  three->observe(w);
  EXPECT_THAT(values(three->scale()), Pointwise(FloatNear(1e-6F), {2.3094011F, 0.57735027F}));
  three->observe(w * 2);  // weights: the latest, no average
  EXPECT_THAT(values(three->scale()), Pointwise(FloatNear(1e-6F), {4.6188022F, 1.1547005F}));
}

TEST(LsqActivations, StartsAtTheAverageOverObservedBatchesOfClippedValues) {
  const auto lsq = LsqQuantizer::for_activations(Grid::unsigned_grid(2), std::nullopt);
  lsq->observe(floats({-40, 2, 1, 1}, {1, 4}));              // rectified: mean 1
  EXPECT_NEAR(lsq->scale().item<float>(), 1.1547005, 1e-6);  // 2 / sqrt(3)
  lsq->observe(floats({-40, 2, 1, 9}, {1, 4}));              // mean 3, so far 2
  EXPECT_NEAR(lsq->scale().item<float>(), 2.3094011, 1e-6);
  lsq->observe(floats({-40, 20, 0, 0}, {1, 4}));  // mean 5, so far 3
  EXPECT_NEAR(lsq->scale().item<float>(), 3.4641016, 1e-6);

  const auto capped = LsqQuantizer::for_activations(Grid::unsigned_grid(2), 6.0);
  capped->observe(floats({-40, 100, 2, 0}, {1, 4}));  // 0 6 2 0: mean 2
  EXPECT_NEAR(capped->scale().item<float>(), 2.3094011, 1e-6);

  const auto both = LsqQuantizer::for_activations(Grid::signed_grid(2), std::nullopt);
  both->observe(floats({-4, 2, 1, 1}, {1, 4}));  // Qp = 1, mean 2
  EXPECT_EQ(both->scale().item<float>(), 4.0F);
}

TEST(LsqActivations, FirstTrainingForwardObserves) {
  const auto lsq = LsqQuantizer::for_activations(Grid::signed_grid(2), std::nullopt);
  EXPECT_FALSE(lsq->initialized());
  EXPECT_EQ(lsq->forward(floats({-4, 2, 1, 1}, {1, 4})).s.item<float>(), 4.0F);
  EXPECT_TRUE(lsq->initialized());
  EXPECT_EQ(lsq->forward(floats({-400, 2, 1, 1}, {1, 4})).s.item<float>(), 4.0F);
}

TEST(LsqActivations, EvaluationWithoutARangeIsRefused) {
  const auto lsq = LsqQuantizer::for_activations(Grid::signed_grid(2), std::nullopt);
  lsq->eval();
  EXPECT_THROW(lsq->forward(torch::ones({1, 4})), Error);
  EXPECT_THROW(lsq->to_int(torch::ones({1, 4})), Error);
  EXPECT_THROW(lsq->scale(), Error);
}

TEST(LsqActivations, CeilingFollowsTheScale) {
  const auto lsq = LsqQuantizer::for_activations(Grid::unsigned_grid(8), 6.0);
  lsq->observe(torch::ones({1, 4}));
  set_parameter(*lsq, "step", torch::full({}, 0.0625F));
  EXPECT_EQ(lsq->grid().qmax, 96);  // 6 / s
  set_parameter(*lsq, "step", torch::full({}, 0.015625F));
  EXPECT_EQ(lsq->grid().qmax, 255);  // 384 is past 8 bits
  set_parameter(*lsq, "step", torch::full({}, 4.0F));
  EXPECT_EQ(lsq->grid().qmax, 2);  // 1.5 + 1/2
  set_parameter(*lsq, "step", torch::full({}, 100.0F));
  EXPECT_EQ(lsq->grid().qmax, 1);
  set_parameter(*lsq, "step", torch::full({}, 0.0625F));
  const IntTensor q = lsq->forward(floats({5.9F, 6.0F, 70.0F}, {1, 3}));
  EXPECT_THAT(values(q.v), ElementsAre(94, 96, 96));
  EXPECT_EQ(q.grid.qmax, 96);
}

TEST(LsqActivations, ValuesAboveTheCeilingDoNotMoveTheScale) {
  const auto lsq = LsqQuantizer::for_activations(Grid::unsigned_grid(8), 6.0);
  lsq->observe(torch::ones({1, 1}));
  set_parameter(*lsq, "step", torch::full({}, 0.0625F));
  torch::Tensor r = floats({70.0F}, {1, 1}).requires_grad_();
  const IntTensor q = lsq->forward(r);
  backward(q.v, q.s, torch::ones({1, 1}), r);
  EXPECT_EQ(lsq->named_parameters()["step"].grad().item<float>(), 0.0F);
}

TEST(LsqWeights, AnotherNumberOfChannelsIsRefused) {
  const auto lsq = LsqQuantizer::for_weights(4, 3);
  EXPECT_THROW(lsq->observe(torch::ones({2, 3})), Error);
}

// Clip 2.5 over 3 positive steps; signed activations reach half a step beyond the last of theirs; unsigned
// ones start at the largest batch with min_max, else at the mean of the batches.
TEST(Lsq, StartsAtAnObserversClip) {
  const auto weights = LsqQuantizer::for_weights(3, std::nullopt);
  ASSERT_TRUE(weights->start_at_clip_of(ObserverKind::kMinMax));
  weights->observe(hand_values());
  EXPECT_FLOAT_EQ(weights->scale().item<float>(), 2.5F / 3);

  const auto channels = LsqQuantizer::for_weights(2, 2);
  channels->start_at_clip_of(ObserverKind::kMinMax);
  channels->observe(floats({0.5F, -2, 0, 0.25F}, {2, 2, 1, 1}));
  EXPECT_THAT(values(channels->scale()), ElementsAre(2, 0.25F));

  const auto signed_ = LsqQuantizer::for_activations(Grid::signed_grid(3), std::nullopt);
  signed_->start_at_clip_of(ObserverKind::kMinMax);
  signed_->observe(hand_values());
  EXPECT_FLOAT_EQ(signed_->scale().item<float>(), 2.5F / 3.5F);

  for (const auto& [kind, step] :
       {std::pair{ObserverKind::kMinMax, 1.0F}, std::pair{ObserverKind::kMovingAverage, 0.75F}}) {
    const auto lsq = LsqQuantizer::for_activations(Grid::unsigned_grid(2), std::nullopt);
    lsq->start_at_clip_of(kind);
    lsq->observe(floats({-9, 3}, {1, 2}));
    lsq->observe(floats({0.5F, 1.5F}, {1, 2}));
    EXPECT_FLOAT_EQ(lsq->scale().item<float>(), step);
  }
}

}  // namespace
}  // namespace intact
