#include "quant/dorefa_weight_quantizer.h"

#include <gtest/gtest.h>
#include "quant/libtorch.h"

#include <cmath>

#include "tests/quant/tensors.h"

namespace intact {
namespace {

using test::floats;
using test::values;

// atanh makes tanh(w) = -0.8, -0.2, 0.4, 0.8: t = -1, -1/4, 1/2, 1. At 3 bits qmax = 3, s = 1/3: t / s = -3,
// -0.75, 1.5, 3; 1.5 is a tie, but for float32's rounding of tanh, so 0.44 / 0.8 = 0.55 is used: 1.65.
TEST(DorefaWeightQuantizer, ThreeBitsByHand) {
  DorefaWeightQuantizer quantizer(3, std::nullopt);
  const std::vector<double> tanhs{-0.8, -0.2, 0.44, 0.8};
  std::vector<float> weights;
  for (const double t : tanhs) weights.push_back(static_cast<float>(std::atanh(t)));
  const torch::Tensor w = floats(weights, {1, 4}).requires_grad_();
  const IntTensor q = quantizer.forward(w);
  EXPECT_EQ(values(q.v), (std::vector<float>{-3, -1, 2, 3}));
  EXPECT_EQ(q.s.item<float>(), 1.0F / 3.0F);
  // d(v s)/dw = (1 - tanh^2) / 0.8: 0.45, 1.2, 1.008, 0.45.
  (q.v * q.s).sum().backward();
  const std::vector<float> gradient = values(w.grad());
  const std::vector<double> expected{0.45, 1.2, 1.008, 0.45};
  for (std::size_t i = 0; i < 4; ++i) EXPECT_NEAR(gradient[i], expected[i], 1e-5) << i;
}

TEST(DorefaWeightQuantizer, ZeroWeightsStayZero) {
  DorefaWeightQuantizer quantizer(4, 2);
  const IntTensor q = quantizer.to_int(torch::zeros({2, 3}));
  EXPECT_TRUE(q.v.eq(0).all().item<bool>());
  EXPECT_EQ(q.s.size(0), 2);
}

}  // namespace
}  // namespace intact
