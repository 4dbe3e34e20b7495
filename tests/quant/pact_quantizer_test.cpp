#include "quant/pact_quantizer.h"

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

// Choi et al. 2018 by hand: 2 bits, alpha = 3, so s = 1.
//   r          -1  0.4  1.5  2.5  2.75  3  5
//   v           0  0    2    2    3     3  3
//   dy/dr       0  1    1    1    1     0  0     1 within (0, alpha)
//   dy/dalpha   0  0    0    0    0     1  1     1 from alpha on, although v = 3 at 2.75
TEST(Pact, GradientIsThePapers) {
  PactQuantizer pact(2, 3.0, 0.0, std::nullopt);
  torch::Tensor r = floats({-1, 0.4F, 1.5F, 2.5F, 2.75F, 3, 5}, {1, 7}).requires_grad_();
  const IntTensor q = pact.forward(r);
  EXPECT_EQ(q.s.item<float>(), 1.0F);
  EXPECT_THAT(values(q.v), ElementsAre(0, 0, 2, 2, 3, 3, 3));
  const torch::Tensor dr = backward(q.v, q.s, floats({1, 2, 3, 4, 5, 6, 7}, {1, 7}), r);
  EXPECT_THAT(values(dr), ElementsAre(0, 2, 3, 4, 5, 0, 0));
  EXPECT_FLOAT_EQ(pact.named_parameters()["alpha"].grad().item<float>(), 13.0F);  // 6 + 7
}

TEST(Pact, ClipDividesIntoAllCodes) {
  PactQuantizer pact(4, 6.0, 0.0, std::nullopt);
  EXPECT_FLOAT_EQ(pact.scale().item<float>(), 0.4F);
  EXPECT_EQ(pact.grid(), Grid::unsigned_grid(4));
  pact.observe(torch::full({1, 1}, 100.0F));  // the clip stays the config's
  EXPECT_FLOAT_EQ(pact.scale().item<float>(), 0.4F);
  EXPECT_TRUE(pact.initialized());
}

TEST(Pact, ClipStaysPositive) {
  PactQuantizer pact(8, 6.0, 0.0, std::nullopt);
  set_parameter(pact, "alpha", torch::zeros({}));
  EXPECT_EQ(pact.scale().item<float>(), 0x1p-20F);
  set_parameter(pact, "alpha", torch::full({}, -255.0F));
  EXPECT_EQ(pact.scale().item<float>(), 1.0F);
}

TEST(Pact, RegularizerIsHalfLambdaAlphaSquared) {
  PactQuantizer pact(4, 3.0, 0.1, std::nullopt);
  const torch::Tensor term = pact.regularizer();
  EXPECT_FLOAT_EQ(term.item<float>(), 0.45F);
  term.backward();
  EXPECT_FLOAT_EQ(pact.named_parameters()["alpha"].grad().item<float>(), 0.3F);
}

TEST(Pact, CeilingBelowTheClip) {
  PactQuantizer pact(4, 15.0, 0.0, 6.0);  // s = 1
  EXPECT_EQ(pact.grid().qmax, 6);
  torch::Tensor r = floats({14}, {1, 1}).requires_grad_();
  const IntTensor q = pact.forward(r);
  EXPECT_THAT(values(q.v), ElementsAre(6));
  EXPECT_THAT(values(backward(q.v, q.s, torch::ones({1, 1}), r)), ElementsAre(0));
  EXPECT_EQ(pact.named_parameters()["alpha"].grad().item<float>(), 0.0F);  // the ceiling clips, not alpha
}

TEST(Pact, RefusesImpossibleParameters) {
  EXPECT_THROW(PactQuantizer(4, 0.0, 0.1, std::nullopt), Error);
  EXPECT_THROW(PactQuantizer(4, -1.0, 0.1, std::nullopt), Error);
  EXPECT_THROW(PactQuantizer(4, 6.0, -0.1, std::nullopt), Error);
}

TEST(Pact, StartsAtAnObserversClip) {
  for (const auto& [kind, alpha] :
       {std::pair{ObserverKind::kMinMax, 3.0F}, std::pair{ObserverKind::kMovingAverage, 2.25F}}) {
    PactQuantizer pact(2, 6.0, 0.0, std::nullopt);
    ASSERT_TRUE(pact.start_at_clip_of(kind));
    pact.observe(floats({-9, 3}, {1, 2}));
    pact.observe(floats({0.5F, 1.5F}, {1, 2}));
    EXPECT_FLOAT_EQ(pact.scale().item<float>(), alpha / 3);
  }
  PactQuantizer ceiled(2, 6.0, 0.0, 1.5);
  ceiled.start_at_clip_of(ObserverKind::kMinMax);
  ceiled.observe(floats({0.5F, 4}, {1, 2}));
  EXPECT_FLOAT_EQ(ceiled.scale().item<float>(), 0.5F);
}

}  // namespace
}  // namespace intact
