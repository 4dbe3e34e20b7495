#include "train/schedule.h"

#include <gtest/gtest.h>

namespace intact {
namespace {

TEST(Schedule, ConstantAfterWarmup) {
  ScheduleConfig s;
  s.kind = ScheduleKind::kConstant;
  s.warmup = 0.25;  // 2 of 8 steps
  EXPECT_EQ(learning_rate(s, 0.5, 0, 8, 4), 0.25);
  EXPECT_EQ(learning_rate(s, 0.5, 1, 8, 4), 0.5);
  EXPECT_EQ(learning_rate(s, 0.5, 7, 8, 4), 0.5);
}

TEST(Schedule, StepsCountEpochs) {
  ScheduleConfig s;
  s.kind = ScheduleKind::kStep;
  s.step_epochs = 2;
  s.step_factor = 0.5;
  EXPECT_EQ(learning_rate(s, 1.0, 19, 60, 10), 1.0);
  EXPECT_EQ(learning_rate(s, 1.0, 20, 60, 10), 0.5);
  EXPECT_EQ(learning_rate(s, 1.0, 40, 60, 10), 0.25);
}

TEST(Schedule, CosineFallsFromBaseToItsEnd) {
  ScheduleConfig s;
  s.kind = ScheduleKind::kCosine;
  s.final_factor = 0.5;
  EXPECT_EQ(learning_rate(s, 2.0, 0, 100, 10), 2.0);
  EXPECT_DOUBLE_EQ(learning_rate(s, 2.0, 50, 100, 10), 1.5);  // half way: the mean of 2 and 1
  EXPECT_DOUBLE_EQ(learning_rate(s, 2.0, 100, 100, 10), 1.0);
}

}  // namespace
}  // namespace intact
