#include "quant/sawb_weight_quantizer.h"

#include <gtest/gtest.h>
#include "quant/libtorch.h"

#include "core/error.h"
#include "tests/quant/tensors.h"

namespace intact {
namespace {

using test::floats;
using test::values;

// Weights -2, -1, 1, 2: E|w| = 1.5, sqrt(E w^2) = sqrt(2.5) = 1.5811388. At 2 bits alpha = 3.212 * 1.5811388
// - 2.178 * 1.5 = 1.8116179, s = 2 alpha / 3 = 1.2077453; w / s = -1.656, -0.828, 0.828, 1.656 (clipped to
// 1).
TEST(SawbWeightQuantizer, TwoBitsByHand) {
  SawbWeightQuantizer quantizer(2, std::nullopt);
  const torch::Tensor w = floats({-2, -1, 1, 2}, {1, 4}).requires_grad_();
  const IntTensor q = quantizer.forward(w);
  EXPECT_NEAR(q.s.item<double>(), 1.2077453, 1e-6);
  EXPECT_EQ(values(q.v), (std::vector<float>{-2, -1, 1, 1}));
  EXPECT_FALSE(q.s.requires_grad());
  // Straight through within -2.5 .. 1.5 steps: 1.656 is beyond.
  (q.v * q.s).sum().backward();
  EXPECT_EQ(values(w.grad()), (std::vector<float>{1, 1, 1, 0}));
}

TEST(SawbWeightQuantizer, EachChannelHasItsOwnStep) {
  SawbWeightQuantizer quantizer(4, 2);
  const torch::Tensor w = floats({-2, -1, 1, 2, -4, -2, 2, 4}, {2, 4});
  const torch::Tensor s = quantizer.to_int(w).s;
  EXPECT_EQ(s.dim(), 1);
  // alpha = 12.68 * 1.5811388 - 12.80 * 1.5 = 0.8488403; s = 2 alpha / 15; the second channel's weights are
  // twice as large.
  EXPECT_NEAR(s[0].item<double>(), 0.1131787, 1e-5);
  EXPECT_EQ(s[1].item<float>(), 2 * s[0].item<float>());
}

TEST(SawbWeightQuantizer, RefusesBitsWithoutCoefficients) {
  EXPECT_THROW(SawbWeightQuantizer(6, std::nullopt), Error);
  EXPECT_THROW(SawbWeightQuantizer(7, std::nullopt), Error);
}

}  // namespace
}  // namespace intact
