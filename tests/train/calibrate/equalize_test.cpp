// Cross-layer equalization: which layers it pairs, that the float network stays the same, and that both
// ranges of every channel are equal behind it.
#include "train/calibrate/equalize.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include "quant/libtorch.h"

#include "config/load.h"
#include "nn/conv_layer.h"

namespace intact {
namespace {

// Batch norm or bias in front, a depthwise and a grouped convolution behind, pooling between; a ceiling, a
// residual and a second reader that stand in the way.
const char* const kConfig = R"(
name: n
data: {path: unused, mean: 0.4, std: 0.3}
model:
  layers:
    - {name: stem, type: conv, out: 6, kernel: 3, padding: 1, batch_norm: true, activation: relu}
    - {name: dw, type: conv, depthwise: true, kernel: 3, padding: 1, batch_norm: true, activation: none}
    - {name: pool, type: max_pool, kernel: 2, stride: 2}
    - {name: grouped, type: conv, out: 8, kernel: 3, padding: 1, groups: 2, activation: relu}
    - {name: mean, type: avg_pool, kernel: 2, stride: 1}
    - {name: six, type: conv, out: 8, kernel: 1, batch_norm: true, activation: relu6}
    - {name: fork, type: conv, out: 8, kernel: 1, batch_norm: true, activation: relu}
    - {name: side, type: conv, out: 8, kernel: 1, batch_norm: true, activation: relu}
    - {name: res, type: conv, out: 8, kernel: 1, batch_norm: true, residual: fork, activation: relu}
    - {name: fc, type: linear, out: 3}
train: {phases: [{kind: qat}]}
)";

class EqualizeTest : public ::testing::Test {
 protected:
  void SetUp() override {
    network = build_network(parse_config(kConfig, "config"), {8, 8, 2});
    torch::manual_seed(5);
    const torch::NoGradGuard no_grad;
    for (const auto& layer : network->layers()) {
      for (torch::Tensor p : layer->parameters())
        if (p.dim() == 1) p.copy_(torch::randn_like(p));  // gammas of both signs, betas, biases
      if (BatchNorm* norm = layer->batch_norm()) {
        norm->mean.copy_(torch::randn_like(norm->mean));
        norm->variance.copy_(torch::rand_like(norm->variance) * 4 + 0.1);
      }
    }
    images = (torch::rand({5, 8, 8, 2}) * 256).to(torch::kUInt8);
  }
  torch::Tensor outputs() const {
    const torch::NoGradGuard no_grad;
    return network->forward_float(images, {Statistics::kRunning, false});
  }
  ConvLayer& conv(const std::string& name) const {
    for (const auto& layer : network->layers())
      if (layer->name() == name) return *layer->convolution();
    throw std::runtime_error(name);
  }

  std::shared_ptr<Network> network;
  torch::Tensor images;
};

TEST_F(EqualizeTest, PairsWhatARectifierOrPoolingJoins) {
  std::vector<std::string> pairs;
  for (const EqualizedPair& pair : equalize(*network)) pairs.push_back(pair.first + " " + pair.second);
  EXPECT_THAT(pairs, ::testing::ElementsAre("stem dw", "dw grouped", "grouped six", "side res"));
}

TEST_F(EqualizeTest, TheFloatNetworkStaysAndRangesAreEqual) {
  const torch::Tensor before = outputs();
  EXPECT_FALSE(torch::allclose(conv("stem").output_ranges(), conv("dw").input_ranges(), 0.1));
  const torch::Tensor stem_weight = conv("stem").weight().detach().clone();
  for (const EqualizedPair& pair : equalize(*network)) {
    EXPECT_TRUE(
        torch::allclose(conv(pair.first).output_ranges(), conv(pair.second).input_ranges(), 1e-3, 1e-6))
        << pair.first;
  }
  EXPECT_TRUE(torch::allclose(outputs(), before, 1e-4, 1e-4 * before.abs().max().item<double>()));
  EXPECT_TRUE(torch::equal(conv("stem").weight(), stem_weight));  // batch norm took the factors
}

// r1 = |gamma / sigma| max|w| = 2 * 3 = 6 and r2 = 1.5, so s = 2: gamma 2 -> 1, beta 5 -> 2.5, w 1.5 -> 3.
// Channel 1 is dead (gamma 0) and stays.
TEST(Equalize, ByHand) {
  const auto network = build_network(
      parse_config("name: n\ndata: {path: unused}\nmodel:\n  layers:\n"
                   "    - {name: a, type: conv, out: 2, kernel: 1, batch_norm: true, activation: relu}\n"
                   "    - {name: fc, type: linear, out: 1}\ntrain: {phases: [{kind: qat}]}\n",
                   "config"),
      {1, 1, 1});
  ConvLayer &a = *network->layers()[0]->convolution(), &fc = *network->layers()[1]->convolution();
  {
    const torch::NoGradGuard no_grad;
    a.set_weight(torch::tensor({-3.0F, 7.0F}).view({2, 1, 1, 1}));
    a.batch_norm()->gamma.copy_(torch::tensor({2.0F, 0.0F}));
    a.batch_norm()->beta.copy_(torch::tensor({5.0F, 1.0F}));
    a.batch_norm()->variance.fill_(1 - BatchNorm::kEps);
    fc.set_weight(torch::tensor({-1.5F, 4.0F}).view({1, 2, 1, 1}));
  }
  equalize(*network);
  EXPECT_TRUE(torch::allclose(a.batch_norm()->gamma, torch::tensor({1.0F, 0.0F})));
  EXPECT_TRUE(torch::allclose(a.batch_norm()->beta, torch::tensor({2.5F, 1.0F})));
  EXPECT_TRUE(torch::allclose(fc.weight().flatten(), torch::tensor({-3.0F, 4.0F})));
}

}  // namespace
}  // namespace intact
