#include "quant/uniform_activation_quantizer.h"

#include <gmock/gmock.h>
#include "quant/libtorch.h"

#include <cmath>
#include <limits>

#include "core/error.h"
#include "tests/quant/tensors.h"

namespace intact {
namespace {

using test::backward;
using test::floats;
using test::values;
using testing::ElementsAre;

UniformActivationQuantizer make(int bits, UniformRange range, std::optional<double> ceiling = std::nullopt) {
  return {bits, range, ceiling, ObserverKind::kMinMax, 0.1};
}

TEST(UniformActivations, UnsignedRangeEndsAtTheLargestCode) {
  UniformActivationQuantizer quantizer = make(2, UniformRange::kUnsigned);
  torch::Tensor r = floats({-7, 0.5F, 0.75F, 1.25F, 1.5F}, {1, 5}).requires_grad_();
  const IntTensor q = quantizer.forward(r);
  EXPECT_EQ(q.s.item<float>(), 0.5F);  // 1.5 / 3
  EXPECT_THAT(values(q.v), ElementsAre(0, 1, 2, 2, 3));
  EXPECT_EQ(q.grid, Grid::unsigned_grid(2));
  EXPECT_FALSE(q.s.requires_grad());
  EXPECT_THAT(values(backward(q.v, q.s, floats({1, 2, 3, 4, 5}, {1, 5}), r)), ElementsAre(0, 2, 3, 4, 5));
}

TEST(UniformActivations, RectifiedValuesHaveNoGradientEvenWithinHalfAStep) {
  UniformActivationQuantizer quantizer = make(2, UniformRange::kUnsigned);
  torch::Tensor r = floats({-0.125F, 0, 0.125F, 1.5F}, {1, 4}).requires_grad_();  // s = 0.5
  const IntTensor q = quantizer.forward(r);
  EXPECT_THAT(values(q.v), ElementsAre(0, 0, 0, 3));
  EXPECT_THAT(values(backward(q.v, q.s, torch::ones({1, 4}), r)), ElementsAre(0, 0, 1, 1));
}

TEST(UniformActivations, SignedRangeEndsHalfAStepPastTheLargestCode) {
  UniformActivationQuantizer quantizer = make(3, UniformRange::kSigned);  // -4 .. 3
  const IntTensor q = quantizer.forward(floats({-7, 3.5F, 5.5F, 7}, {1, 4}));
  EXPECT_EQ(q.s.item<float>(), 2.0F);  // 7 / 3.5
  EXPECT_THAT(values(q.v), ElementsAre(-4, 2, 3, 3));
  EXPECT_EQ(q.grid, Grid::signed_grid(3));
  quantizer.observe(floats({-14}, {1, 1}));
  EXPECT_EQ(quantizer.scale().item<float>(), 4.0F);  // the negative end may be the larger one
}

TEST(UniformActivations, AsymmetricZeroPointIsACode) {
  UniformActivationQuantizer quantizer = make(2, UniformRange::kAsymmetric);
  torch::Tensor r = floats({-1, 0, 0.25F, 1.5F, 2}, {1, 5}).requires_grad_();
  const IntTensor q = quantizer.forward(r);
  EXPECT_EQ(q.s.item<float>(), 1.0F);  // (2 + 1) / 3
  EXPECT_EQ(q.grid, Grid::unsigned_grid(2, 1));
  EXPECT_THAT(values(q.v), ElementsAre(-1, 0, 0, 2, 2));
  EXPECT_THAT(values(backward(q.v, q.s, torch::ones({1, 5}), r)), ElementsAre(1, 1, 1, 1, 1));
}

TEST(UniformActivations, AsymmetricRangeIsWidenedToZero) {
  UniformActivationQuantizer above = make(8, UniformRange::kAsymmetric);
  above.observe(floats({100, 255}, {1, 2}));
  EXPECT_EQ(above.scale().item<float>(), 1.0F);
  EXPECT_EQ(above.grid().z, 0);
  UniformActivationQuantizer below = make(8, UniformRange::kAsymmetric);
  below.observe(floats({-51, -1}, {1, 2}));
  EXPECT_FLOAT_EQ(below.scale().item<float>(), 0.2F);
  EXPECT_EQ(below.grid().z, 255);
}

TEST(UniformActivations, RoundsTheZeroPoint) {
  UniformActivationQuantizer quantizer = make(8, UniformRange::kAsymmetric);
  quantizer.observe(floats({-10.75F, 244.25F}, {1, 2}));  // s = 1
  EXPECT_EQ(quantizer.grid().z, 11);
}

TEST(UniformActivations, CeilingBoundsRangeAndGrid) {
  UniformActivationQuantizer quantizer = make(4, UniformRange::kUnsigned, 6.0);
  quantizer.observe(floats({100, 1}, {1, 2}));
  EXPECT_FLOAT_EQ(quantizer.scale().item<float>(), 0.4F);  // 6 / 15, not 100 / 15
  EXPECT_EQ(quantizer.grid().qmax, 15);
}

TEST(UniformActivations, NothingSeenButZeros) {
  UniformActivationQuantizer quantizer = make(8, UniformRange::kUnsigned);
  quantizer.observe(floats({-1, -2}, {1, 2}));
  EXPECT_EQ(quantizer.scale().item<float>(), 0x1p-20F);
  EXPECT_THAT(values(quantizer.to_int(floats({-1, 0}, {1, 2})).v), ElementsAre(0, 0));
}

TEST(UniformActivations, MovingAverageMovesInTrainingWhileObserving) {
  UniformActivationQuantizer quantizer(2, UniformRange::kUnsigned, std::nullopt, ObserverKind::kMovingAverage,
                                       0.25);
  EXPECT_EQ(quantizer.forward(floats({12}, {1, 1})).s.item<float>(), 4.0F);
  EXPECT_EQ(quantizer.forward(floats({24}, {1, 1})).s.item<float>(), 5.0F);  // 15 / 3
  quantizer.eval();
  EXPECT_EQ(quantizer.forward(floats({99}, {1, 1})).s.item<float>(), 5.0F);
  quantizer.train();
  quantizer.set_observing(false);
  EXPECT_EQ(quantizer.forward(floats({99}, {1, 1})).s.item<float>(), 5.0F);
  quantizer.observe(floats({3}, {1, 1}));  // asked for: 0.75 * 15 + 0.25 * 3 = 12
  EXPECT_EQ(quantizer.scale().item<float>(), 4.0F);
}

TEST(UniformActivations, EvaluationWithoutARangeIsRefused) {
  UniformActivationQuantizer quantizer = make(8, UniformRange::kSigned);
  quantizer.eval();
  EXPECT_THROW(quantizer.forward(torch::ones({1, 1})), Error);
  EXPECT_THROW(quantizer.scale(), Error);
}

TEST(UniformActivations, RangesRefuseValuesThatAreNotFinite) {
  for (const float bad : {std::nanf(""), std::numeric_limits<float>::infinity()}) {
    UniformActivationQuantizer quantizer = make(8, UniformRange::kUnsigned, 6.0);
    EXPECT_THROW(quantizer.observe(floats({1, bad}, {1, 2})), Error);
    EXPECT_FALSE(quantizer.initialized());
  }
  UniformActivationQuantizer quantizer = make(8, UniformRange::kUnsigned);
  EXPECT_THROW(quantizer.observe(torch::empty({0, 3})), Error);
}

}  // namespace
}  // namespace intact
