// The two losses: values and gradients by hand.
#include "train/loss.h"

#include <gtest/gtest.h>
#include "quant/libtorch.h"

#include <cmath>

namespace intact {
namespace {

// Two images of 1 x 2 x 1.
Batch two_images() {
  Batch batch;
  batch.images = torch::tensor({{10, 20}, {30, 50}}, torch::kUInt8).reshape({2, 1, 2, 1});
  batch.labels = torch::tensor({1, 0}, torch::kInt64);
  return batch;
}

TEST(Loss, CrossEntropy) {
  const Loss loss(LossKind::kCrossEntropy, 0.1, 10);
  const torch::Tensor logits = torch::tensor({{0.0, std::log(3.0)}, {0.0, 0.0}}, torch::kFloat64);
  EXPECT_TRUE(loss.classifies());
  EXPECT_NEAR(loss.mean(logits, two_images()).item<double>(), (std::log(4.0 / 3) + std::log(2.0)) / 2, 1e-12);
  EXPECT_EQ(loss.correct(logits, two_images()), 2);  // of equal ones the first counts
}

// Reals of the input are 0.5 (u - 10): (0, 5) and (10, 20).
TEST(Loss, Reconstruction) {
  const Loss loss(LossKind::kReconstruction, 0.5, 10);
  const torch::Tensor outputs =
      torch::tensor({{1.0, 5.0}, {10.0, 17.0}}, torch::dtype(torch::kFloat64).requires_grad(true));
  EXPECT_FALSE(loss.classifies());
  const torch::Tensor value = loss.mean(outputs, two_images());
  EXPECT_EQ(value.item<double>(), (1.0 + 9.0) / 4);
  EXPECT_EQ(loss.correct(outputs, two_images()), 0);
  value.backward();
  EXPECT_TRUE(torch::equal(outputs.grad(), torch::tensor({{0.5, 0.0}, {0.0, -1.5}}, torch::kFloat64)));
}

}  // namespace
}  // namespace intact
