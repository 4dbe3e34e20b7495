#include "quant/ternary_weight_quantizer.h"

#include <gtest/gtest.h>
#include "quant/libtorch.h"

#include "tests/quant/tensors.h"

namespace intact {
namespace {

using test::floats;
using test::values;

// E|w| = 10 / 8 = 1.25, delta = 0.875: -3, 1 and 2 are beyond, their mean magnitude is 2.
TEST(TernaryWeightQuantizer, ByHand) {
  TernaryWeightQuantizer quantizer(std::nullopt);
  const torch::Tensor w = floats({-3, 0.5F, 1, 2, -0.75F, 0.75F, -0.5F, 1.5F}, {2, 4}).requires_grad_();
  const IntTensor q = quantizer.forward(w);
  EXPECT_EQ(values(q.v), (std::vector<float>{-1, 0, 1, 1, 0, 0, 0, 1}));
  EXPECT_EQ(q.s.item<float>(), 1.875F);  // (3 + 1 + 2 + 1.5) / 4
  EXPECT_EQ(q.grid, Grid::weight_grid(2));
  // Straight through everywhere: d(v s)/dw = 1, up to the rounding of s / s.
  (q.v * q.s).sum().backward();
  EXPECT_TRUE(torch::allclose(w.grad(), torch::ones({2, 4})));
  EXPECT_FALSE(q.s.requires_grad());
}

TEST(TernaryWeightQuantizer, EachChannelHasItsOwnThresholdAndScale) {
  TernaryWeightQuantizer quantizer(2);
  const IntTensor q = quantizer.to_int(floats({1, 1, -1, 0, 10, -1, 1, 0}, {2, 4}));
  EXPECT_EQ(values(q.v), (std::vector<float>{1, 1, -1, 0, 1, 0, 0, 0}));  // thresholds 0.525 and 2.1
  EXPECT_EQ(values(q.s), (std::vector<float>{1, 10}));
}

TEST(TernaryWeightQuantizer, ZeroWeightsStayZero) {
  const IntTensor q = TernaryWeightQuantizer(std::nullopt).to_int(torch::zeros({2, 3}));
  EXPECT_TRUE(q.v.eq(0).all().item<bool>());
  EXPECT_EQ(q.s.item<float>(), 0x1p-20F);
}

}  // namespace
}  // namespace intact
