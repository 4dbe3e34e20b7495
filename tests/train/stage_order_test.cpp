#include "train/stage_order.h"

#include <gtest/gtest.h>

namespace intact {
namespace {

PhaseConfig phase(PhaseKind kind, int epochs, int bits = 0) {
  PhaseConfig p;
  p.kind = kind;
  p.epochs = epochs;
  p.bits = bits;
  return p;
}

// 0 float, 1 calibrate, 2 to 4 qat at 8, 4 and the config's bits, 5 frozen; 6 to 9 the reference's.
Stages falling_bits() {
  TrainConfig config;
  config.phases = {phase(PhaseKind::kFloat, 5),  phase(PhaseKind::kCalibrate, 1),
                   phase(PhaseKind::kQat, 2, 8), phase(PhaseKind::kQat, 3, 4),
                   phase(PhaseKind::kQat, 4),    phase(PhaseKind::kFrozen, 1)};
  config.float_reference = true;
  return make_stages(config);
}

TEST(StageOrder, WarmupComesFirst) {
  EXPECT_EQ(warmup_stages(falling_bits()), 1);
  EXPECT_EQ(warmup_stages({}), 0);
}

TEST(StageOrder, CalibrationIsSeen) {
  EXPECT_TRUE(any_calibrates(falling_bits()));
  EXPECT_FALSE(any_calibrates({Stage{phase(PhaseKind::kQat, 1)}}));
}

TEST(StageOrder, BitsAreThoseOfTheQuantizedNetwork) {
  const Stages stages = falling_bits();
  const int bits[] = {8, 8, 8, 4, 0, 0, 0, 0, 0, 0};
  ASSERT_EQ(stages.size(), std::size(bits));
  for (std::size_t i = 0; i < stages.size(); ++i)
    EXPECT_EQ(bits_in_stage(stages, static_cast<std::int64_t>(i)), bits[i]) << i;
}

TEST(StageOrder, EpochsBehind) {
  const Stages stages = falling_bits();
  EXPECT_EQ(epochs_behind(stages, 0, 0), 24);  // 5 + 10 + 10, one of them present
  EXPECT_EQ(epochs_behind(stages, 4, 1), 13);  // two of qat, one frozen, the reference's ten
  EXPECT_EQ(epochs_behind(stages, 9, 0), 0);
}

TEST(StageOrder, QatEpochsOfTheSameNetwork) {
  const Stages stages = falling_bits();
  EXPECT_EQ(qat_epochs_behind(stages, 2, 0), 8);
  EXPECT_EQ(qat_epochs_behind(stages, 4, 3), 0);
  EXPECT_EQ(qat_epochs_behind(stages, 6, 1), 7);
}

TEST(StageOrder, ShareOfQat) {
  const Stages stages = falling_bits();
  EXPECT_EQ(qat_share(stages, {2, 0}), 0);
  EXPECT_EQ(qat_share(stages, {3, 1.5}), 3.5 / 9);
  EXPECT_EQ(qat_share(stages, {4, 4}), 1);
  EXPECT_EQ(qat_share(stages, {5, 0}), 1);
}

}  // namespace
}  // namespace intact
