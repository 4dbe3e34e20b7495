// Networks that start from another run's: by layer name, with every difference named.
#include "train/take_over.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include "quant/libtorch.h"

#include "config/load.h"
#include "core/error.h"

namespace intact {
namespace {

using ::testing::HasSubstr;

// A stem of `stem` channels, a block, a classifier.
ExperimentConfig config_with(const std::string& stem, const std::string& quantization = "{}") {
  return parse_config(
      "name: n\ndata: {path: unused}\nmodel:\n  layers:\n"
      "    - {name: stem, type: conv, out: " +
          stem +
          ", kernel: 3, batch_norm: true, activation: relu}\n"
          "    - {name: block, type: conv, out: 6, kernel: 3, batch_norm: true, activation: relu}\n"
          "    - {name: pool, type: global_avg_pool}\n"
          "    - {name: fc, type: linear, out: 3}\n"
          "quantization: " +
          quantization + "\ntrain: {phases: [{kind: qat}]}\n",
      "config");
}

struct Built {
  explicit Built(const ExperimentConfig& c, std::uint64_t seed = 1, const Shape& shape = {8, 8, 2})
      : config(c) {
    config.seed = seed;
    network = build_network(config, shape);
  }
  operator ConfiguredNetwork() const { return {*network, config}; }
  ExperimentConfig config;
  std::shared_ptr<Network> network;
};

torch::Tensor images() {
  return torch::arange(4 * 8 * 8 * 2, torch::kInt64).remainder(251).to(torch::kUInt8).view({4, 8, 8, 2});
}

TEST(TakeOver, TheFloatNetworkIsTheSame) {
  const Built from(config_with("5"), 1);
  from.network->layers()[0]->batch_norm()->mean.fill_(0.25);
  from.network->layers()[1]->batch_norm()->variance.fill_(3);
  const Built to(config_with("5", "{weights: {quantizer: uniform, bits: 3}}"), 2);
  const auto outputs = [](const Built& built) {
    torch::NoGradGuard no_grad;
    return built.network->forward_float(images(), {Statistics::kRunning, false});
  };
  ASSERT_FALSE(torch::equal(outputs(from), outputs(to)));
  take_over_weights(from, to, "runs/a");
  EXPECT_TRUE(torch::equal(outputs(from), outputs(to)));
}

TEST(TakeOver, QuantizersThatAreConfiguredAlikeKeepTheirRanges) {
  const Built from(config_with("5"));
  from.network->forward_quantized(images(), {Statistics::kBatch, nullptr});  // all take their ranges
  const Built to(config_with("5", "{overrides: [{layers: block, weights: {bits: 4}}]}"));
  EXPECT_EQ(take_over_quantizers(from, to), 1);
  const auto quantizers = [](const Built& built, std::size_t layer) {
    return built.network->layers()[layer]->quantizers();
  };
  EXPECT_TRUE(torch::equal(quantizers(from, 0)[0]->scale(), quantizers(to, 0)[0]->scale()));
  EXPECT_TRUE(torch::equal(quantizers(from, 2)[0]->scale(), quantizers(to, 2)[0]->scale()));
  EXPECT_FALSE(quantizers(to, 1)[0]->initialized());
  const Built same(config_with("5"));
  EXPECT_EQ(take_over_quantizers(from, same), 0);
}

TEST(TakeOver, DifferencesAreNamed) {
  const auto expect_error = [](const Built& from, const Built& to, const std::vector<std::string>& parts) {
    try {
      take_over_weights(from, to, "runs/a");
      FAIL();
    } catch (const Error& error) {
      for (const std::string& part : parts) EXPECT_THAT(error.what(), HasSubstr(part));
    }
  };
  const Built five(config_with("5")), seven(config_with("7"));
  expect_error(five, seven,
               {"runs/a", "layer stem: weight is [5, 2, 3, 3] there, [7, 2, 3, 3] here",
                "layer stem: norm.gamma is [5] there, [7] here",
                "layer block: weight is [6, 5, 3, 3] there, [6, 7, 3, 3] here"});

  ExperimentConfig renamed = config_with("5");
  renamed.model.layers[1].name = "body";
  renamed.model.layers[2].inputs = {"body"};
  expect_error(five, Built(renamed), {"no layer body there", "no layer block here"});

  ExperimentConfig plain = config_with("5");
  plain.model.layers[0].batch_norm = false;
  plain.model.layers[0].bias = true;
  expect_error(five, Built(plain), {"layer stem: no bias there", "layer stem: no norm.gamma here"});

  ExperimentConfig scaled = config_with("5");
  scaled.data.std = 0.5;
  expect_error(five, Built(scaled), {"the input is 8x8x2 with scale"});
}

TEST(TakeOver, RefusedTransfersChangeNothing) {
  const Built from(config_with("5")), to(config_with("7"), 2);
  std::vector<torch::Tensor> before;
  for (const auto& p : to.network->parameters()) before.push_back(p.detach().clone());
  EXPECT_THROW(take_over_weights(from, to, "runs/a"), Error);
  const auto after = to.network->parameters();
  for (std::size_t i = 0; i < before.size(); ++i) EXPECT_TRUE(torch::equal(before[i], after[i]));
}

}  // namespace
}  // namespace intact
