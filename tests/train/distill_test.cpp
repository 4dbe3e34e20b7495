#include "train/distill.h"

#include <gtest/gtest.h>

#include <cmath>

#include "quant/libtorch.h"

namespace intact {
namespace {

// Two classes, by hand: the teacher's logits (ln 3, 0) give p = (3/4, 1/4), the student's (0, 0) give 1/2
// each: KL = 3/4 ln(3/2) + 1/4 ln(1/2).
TEST(DistillationLoss, IsTheDivergenceAtTemperatureOne) {
  const torch::Tensor teacher = torch::tensor({{std::log(3.0F), 0.0F}});
  torch::Tensor student = torch::zeros({1, 2}).requires_grad_();
  const torch::Tensor loss = distillation_loss(student, teacher, 1.0);
  EXPECT_NEAR(loss.item<double>(), 0.75 * std::log(1.5) + 0.25 * std::log(0.5), 1e-6);
  loss.backward();  // of logit i: softmax(student)_i - p_i
  EXPECT_NEAR(student.grad()[0][0].item<double>(), 0.5 - 0.75, 1e-6);
  EXPECT_NEAR(student.grad()[0][1].item<double>(), 0.5 - 0.25, 1e-6);
}

// Logits twice as large at temperature 2 have the same divergence, times 4, and a gradient of T = 2 times the
// one above.
TEST(DistillationLoss, ScalesWithTheSquareOfTheTemperature) {
  const torch::Tensor teacher = torch::tensor({{2 * std::log(3.0F), 0.0F}, {0.0F, 0.0F}});
  torch::Tensor student = torch::zeros({2, 2}).requires_grad_();
  const torch::Tensor loss = distillation_loss(student, teacher, 2.0);  // the second sample adds nothing
  EXPECT_NEAR(loss.item<double>(), 4 * (0.75 * std::log(1.5) + 0.25 * std::log(0.5)) / 2, 1e-6);
  loss.backward();
  EXPECT_NEAR(student.grad()[0][0].item<double>(), 2 * (0.5 - 0.75) / 2, 1e-6);
  EXPECT_NEAR(student.grad()[1].abs().max().item<double>(), 0, 1e-6);
}

TEST(DistillationLoss, TheTeacherIsAConstant) {
  torch::Tensor teacher = torch::randn({3, 4}).requires_grad_();
  torch::Tensor student = torch::randn({3, 4}).requires_grad_();
  distillation_loss(student, teacher, 4.0).backward();
  EXPECT_FALSE(teacher.grad().defined());
  EXPECT_TRUE(student.grad().defined());
}

}  // namespace
}  // namespace intact
