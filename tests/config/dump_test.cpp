// What dump_config writes, parse_config reads back to the same value.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config_text.h"
#include "random_config.h"

namespace intact::test {
namespace {

TEST(Dump, RandomConfigsComeBack) {
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    const ExperimentConfig config = random_config(seed);
    const std::string text = dump_config(config);
    try {
      const ExperimentConfig again = parse_config(text, "dumped");
      ASSERT_EQ(again, config) << "seed " << seed << "\n" << text;
      ASSERT_EQ(dump_config(again), text) << "seed " << seed;
    } catch (const ConfigError& error) {
      FAIL() << "seed " << seed << ": " << error.what() << "\n" << text;
    }
  }
}

TEST(Dump, CompletedConfigIsAFixedPoint) {
  const ExperimentConfig config = parse(with_model("  zoo: residual_cnn\n"));
  const std::string text = dump_config(config);
  const ExperimentConfig again = parse_config(text, "dumped");
  EXPECT_EQ(again, config);
  EXPECT_EQ(dump_config(again), text);
}

TEST(Dump, WritesWhatTheFileLeftOut) {
  const std::string text = dump_config(parse(ConfigText{}));
  for (const char* line :
       {"seed: 1\n", "  mean: 0\n", "    shift: 0\n", "      inputs: [\"conv1\"]\n", "    momentum: 0.9\n",
        "      kernel: [3, 3]\n", "  golden_vectors: 8\n", "    pact_decay: 1e-04\n"}) {
    EXPECT_THAT(text, testing::HasSubstr(line));
  }
}

TEST(Dump, EveryFieldCounts) {
  const ExperimentConfig config = random_config(3);
  const auto differs = [&](auto change) {
    ExperimentConfig other = config;
    change(other);
    return !(other == config) && dump_config(other) != dump_config(config);
  };
  EXPECT_TRUE(differs([](auto& c) { c.name += "x"; }));
  EXPECT_TRUE(differs([](auto& c) { c.seed ^= 1; }));
  EXPECT_TRUE(differs([](auto& c) { c.data.mean += 0x1p-50; }));
  EXPECT_TRUE(differs([](auto& c) { c.data.augment.shift += 1; }));
  EXPECT_TRUE(differs([](auto& c) { c.model.layers.back().out += 1; }));
  EXPECT_TRUE(differs([](auto& c) { c.model.layers.back().bias = !c.model.layers.back().bias; }));
  EXPECT_TRUE(differs([](auto& c) { c.quantization.weights.bits += 1; }));
  EXPECT_TRUE(differs([](auto& c) { c.quantization.activations.pact_decay *= 2; }));
  EXPECT_TRUE(differs([](auto& c) { c.train.optimizer.eps *= 2; }));
  EXPECT_TRUE(differs([](auto& c) { c.train.phases.back().batches += 1; }));
  EXPECT_TRUE(differs([](auto& c) { c.train.phases.back().schedule.warmup *= 0.5; }));
  EXPECT_TRUE(differs([](auto& c) { c.train.init += "x"; }));
  EXPECT_TRUE(differs([](auto& c) { c.calibrate.equalize = !c.calibrate.equalize; }));
  EXPECT_TRUE(differs([](auto& c) { c.calibrate.adaround.iterations += 1; }));
  EXPECT_TRUE(differs([](auto& c) { c.export_.names = !c.export_.names; }));
}

TEST(Dump, PlacesAreNotCompared) {
  ExperimentConfig config = random_config(5);
  ExperimentConfig other = config;
  other.source = "elsewhere";
  other.model.zoo = "somewhere";
  other.model.layers.front().line += 7;
  EXPECT_EQ(other, config);
  EXPECT_EQ(dump_config(other), dump_config(config));
}

}  // namespace
}  // namespace intact::test
