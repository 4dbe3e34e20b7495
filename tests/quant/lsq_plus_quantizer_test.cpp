#include "quant/lsq_plus_quantizer.h"

#include <gtest/gtest.h>
#include "quant/libtorch.h"

#include <cmath>

#include "core/error.h"
#include "tests/quant/tensors.h"

namespace intact {
namespace {

using test::floats;
using test::values;

// Range -1 .. 2 at 2 bits: beta = -1, step = 3 / 3 = 1, z = 1: codes 0 .. 3 are v = -1 .. 2.
TEST(LsqPlusQuantizer, StartsFromTheRange) {
  LsqPlusQuantizer quantizer(2);
  EXPECT_FALSE(quantizer.initialized());
  quantizer.observe(floats({-1, 0, 2}, {1, 3}));
  EXPECT_EQ(quantizer.scale().item<float>(), 1.0F);
  EXPECT_EQ(quantizer.grid().z, 1);
  EXPECT_EQ(values(quantizer.to_int(floats({-5, -0.6F, 0, 1.4F, 9}, {1, 5})).v),
            (std::vector<float>{-1, -1, 0, 1, 2}));
}

// With step 1, z = 1, and the consumer's weights c = 1, 10, 100, 1000 on v s at r = -3 (below), -0.75, 0.25
// (within), 5 (beyond):
//   dr = 0, 10, 100, 0
//   dstep = g (1 * -1 + 10 (-1 + 0.75) + 100 (0 - 0.25) + 1000 * 2) = g 1971.5
//   dbeta = g (1 + 1000), g = 1 / sqrt(4 * 3).
TEST(LsqPlusQuantizer, GradientsByHand) {
  LsqPlusQuantizer quantizer(2);
  quantizer.observe(floats({-1, 0, 2}, {1, 3}));
  const torch::Tensor r = floats({-3, -0.75F, 0.25F, 5}, {1, 4}).requires_grad_();
  const IntTensor q = quantizer.forward(r);
  EXPECT_EQ(values(q.v), (std::vector<float>{-1, -1, 0, 2}));
  const torch::Tensor gradient = test::backward(q.v, q.s, floats({1, 10, 100, 1000}, {1, 4}), r);
  EXPECT_EQ(values(gradient), (std::vector<float>{0, 10, 100, 0}));
  const double g = 1.0 / std::sqrt(12.0);
  EXPECT_NEAR(quantizer.named_parameters()["step"].grad().item<double>(), g * 1971.5, 1e-2);
  EXPECT_NEAR(quantizer.named_parameters()["beta"].grad().item<double>(), g * 1001.0, 1e-3);
}

TEST(LsqPlusQuantizer, RealZeroIsACode) {
  LsqPlusQuantizer quantizer(4);
  quantizer.observe(floats({-0.37F, 1.91F}, {1, 2}));
  EXPECT_EQ(values(quantizer.to_int(floats({0}, {1, 1})).v), (std::vector<float>{0}));
}

TEST(LsqPlusQuantizer, RefusesOneBit) {
  EXPECT_THROW(LsqPlusQuantizer(1), Error);
}

}  // namespace
}  // namespace intact
