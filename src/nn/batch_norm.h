// Batch norm over reals a * s, with the statistics under control: batch, re-estimated, or frozen. Variance is
// biased throughout (what the normalization itself uses), so that training and evaluation differ in the
// statistics' values alone.
#pragma once

#include <torch/nn/module.h>
#include <torch/types.h>

#include <cstdint>
#include <span>
#include <vector>

namespace intact {

enum class Statistics {
  kBatch,       // normalize with the batch's, update the running ones
  kBatchOnly,   // normalize with the batch's, leave the running ones (calibration)
  kReestimate,  // normalize with the batch's, accumulate for finish_reestimation()
  kRunning      // normalize with the running ones (frozen, evaluation)
};

class BatchNorm : public torch::nn::Module {
 public:
  explicit BatchNorm(std::int64_t channels);

  // y: [N, C, H, W].
  torch::Tensor forward(const torch::Tensor& y, Statistics statistics);

  // Takes a batch's mean and biased variance by channel, rounded to float32, into the running statistics or
  // the re-estimated ones, as `statistics` says.
  void track(std::span<const double> batch_mean, std::span<const double> batch_variance,
             Statistics statistics);

  // Mean of the batches' means; biased variance of all their values together. Throws Error if nothing was
  // accumulated.
  void start_reestimation();
  void finish_reestimation();

  torch::Tensor gamma, beta;     // parameters, [C]
  torch::Tensor mean, variance;  // buffers, [C] float32; variance biased

  static constexpr double kEps = 1e-5;
  static constexpr double kMomentum = 0.1;  // running = (1 - momentum) running + momentum batch

 private:
  std::vector<double> sum_mean_, sum_square_;  // over batches: mean, and variance + mean^2
  std::int64_t batches_ = 0;
};

}  // namespace intact
