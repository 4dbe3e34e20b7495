// What training minimizes, and what it is measured by.
#pragma once

#include <torch/types.h>

#include <cstdint>

#include "config/experiment.h"
#include "train/batch_loader.h"

namespace intact {

class Loss {
 public:
  // The input's grid: code u stands for scale * (u - zero_point).
  Loss(LossKind kind, double input_scale, int zero_point, double label_smoothing = 0)
      : kind_(kind), scale_(input_scale), zero_point_(zero_point), label_smoothing_(label_smoothing) {}

  // Of the network's real outputs [N, outputs], a mean over the batch, differentiable: cross entropy of
  // logits, or the mean squared error against the input's reals [N, height x width x channels].
  torch::Tensor mean(const torch::Tensor& outputs, const Batch& batch) const;

  // Outputs whose largest is the label's; 0 where the loss looks at no labels.
  std::int64_t correct(const torch::Tensor& outputs, const Batch& batch) const;

  bool classifies() const { return kind_ == LossKind::kCrossEntropy; }

 private:
  LossKind kind_;
  double scale_;
  int zero_point_;
  double label_smoothing_;
};

}  // namespace intact
