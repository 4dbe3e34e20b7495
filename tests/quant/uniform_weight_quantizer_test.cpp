#include "quant/uniform_weight_quantizer.h"

#include <gmock/gmock.h>
#include "quant/libtorch.h"

#include "core/error.h"
#include "tests/quant/tensors.h"

namespace intact {
namespace {

using test::backward;
using test::floats;
using test::values;
using testing::ElementsAre;

TEST(UniformWeights, LargestMagnitudeIsTheLargestCode) {
  UniformWeightQuantizer quantizer(3, std::nullopt, ObserverKind::kMinMax);  // -4 .. 3
  torch::Tensor w = floats({0.25F, -1.5F, 1.0F, 0.75F}, {2, 2}).requires_grad_();
  const IntTensor q = quantizer.forward(w);
  EXPECT_EQ(q.s.item<float>(), 0.5F);                  // 1.5 / 3
  EXPECT_THAT(values(q.v), ElementsAre(0, -3, 2, 2));  // 0.5 and 1.5 are ties
  EXPECT_FALSE(q.s.requires_grad());
  // Straight through everywhere, the extremes included.
  EXPECT_THAT(values(backward(q.v, q.s, floats({1, 2, 3, 4}, {2, 2}), w)), ElementsAre(1, 2, 3, 4));
}

TEST(UniformWeights, PositiveExtremeHasGradientToo) {
  UniformWeightQuantizer quantizer(8, std::nullopt, ObserverKind::kMinMax);
  torch::Tensor w = floats({127, -127}, {1, 2}).requires_grad_();
  const IntTensor q = quantizer.forward(w);
  EXPECT_THAT(values(q.v), ElementsAre(127, -127));
  EXPECT_THAT(values(backward(q.v, q.s, torch::ones({1, 2}), w)), ElementsAre(1, 1));
}

TEST(UniformWeights, PerChannel) {
  UniformWeightQuantizer quantizer(2, 2, ObserverKind::kMinMax);  // -2 .. 1, qmax 1
  const IntTensor q = quantizer.forward(floats({4, -1, 0.5F, -0.125F}, {2, 2}));
  EXPECT_THAT(values(q.s), ElementsAre(4, 0.5F));
  EXPECT_THAT(values(q.v), ElementsAre(1, 0, 1, 0));
  EXPECT_THROW(quantizer.forward(torch::ones({3, 2})), Error);
}

TEST(UniformWeights, ZerosHaveTheSmallestScale) {
  UniformWeightQuantizer quantizer(4, 2, ObserverKind::kMinMax);
  const IntTensor q = quantizer.to_int(floats({0, 0, 7, 1}, {2, 2}));
  EXPECT_THAT(values(q.s), ElementsAre(0x1p-20F, 1));
  EXPECT_THAT(values(q.v), ElementsAre(0, 0, 7, 1));
}

TEST(UniformWeights, MinMaxHasNoScaleOfItsOwn) {
  const UniformWeightQuantizer quantizer(4, 2, ObserverKind::kMinMax);
  EXPECT_TRUE(quantizer.initialized());
  EXPECT_THROW(quantizer.scale(), Error);
}

TEST(UniformWeights, MovingAverageFollowsTrainingOnly) {
  UniformWeightQuantizer quantizer(4, std::nullopt, ObserverKind::kMovingAverage);  // qmax 7, momentum 0.1
  const torch::Tensor w = floats({7, -14}, {1, 2});
  quantizer.eval();
  EXPECT_THROW(quantizer.forward(w), Error);
  quantizer.train();
  EXPECT_EQ(quantizer.forward(w).s.item<float>(), 2.0F);
  EXPECT_FLOAT_EQ(quantizer.forward(w * 2).s.item<float>(), 2.2F);  // 0.9 * 14 + 0.1 * 28 = 15.4
  quantizer.eval();
  EXPECT_FLOAT_EQ(quantizer.forward(w * 9).s.item<float>(), 2.2F);
  quantizer.train();
  quantizer.set_observing(false);
  EXPECT_FLOAT_EQ(quantizer.forward(w * 9).s.item<float>(), 2.2F);
  EXPECT_FLOAT_EQ(quantizer.scale().item<float>(), 2.2F);
}

TEST(UniformWeights, ValuesPastAMovingRangeAreClippedWithoutGradient) {
  UniformWeightQuantizer quantizer(2, std::nullopt, ObserverKind::kMovingAverage);
  quantizer.observe(floats({1, -1}, {1, 2}));
  quantizer.eval();
  // s = 1, clip -2 .. 1: the gradient passes within -2.5 .. 1.5.
  torch::Tensor w = floats({1.5F, 1.6F, -2.5F, -2.6F}, {1, 4}).requires_grad_();
  const IntTensor q = quantizer.forward(w);
  EXPECT_THAT(values(q.v), ElementsAre(1, 1, -2, -2));
  EXPECT_THAT(values(backward(q.v, q.s, torch::ones({1, 4}), w)), ElementsAre(1, 0, 1, 0));
}

}  // namespace
}  // namespace intact
