// Adaptive rounding: its functions at values worked out by hand, and a layer whose best rounding is known.
#include "train/calibrate/adaround.h"

#include <gtest/gtest.h>
#include "quant/libtorch.h"

#include <cmath>
#include <optional>
#include <tuple>

#include "config/load.h"
#include "core/error.h"

namespace intact {
namespace {

// sigmoid(0) = 1/2, sigmoid(log 3) = 3/4: h = 1.2 sigmoid - 0.1 = 0.5 and 0.8; dh/dV = 1.2 sigmoid (1 -
// sigmoid) = 0.3 and 0.225. Where sigmoid is below 1/12 or above 11/12 h is 0 or 1 and still.
TEST(RectifiedSigmoid, ValuesAndGradientByHand) {
  const torch::Tensor v = torch::tensor({0.0F, std::log(3.0F), -3.0F, 3.0F}).requires_grad_(true);
  const torch::Tensor h = rectified_sigmoid(v);
  h.sum().backward();
  EXPECT_TRUE(torch::allclose(h, torch::tensor({0.5F, 0.8F, 0.0F, 1.0F}), 0, 1e-6));
  EXPECT_TRUE(torch::allclose(v.grad(), torch::tensor({0.3F, 0.225F, 0.0F, 0.0F}), 0, 1e-6));
}

TEST(RectifiedSigmoid, InverseStartsAtTheRemainder) {
  const torch::Tensor h = torch::tensor({0.0F, 0.25F, 0.5F, 0.8F, 1.0F});
  const torch::Tensor v = inverse_rectified_sigmoid(h);
  EXPECT_NEAR(v[3].item<double>(), std::log(3.0), 1e-6);
  EXPECT_NEAR(v[0].item<double>(), -std::log(11.0), 1e-5);  // sigmoid = 1/12
  EXPECT_TRUE(torch::allclose(rectified_sigmoid(v), h, 0, 1e-6));
}

// h = 0.8, |2 h - 1| = 0.6. beta 2: 1 - 0.36 and -2 * 2 * 0.6; beta 4: 1 - 0.1296 and -4 * 2 * 0.216. At 1/2
// the term is 1 and does not pull, at 0 and 1 it is 0.
TEST(RoundingRegularizer, ValuesAndGradientByHand) {
  for (const auto& [beta, value, gradient] : {std::tuple{2.0, 0.64, -2.4}, std::tuple{4.0, 0.8704, -1.728}}) {
    const torch::Tensor h = torch::tensor({0.8F, 0.5F, 0.0F, 1.0F}).requires_grad_(true);
    const torch::Tensor sum = rounding_regularizer(h, beta);
    sum.backward();
    EXPECT_NEAR(sum.item<double>(), value + 1, 1e-5);
    EXPECT_NEAR(h.grad()[0].item<double>(), gradient, 1e-5);
    EXPECT_EQ(h.grad()[1].item<double>(), 0);
  }
}

TEST(AnnealedBeta, CosineBehindTheWarmUp) {
  AdaroundConfig config;
  config.iterations = 101;
  config.warmup = 0.0;
  config.beta_start = 20;
  config.beta_end = 2;
  EXPECT_DOUBLE_EQ(annealed_beta(config, 0), 20);
  EXPECT_NEAR(annealed_beta(config, 50), 11, 1e-9);
  EXPECT_NEAR(annealed_beta(config, 25), 11 + 9 * std::sqrt(0.5), 1e-9);
  EXPECT_DOUBLE_EQ(annealed_beta(config, 100), 2);
  config.warmup = 0.5;  // 51 iterations
  EXPECT_DOUBLE_EQ(annealed_beta(config, 30), 20);
  EXPECT_DOUBLE_EQ(annealed_beta(config, 51), 20);
  EXPECT_DOUBLE_EQ(annealed_beta(config, 100), 2);
}

// One filter over three channels: 127, 0.45 and 0.35 steps. Channel 0 is always real 0, channels 1 and 2 are
// always equal, so what counts is the sum of their weights, 0.8: rounding to nearest makes it 0, and 1 (the
// larger one up) is the best there is.
class OneFilter : public ::testing::Test {
 protected:
  void SetUp() override {
    config = parse_config(
        "name: n\ndata: {path: unused, std: 0.01}\nmodel: {layers: [{name: fc, type: linear, out: 1}]}\n"
        "train: {phases: [{kind: qat}]}\n",
        "config");
    network = build_network(config, {1, 1, 3});
    network->eval();
    conv = network->layers()[0]->convolution();
    conv->set_weight((torch::tensor({127.0F, 0.45F, 0.35F}) / 127).view({1, 3, 1, 1}));
    conv->weight_quantizer().start_at_clip_of(ObserverKind::kMinMax);
    const torch::Tensor pair = torch::arange(64, torch::kInt64).mul(4).to(torch::kUInt8);
    const torch::Tensor zero = torch::zeros_like(pair);
    sweep.emplace(*network, std::vector{torch::stack({zero, pair, pair}, 1).view({64, 1, 1, 3})});
    wanted = {conv->forward_float(sweep->wanted_inputs(*conv, 0), {Statistics::kRunning, true})};
  }

  AdaroundResult round() {
    return adaround(*conv, adaround_config, *sweep, wanted, 1, [](int) {});
  }
  torch::Tensor codes() const { return conv->weight_quantizer().to_int(conv->weight().detach()).v.flatten(); }

  ExperimentConfig config;
  std::shared_ptr<Network> network;
  ConvLayer* conv = nullptr;
  std::optional<Sweep> sweep;
  std::vector<torch::Tensor> wanted;
  AdaroundConfig adaround_config{400, 16, 0.02, 0.01, 0.2, 20, 2};
};

TEST_F(OneFilter, TheSumIsRounded) {
  ASSERT_TRUE(torch::equal(codes(), torch::tensor({127.0F, 0.0F, 0.0F})));
  const AdaroundResult result = round();
  EXPECT_TRUE(torch::equal(codes(), torch::tensor({127.0F, 1.0F, 0.0F})));
  EXPECT_EQ(result.changed, 1);
  // 0.8 of a step missing before, 0.2 too many after.
  EXPECT_NEAR(result.error_nearest / result.error_rounded, 16, 0.01);
}

// A regularizer that outweighs the error from the start pulls each weight to its nearest, which is kept.
TEST_F(OneFilter, AStrongRegularizerRoundsToNearest) {
  adaround_config.regularizer = 100;
  adaround_config.beta_start = 2;
  adaround_config.warmup = 0;
  const AdaroundResult result = round();
  EXPECT_EQ(result.changed, 0);
  EXPECT_EQ(result.error_rounded, result.error_nearest);
  EXPECT_TRUE(torch::equal(codes(), torch::tensor({127.0F, 0.0F, 0.0F})));
}

}  // namespace
}  // namespace intact
