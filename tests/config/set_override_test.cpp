#include <gtest/gtest.h>

#include "config_text.h"

namespace intact::test {
namespace {

const std::string& sample() {
  static const std::string text = ConfigText{}.str();
  return text;
}

TEST(SetOverride, ChangesAndAddsValues) {
  const ExperimentConfig config =
      parse(ConfigText{}, {"name=other", "seed=9", "train.optimizer.lr=0.5", "model.layers.1.out=16",
                           "data.augment.flip=true", "data.path=\"/with = sign\""});
  EXPECT_EQ(config.name, "other");
  EXPECT_EQ(config.seed, 9U);
  EXPECT_EQ(config.train.optimizer.lr, 0.5);
  EXPECT_EQ(config.model.layers[1].out, 16);
  EXPECT_TRUE(config.data.augment.flip);
  EXPECT_EQ(config.data.path, "/with = sign");
}

TEST(SetOverride, LaterOnesWin) {
  EXPECT_EQ(parse(ConfigText{}, {"seed=2", "seed=3"}).seed, 3U);
}

TEST(SetOverride, ReplacesWholeSections) {
  const ExperimentConfig config = parse(ConfigText{}, {"train.phases=[{kind: calibrate, batches: 3}]",
                                                       "model={zoo: lenet5}", "train.phases.0.batches=4"});
  ASSERT_EQ(config.train.phases.size(), 1U);
  EXPECT_EQ(config.train.phases[0].batches, 4);
  EXPECT_EQ(config.model.zoo, "lenet5");
}

TEST(SetOverride, AddsSections) {
  EXPECT_EQ(parse(ConfigText{}, {"export.golden_vectors=5"}).export_.golden_vectors, 5);
}

TEST(SetOverride, FaultsNameTheSet) {
  const auto fault = [](const std::string& set, const std::string& message) {
    expect_fault_as_whole(sample(), {set}, "--set " + set + ": " + message);
  };
  fault("seed=abc", "'seed' must be an integer from 0 to 18446744073709551615, not 'abc'");
  fault("sede=1", "unknown key 'sede' in the config (did you mean 'seed'?");
  fault("train.optimizer.lrr=1", "unknown key 'lrr' in train.optimizer (did you mean 'lr'?");
  fault("trian.lr=1", "unknown key 'trian' in the config (did you mean 'train'?");
  fault("seed", "has no '='");
  fault("=1", "an empty key in the path");
  fault("train..lr=1", "an empty key in the path");
  fault("train.=1", "an empty key in the path");
  fault("name.first=a", "'name' is a single value and has no keys");
  fault("model.layers.4.out=3",
        "'4' is no element of the list 'model.layers' (it has 4 elements, counted from 0)");
  fault("model.layers.x.out=3", "'x' is no element of the list 'model.layers'");
  fault("model.layers.-1.out=3", "'-1' is no element of the list 'model.layers'");
  fault("seed=", "'seed' must be an integer from 0 to 18446744073709551615, not nothing");
  fault("seed=&a 1", "anchor '&a' is not allowed");
  fault("seed={a: 1, a: 2}", "duplicate key 'a'");
  fault("seed=[1", "faulty YAML");
  fault("model.layers.0.kernel=[1, 2, 3]", "'kernel' must be one integer or [vertical, horizontal]");
  fault("quantization.overrides=[{layers: nope, weights: {bits: 4}}]", "no layer matches 'nope'");
  fault("seed=\x01", "control character 0x01");
}

TEST(SetOverride, DeepPathIsRefused) {
  std::string path = "a";
  for (int i = 0; i < 10000; ++i) path += ".a";
  expect_fault_as_whole(sample(), {path + "=1"}, "the path has too many parts");
}

TEST(SetOverride, FaultsInTheFileKeepTheirPlace) {
  try {
    parse_config("name: a\nseed: x\n" + sample().substr(sample().find("data:")), "file.yaml", {"threads=2"});
    ADD_FAILURE();
  } catch (const ConfigError& error) {
    EXPECT_EQ(error.file(), "file.yaml");
    EXPECT_EQ(error.line(), 2);
    EXPECT_EQ(error.column(), 7);
  }
}

}  // namespace
}  // namespace intact::test
