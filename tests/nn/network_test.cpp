// The training network's promise: its frozen forward pass, its integers in LibTorch, and the oracle are the
// same.
#include "nn/network.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include "quant/libtorch.h"

#include "config/load.h"
#include "integer/oracle.h"
#include "nn/integer_network.h"
#include "tiny_networks.h"

namespace intact {
namespace {

const Shape kShape{12, 10, 2};

// Some optimizer steps in quantized training, so that scales, statistics and signs of gamma are not those of
// the initialization.
void train_a_little(Network& network) {
  network.train();
  torch::optim::SGD optimizer(network.parameters(), torch::optim::SGDOptions(0.05));
  {
    torch::NoGradGuard no_grad;
    network.forward_float(test::tiny_images(16, 1), {Statistics::kBatchOnly, true});
    std::int64_t i = 0;
    for (const auto& layer : network.layers()) {  // some negative gammas
      if (BatchNorm* norm = layer->batch_norm()) norm->gamma[i++ % norm->gamma.size(0)] = -0.7;
    }
  }
  for (std::uint64_t step = 0; step < 3; ++step) {
    optimizer.zero_grad();
    const torch::Tensor labels = torch::arange(16, torch::kInt64) % 5;
    torch::Tensor loss = at::cross_entropy_loss(
        network.forward_quantized(test::tiny_images(16, step), {Statistics::kBatch, nullptr}), labels);
    const torch::Tensor extra = network.regularizer();
    if (extra.defined()) loss = loss + extra;
    loss.backward();
    optimizer.step();
  }
}

class EveryConfig : public ::testing::TestWithParam<test::NamedConfig> {};

TEST_P(EveryConfig, EvaluationOracleAndFrozenForwardAreTheSameIntegers) {
  const auto network = build_network(parse_config(GetParam().yaml, GetParam().name), kShape);
  train_a_little(*network);
  const Graph graph = network->freeze();
  const torch::Tensor images = test::tiny_images(6, 77);
  const std::vector<torch::Tensor> evaluated = IntegerNetwork(graph).run(images);

  const Oracle oracle(graph);
  const std::int64_t bytes = images[0].numel();
  for (std::int64_t i = 0; i < images.size(0); ++i) {
    const std::vector<Values> want =
        oracle.run({images.data_ptr<std::uint8_t>() + i * bytes, static_cast<std::size_t>(bytes)});
    for (std::size_t t = 0; t < want.size(); ++t) {
      const torch::Tensor one = evaluated[t][i].contiguous();
      ASSERT_EQ(Values(one.data_ptr<std::int32_t>(), one.data_ptr<std::int32_t>() + one.numel()), want[t])
          << graph.tensors[t].name;
    }
  }

  // What the frozen phase trains on. |logits| < 2^24 here, so float32 holds them and one product by the scale
  // rounds alike.
  network->set_observing(false);
  const torch::Tensor trained = network->forward_quantized(images, {Statistics::kRunning, &graph}).detach();
  const torch::Tensor logits = evaluated.back().flatten(1);
  ASSERT_LT(logits.abs().max().item<int>(), 1 << 24);
  const auto scale = static_cast<float>(graph.tensors.back().scale);
  EXPECT_TRUE(torch::equal(torch::round(trained / scale).to(torch::kInt32), logits));
}

TEST_P(EveryConfig, FreezingTwiceGivesOneHash) {
  const auto network = build_network(parse_config(GetParam().yaml, GetParam().name), kShape);
  train_a_little(*network);
  EXPECT_EQ(hash_graph(network->freeze()), hash_graph(network->freeze()));
}

TEST_P(EveryConfig, FrozenPhaseHasGradientsForEveryParameter) {
  const auto network = build_network(parse_config(GetParam().yaml, GetParam().name), kShape);
  train_a_little(*network);
  network->zero_grad();
  network->set_observing(false);
  const Graph graph = network->freeze();
  network->forward_quantized(test::tiny_images(8, 5), {Statistics::kRunning, &graph})
      .square()
      .sum()
      .backward();
  for (const auto& parameter : network->named_parameters()) {
    ASSERT_TRUE(parameter.value().grad().defined()) << parameter.key();
    EXPECT_TRUE(torch::isfinite(parameter.value().grad()).all().item<bool>()) << parameter.key();
  }
}

std::string parameter_name(const ::testing::TestParamInfo<test::NamedConfig>& info) {
  std::string name;
  for (char c : info.param.name) name += std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
  return name;
}

INSTANTIATE_TEST_SUITE_P(Networks, EveryConfig, ::testing::ValuesIn(test::tiny_configs()), parameter_name);

// Shapes that do not fit are located errors.
TEST(BuildNetwork, MisfitsNameTheLayerAndWhereItStands) {
  const std::string head = "name: t\ndata: {kind: idx, path: x}\nmodel:\n  layers:\n";
  const std::string tail = "quantization: {}\ntrain: {phases: [{kind: qat}]}\n";
  const auto error_of = [&](const std::string& layers) -> std::string {
    try {
      build_network(parse_config(head + layers + tail, "file.yaml"), kShape);
    } catch (const ConfigError& e) {
      return e.what();
    }
    return "";
  };
  EXPECT_THAT(
      error_of("    - {name: a, type: conv, out: 4, kernel: 13}\n    - {name: b, type: linear, out: 5}\n"),
      ::testing::AllOf(::testing::StartsWith("file.yaml:5:"), ::testing::HasSubstr("layer a"),
                       ::testing::HasSubstr("12x10x2")));
  EXPECT_THAT(error_of("    - {name: a, type: conv, out: 6, kernel: 3, groups: 3}\n    - {name: b, type: "
                       "linear, out: 5}\n"),
              ::testing::HasSubstr("groups 3"));
  EXPECT_THAT(error_of("    - {name: a, type: conv, out: 4, kernel: 3}\n    - {name: c, type: conv, out: 4, "
                       "kernel: 3, residual: a}\n"
                       "    - {name: b, type: linear, out: 5}\n"),
              ::testing::AllOf(::testing::StartsWith("file.yaml:6:"), ::testing::HasSubstr("residual a")));
  EXPECT_THAT(
      error_of(
          "    - {name: a, type: conv, out: 4, kernel: 3}\n    - {name: b, type: conv, out: 5, kernel: 1}\n"),
      ::testing::HasSubstr("must be 1x1"));
}

}  // namespace
}  // namespace intact
