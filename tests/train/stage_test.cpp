#include "train/stage.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace intact {
namespace {

TrainConfig all_phases() {
  TrainConfig config;
  for (PhaseKind kind : {PhaseKind::kFloat, PhaseKind::kCalibrate, PhaseKind::kQat, PhaseKind::kFrozen}) {
    PhaseConfig phase;
    phase.kind = kind;
    config.phases.push_back(phase);
  }
  return config;
}

std::vector<std::string> labels(const TrainConfig& config) {
  std::vector<std::string> all;
  for (const Stage& stage : make_stages(config)) all.push_back(stage.label());
  return all;
}

TEST(Stages, TheReferenceRepeatsWhatFollowsTheWarmup) {
  EXPECT_THAT(labels(all_phases()),
              ::testing::ElementsAre("float", "calibrate", "qat", "frozen", "float reference (qat)",
                                     "float reference (frozen)"));
}

TEST(Stages, ATeacherIsTrainedFirst) {
  TrainConfig config = all_phases();
  config.distill.weight = 0.5;
  EXPECT_THAT(labels(config),
              ::testing::ElementsAre("float", "float reference (qat)", "float reference (frozen)",
                                     "calibrate", "qat", "frozen"));
}

TEST(Stages, WithoutReference) {
  TrainConfig config = all_phases();
  config.float_reference = false;
  EXPECT_THAT(labels(config), ::testing::ElementsAre("float", "calibrate", "qat", "frozen"));
}

TEST(Stages, FrozenRateDefaultsToAHundredth) {
  OptimizerConfig optimizer;
  optimizer.lr = 0.5;
  PhaseConfig phase;
  EXPECT_EQ(base_rate(phase, optimizer), 0.5);
  phase.kind = PhaseKind::kFrozen;
  EXPECT_EQ(base_rate(phase, optimizer), 0.005);
  phase.lr = 0.25;
  EXPECT_EQ(base_rate(phase, optimizer), 0.25);
}

}  // namespace
}  // namespace intact
