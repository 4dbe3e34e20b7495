// Post-training quantization of a small trained network: what it leaves, what it keeps of the float network,
// and that training goes on from it.
#include "train/calibrate/calibrator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spdlog/spdlog.h>
#include "quant/libtorch.h"

#include "config/load.h"
#include "core/error.h"
#include "integer/oracle.h"
#include "synthetic_idx.h"
#include "train/checkpoint.h"
#include "train/run_networks.h"
#include "train/trainer.h"

namespace intact {
namespace {

using ::testing::HasSubstr;

// The networks that all tests start from: float and calibrate alone, what a user of calibrate trains.
class CalibratorTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    spdlog::set_level(spdlog::level::warn);
    scratch = new test::ScratchFolder;
    test::write_synthetic_idx(*scratch / "data");
    ExperimentConfig config = float_config();
    set_threads(config.threads);
    train(config, source(), {});
  }
  static void TearDownTestSuite() { delete scratch; }

  static ExperimentConfig float_config() {
    return parse_config(test::synthetic_config(*scratch / "data"), "synthetic.yaml",
                        {"train.phases=[{kind: float, epochs: 6}, {kind: calibrate, batches: 1}]",
                         "quantization.overrides=[]", "threads=1"});
  }
  static RunFolder source() { return {*scratch / "float"}; }

  static ExperimentConfig calibrated_config(int bits) {
    ExperimentConfig config = float_config();
    config.train.init = source().root;
    config.quantization.weights.bits = config.quantization.activations.bits = bits;
    return config;
  }

  static test::ScratchFolder* scratch;
};
test::ScratchFolder* CalibratorTest::scratch = nullptr;

TEST_F(CalibratorTest, LeavesAFinishedRunOfItsIntegers) {
  const ExperimentConfig config = calibrated_config(8);
  const RunFolder folder{*scratch / "finished"};
  const CalibrateResult result = calibrate(config, folder, {});
  const RunNetworks from = load_run(source()), run = load_run(folder);
  EXPECT_EQ(run.config, config);
  const Graph graph = Checkpoint(folder.checkpoint()).graph().value();
  EXPECT_TRUE(run.network->freeze() == graph);
  EXPECT_EQ(hash_graph(graph), result.hash);
  ASSERT_TRUE(run.reference);
  for (std::size_t i = 0; i < from.reference->layers().size(); ++i) {
    const auto wanted = from.reference->layers()[i]->named_parameters(),
               got = run.reference->layers()[i]->named_parameters();
    for (const std::string key : {"weight", "bias", "norm.gamma", "norm.beta"}) {
      if (wanted.contains(key)) {
        EXPECT_TRUE(torch::equal(wanted[key], got[key])) << key;
      }
    }
  }
  EXPECT_EQ(result.images, 8 * 32);
  EXPECT_EQ(result.layers.size(), run.network->layers().size());
}

TEST_F(CalibratorTest, EightBitsKeepTheFloatNetwork) {
  const CalibrateResult result = calibrate(calibrated_config(8), {*scratch / "eight"}, {});
  EXPECT_GE(result.float_.accuracy.value(), 0.9);
  EXPECT_NEAR(result.quantized.loss, result.float_.loss, 0.02);
  for (const LayerFidelity& layer : result.layers) EXPECT_GT(layer.sqnr, 25) << layer.layer;
}

// Each observer gives another network; the float one stays.
TEST_F(CalibratorTest, ObserversDecideTheScales) {
  std::vector<StateHash> hashes;
  for (const ObserverKind kind : {ObserverKind::kMinMax, ObserverKind::kMovingAverage,
                                  ObserverKind::kPercentile, ObserverKind::kMeanSquaredError}) {
    ExperimentConfig config = calibrated_config(4);
    config.calibrate.activations = kind;
    const RunFolder folder{*scratch / ("observer" + std::to_string(hashes.size()))};
    hashes.push_back(calibrate(config, folder, {}).hash);
  }
  for (std::size_t i = 0; i < hashes.size(); ++i)
    for (std::size_t j = 0; j < i; ++j) EXPECT_NE(hashes[i], hashes[j]);
}

TEST_F(CalibratorTest, TrainingGoesOnFromIt) {
  const RunFolder calibrated{*scratch / "to_train"};
  calibrate(calibrated_config(3), calibrated, {});
  ExperimentConfig config = calibrated_config(3);
  config.train.init = calibrated.root;
  config.train.phases = {PhaseConfig{}};
  config.train.phases[0].lr = 1e-12;  // the scales stay, up to this
  config.train.optimizer.momentum = 0;
  config.train.optimizer.nesterov = false;
  config.train.float_reference = false;
  const RunFolder folder{*scratch / "trained"};
  ASSERT_TRUE(train(config, folder, {}).complete);
  const RunNetworks before = load_run(calibrated), after = load_run(folder);
  for (std::size_t i = 0; i < before.network->layers().size(); ++i) {
    const auto a = before.network->layers()[i]->quantizers(), b = after.network->layers()[i]->quantizers();
    for (std::size_t j = 0; j < a.size(); ++j)
      EXPECT_TRUE(torch::allclose(a[j]->scale(), b[j]->scale(), 1e-6, 0)) << i;
  }
}

TEST_F(CalibratorTest, WhatItCannotStartFromIsNamed) {
  const RunFolder folder{*scratch / "refused"};
  const auto expect_error = [&](const ExperimentConfig& config, const std::string& says) {
    EXPECT_THAT([&] { calibrate(config, folder, {}); },
                ::testing::Throws<Error>(::testing::Property(&Error::what, HasSubstr(says))));
  };
  ExperimentConfig config = float_config();
  expect_error(config, "train.init names no run");
  config.train.init = *scratch / "nothing";
  expect_error(config, "no checkpoint here");
  config.train.init = source().root;
  config.model.layers[3].out = 6;
  expect_error(config, "layer xnor: weight is [8, 8, 3, 3] there, [6, 8, 3, 3] here");
  EXPECT_FALSE(std::filesystem::exists(folder.root));

  // A run without float phase and reference has no float network.
  ExperimentConfig quantized = float_config();
  quantized.train.phases = {PhaseConfig{}};
  quantized.train.float_reference = false;
  train(quantized, {*scratch / "quantized"}, {});
  config = float_config();
  config.train.init = *scratch / "quantized";
  expect_error(config, "no float network to calibrate");
  // A run is not overwritten.
  EXPECT_THAT([&] { calibrate(calibrated_config(8), source(), {}); },
              ::testing::Throws<Error>(::testing::Property(&Error::what, HasSubstr("holds a run already"))));
}

}  // namespace
}  // namespace intact
