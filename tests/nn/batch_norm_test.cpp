#include "nn/batch_norm.h"

#include <gtest/gtest.h>
#include "quant/libtorch.h"

#include "core/error.h"

namespace intact {
namespace {

torch::Tensor column(std::vector<float> values) {
  return torch::tensor(values).view({static_cast<std::int64_t>(values.size()), 1, 1, 1});
}

TEST(BatchNorm, RunningStatisticsMoveByMomentumWithBiasedVariance) {
  BatchNorm norm(1);
  norm.forward(column({1, 3, 5, 7}), Statistics::kBatch);  // mean 4, biased variance 5
  EXPECT_FLOAT_EQ(norm.mean.item<float>(), 0.4F);          // 0.9 * 0 + 0.1 * 4
  EXPECT_FLOAT_EQ(norm.variance.item<float>(), 1.4F);      // 0.9 * 1 + 0.1 * 5
}

TEST(BatchNorm, CalibrationLeavesRunningStatistics) {
  BatchNorm norm(1);
  norm.forward(column({1, 3, 5, 7}), Statistics::kBatchOnly);
  EXPECT_EQ(norm.mean.item<float>(), 0.0F);
  EXPECT_EQ(norm.variance.item<float>(), 1.0F);
}

// Batches {0, 2} and {4, 10}: all four values have mean 4 and biased variance (16 + 4 + 0 + 36) / 4 = 14.
TEST(BatchNorm, ReestimationIsOfAllValuesTogether) {
  BatchNorm norm(1);
  norm.start_reestimation();
  norm.forward(column({0, 2}), Statistics::kReestimate);
  norm.forward(column({4, 10}), Statistics::kReestimate);
  norm.finish_reestimation();
  EXPECT_EQ(norm.mean.item<float>(), 4.0F);
  EXPECT_FLOAT_EQ(norm.variance.item<float>(), 14.0F);
}

TEST(BatchNorm, ReestimationWithoutBatchesIsRefused) {
  BatchNorm norm(1);
  norm.start_reestimation();
  EXPECT_THROW(norm.finish_reestimation(), Error);
}

}  // namespace
}  // namespace intact
