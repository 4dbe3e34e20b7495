#include "quant/tqt_quantizer.h"

#include <gmock/gmock.h>

#include <cmath>

#include "core/error.h"
#include "quant/libtorch.h"
#include "tests/quant/tensors.h"

namespace intact {
namespace {

using test::backward;
using test::floats;
using test::set_parameter;
using test::values;
using testing::ElementsAre;

// Jain et al. 2019 by hand. 3 bits signed: n = -4, p = 3. Threshold 2^0.7, so 2^ceil = 2 and s = 2 / 4 = 1/2.
//   r      -2.5  -2.125  -0.625  0.25  0.75  1.625  2
//   r / s  -5    -4.25   -1.25   0.5   1.5   3.25   4
//   v      -4    -4      -1      0     2     3      3
// Into the grid (equation 9): 0 1 1 1 1 1 0. Equation 7 for s: -4, then v - r / s = 0.25, 0.25, -0.5, 0.5,
// -0.25, then 3. Equation 8: times s ln 2.
TEST(Tqt, GradientIsThePapers) {
  TqtQuantizer tqt(Grid::weight_grid(3), std::nullopt, std::nullopt);
  torch::Tensor r = floats({-2.5F, -2.125F, -0.625F, 0.25F, 0.75F, 1.625F, 2}, {7, 1}).requires_grad_();
  tqt.observe(r.detach());
  set_parameter(tqt, "threshold", torch::full({}, 0.7F));
  const IntTensor q = tqt.forward(r);
  EXPECT_EQ(q.s.item<float>(), 0.5F);
  EXPECT_THAT(values(q.v), ElementsAre(-4, -4, -1, 0, 2, 3, 3));
  const torch::Tensor dr = backward(q.v, q.s, floats({1, 2, 3, 4, 5, 6, 7}, {7, 1}), r);
  EXPECT_THAT(values(dr), ElementsAre(0, 2, 3, 4, 5, 6, 0));
  const double sum = 1 * -4 + 2 * 0.25 + 3 * 0.25 + 4 * -0.5 + 5 * 0.5 + 6 * -0.25 + 7 * 3;  // 17.25
  EXPECT_NEAR(tqt.named_parameters()["threshold"].grad().item<double>(), sum * 0.5 * std::log(2.0), 1e-5);
}

// Unsigned: 2 bits, threshold 2^-1, s = 2^-1 / 4.
TEST(Tqt, UnsignedScaleAndRectifier) {
  TqtQuantizer tqt(Grid::unsigned_grid(2), std::nullopt, std::nullopt);
  torch::Tensor r = floats({-0.25F, 0.0625F, 0.25F, 1}, {1, 4}).requires_grad_();
  tqt.observe(r.detach());
  set_parameter(tqt, "threshold", torch::full({}, -1.0F));
  const IntTensor q = tqt.forward(r);
  EXPECT_EQ(q.s.item<float>(), 0.125F);
  EXPECT_THAT(values(q.v), ElementsAre(0, 0, 2, 3));
  EXPECT_THAT(values(backward(q.v, q.s, floats({1, 2, 3, 4}, {1, 4}), r)), ElementsAre(0, 2, 3, 0));
}

TEST(Tqt, ScalesArePowersOfTwoPerChannel) {
  TqtQuantizer tqt(Grid::weight_grid(4), 3, std::nullopt);
  tqt.observe(floats({0.01F, 0.02F, 3, 5, 1000, 700}, {3, 2}));
  for (const float s : values(tqt.scale())) {
    int exponent = 0;
    EXPECT_EQ(std::frexp(s, &exponent), 0.5F) << s;
  }
  EXPECT_THROW(tqt.forward(torch::ones({2, 2})), Error);
}

// Half an octave below log2 of LSQ's start, 2 mean|r| / sqrt(qmax), times 2^(bits - 1): 2 * 1.75 / sqrt(7)
// * 8.
TEST(Tqt, StartsWhereLsqDoes) {
  TqtQuantizer tqt(Grid::signed_grid(4), std::nullopt, std::nullopt);
  EXPECT_THROW(tqt.to_int(torch::ones({1, 1})), Error);
  tqt.observe(floats({1, -2.5F}, {1, 2}));
  EXPECT_NEAR(tqt.named_parameters()["threshold"].item<double>(), std::log2(3.5 / std::sqrt(7.0) * 8) - 0.5,
              1e-6);
}

TEST(Tqt, StaysWithinItsRange) {
  TqtQuantizer tqt(Grid::signed_grid(4), std::nullopt, std::nullopt);
  tqt.observe(torch::ones({1, 1}));
  set_parameter(tqt, "threshold", torch::full({}, 1e9F));
  EXPECT_EQ(tqt.scale().item<float>(), 0x1p20F);
  set_parameter(tqt, "threshold", torch::full({}, -1e9F));
  EXPECT_EQ(tqt.scale().item<float>(), 0x1p-20F);
}

}  // namespace
}  // namespace intact
