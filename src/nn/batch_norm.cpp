#include "nn/batch_norm.h"

#include "quant/libtorch.h"

#include <algorithm>
#include <tuple>

#include "core/error.h"

namespace intact {
namespace {

std::vector<double> to_doubles(const torch::Tensor& t) {
  const torch::Tensor f = t.detach().contiguous();
  return {f.data_ptr<float>(), f.data_ptr<float>() + f.numel()};
}

// running += momentum (batch - running), in float32.
void approach(torch::Tensor& running, std::span<const double> batch) {
  float* r = running.data_ptr<float>();
  for (std::size_t c = 0; c < batch.size(); ++c)
    r[c] += static_cast<float>(BatchNorm::kMomentum) * (static_cast<float>(batch[c]) - r[c]);
}

}  // namespace

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
  const std::vector<double> means = to_doubles(batch_mean), deviations = to_doubles(inverse_std);
  std::vector<double> variances;
  for (const double d : deviations) variances.push_back(std::max(0.0, 1.0 / (d * d) - kEps));
  track(means, variances, statistics);
  return out;
}

void BatchNorm::track(std::span<const double> batch_mean, std::span<const double> batch_variance,
                      Statistics statistics) {
  if (statistics == Statistics::kBatch) {
    approach(mean, batch_mean);
    approach(variance, batch_variance);
  } else if (statistics == Statistics::kReestimate) {
    for (std::size_t c = 0; c < batch_mean.size(); ++c) {
      const auto m = static_cast<double>(static_cast<float>(batch_mean[c]));
      sum_mean_[c] += m;
      sum_square_[c] += static_cast<double>(static_cast<float>(batch_variance[c])) + m * m;
    }
    ++batches_;
  }
}

void BatchNorm::start_reestimation() {
  sum_mean_.assign(static_cast<std::size_t>(mean.numel()), 0.0);
  sum_square_ = sum_mean_;
  batches_ = 0;
}

void BatchNorm::finish_reestimation() {
  if (batches_ == 0) throw Error("batch norm: no batch was seen while re-estimating its statistics");
  const auto count = static_cast<double>(batches_);
  for (std::size_t c = 0; c < sum_mean_.size(); ++c) {
    const double m = sum_mean_[c] / count;
    mean.data_ptr<float>()[c] = static_cast<float>(m);
    variance.data_ptr<float>()[c] = static_cast<float>(std::max(0.0, sum_square_[c] / count - m * m));
  }
}

}  // namespace intact
