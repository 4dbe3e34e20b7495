#include "quant/positive_scale.h"

#include <gmock/gmock.h>
#include "quant/libtorch.h"

#include <cmath>

#include "tests/quant/tensors.h"

namespace intact {
namespace {

using test::floats;
using test::values;
using testing::ElementsAre;

TEST(PositiveScale, IsTheMagnitudeAboveTheFloor) {
  EXPECT_THAT(values(positive_scale(floats({0.5F, -0.5F, 0.0F, -0x1p-30F, 0x1p-20F}), {})),
              ElementsAre(0.5F, 0.5F, 0x1p-20F, 0x1p-20F, 0x1p-20F));
}

TEST(PositiveScale, FloorHoldsAfterTheDivision) {
  EXPECT_THAT(values(positive_scale(floats({510.0F, 0.0F}), {255.0F, 1.0F})), ElementsAre(2.0F, 0x1p-20F));
}

TEST(PositiveScale, NanStaysNan) {
  EXPECT_TRUE(std::isnan(positive_scale(torch::full({}, std::nanf("")), {}).item<float>()));
}

TEST(PositiveScale, GradientHasTheSignAndTheFactorAndPassesTheFloor) {
  torch::Tensor p = floats({2.0F, -2.0F, 0.0F, -0x1p-30F}).requires_grad_();
  const torch::Tensor s = positive_scale_ste(p, {4.0F, 0.5F});
  EXPECT_THAT(values(s), ElementsAre(0.5F, 0.5F, 0x1p-20F, 0x1p-20F));
  s.backward(floats({8, 16, 24, 32}));  // times 0.5 / 4
  EXPECT_THAT(values(p.grad()), ElementsAre(1, -2, 3, -4));
}

}  // namespace
}  // namespace intact
