#include "nn/batch_norm.h"

#include "quant/libtorch.h"

#include <tuple>

#include "core/error.h"

namespace intact {

BatchNorm::BatchNorm(std::int64_t channels) {
  gamma = register_parameter("gamma", torch::ones({channels}));
  beta = register_parameter("beta", torch::zeros({channels}));
  mean = register_buffer("mean", torch::zeros({channels}));
  variance = register_buffer("variance", torch::ones({channels}));
}

torch::Tensor BatchNorm::forward(const torch::Tensor& y, Statistics statistics) {
  if (statistics == Statistics::kRunning) {
    return std::get<0>(at::native_batch_norm(y, gamma, beta, mean, variance, /*training=*/false, 0.0, kEps));
  }
  auto [out, batch_mean, inverse_std] =
      at::native_batch_norm(y, gamma, beta, {}, {}, /*training=*/true, 0.0, kEps);
  torch::NoGradGuard no_grad;
  track(batch_mean.detach(), (inverse_std.detach().pow(-2) - kEps).clamp_min(0), statistics);
  return out;
}

void BatchNorm::track(const torch::Tensor& batch_mean, const torch::Tensor& batch_variance,
                      Statistics statistics) {
  torch::NoGradGuard no_grad;
  if (statistics == Statistics::kBatch) {
    mean.lerp_(batch_mean, kMomentum);
    variance.lerp_(batch_variance, kMomentum);
  } else if (statistics == Statistics::kReestimate) {
    const torch::Tensor m = batch_mean.to(torch::kFloat64);
    sum_mean_ += m;
    sum_square_ += batch_variance.to(torch::kFloat64) + m * m;
    ++batches_;
  }
}

void BatchNorm::start_reestimation() {
  sum_mean_ = torch::zeros(mean.sizes(), torch::kFloat64);
  sum_square_ = torch::zeros(mean.sizes(), torch::kFloat64);
  batches_ = 0;
}

void BatchNorm::finish_reestimation() {
  if (batches_ == 0) throw Error("batch norm: no batch was seen while re-estimating its statistics");
  torch::NoGradGuard no_grad;
  const torch::Tensor m = sum_mean_ / static_cast<double>(batches_);
  mean.copy_(m);
  variance.copy_((sum_square_ / static_cast<double>(batches_) - m * m).clamp_min(0));
}

}  // namespace intact
