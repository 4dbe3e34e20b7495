// The sections of calibration after training, and train.init.
#include <gtest/gtest.h>

#include "config_text.h"

namespace intact::test {
namespace {

ConfigText with_calibrate(const std::string& section) {
  ConfigText text;
  text.top += "calibrate:\n" + section;
  return text;
}

TEST(Calibrate, Defaults) {
  EXPECT_EQ(parse(ConfigText{}).calibrate, CalibrateConfig{});
  EXPECT_TRUE(parse(ConfigText{}).train.init.empty());
}

TEST(Calibrate, Values) {
  const CalibrateConfig calibrate =
      parse(with_calibrate("  batches: 3\n  weights: min_max\n  activations: percentile\n"
                           "  equalize: true\n  bias_correction: false\n"
                           "  adaround: {iterations: 700, batch_size: 16, lr: 0.02, regularizer: 0.1,\n"
                           "             warmup: 0.25, beta_start: 12, beta_end: 3}\n"))
          .calibrate;
  EXPECT_EQ(calibrate.batches, 3);
  EXPECT_EQ(calibrate.weights, ObserverKind::kMinMax);
  EXPECT_EQ(calibrate.activations, ObserverKind::kPercentile);
  EXPECT_TRUE(calibrate.equalize);
  EXPECT_FALSE(calibrate.bias_correction);
  EXPECT_EQ(calibrate.adaround, (AdaroundConfig{700, 16, 0.02, 0.1, 0.25, 12, 3}));
}

TEST(Calibrate, Faults) {
  expect_fault(with_calibrate("  ^batch: 3\n"), "did you mean 'batches'?");
  expect_fault(with_calibrate("  batches: ^0\n"), "'batches' must be an integer from 1 to 1000000, not '0'");
  expect_fault(with_calibrate("  weights: ^mse\n"), "'weights'");
  expect_fault(with_calibrate("  adaround: ^on\n"), "calibrate.adaround");
  expect_fault(with_calibrate("  adaround: {^rounds: 3}\n"), "unknown key 'rounds' in calibrate.adaround");
  expect_fault(with_calibrate("  adaround: {warmup: ^1.5}\n"), "'warmup' must be a number from 0 to 1");
  expect_fault(with_calibrate("  adaround: {beta_end: ^0.5}\n"), "'beta_end' must be a number from 1 to");
}

TEST(Calibrate, InitIsAPath) {
  EXPECT_EQ(parse(with_train("  phases: [{kind: qat}]\n  init: runs/float\n")).train.init, "runs/float");
  expect_fault(with_train("  phases: [{kind: qat}]\n  init: ^[]\n"), "'init' must be a text, not a list");
}

}  // namespace
}  // namespace intact::test
