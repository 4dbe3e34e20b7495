#include "quant/observer.h"

#include <algorithm>
#include <span>

#include "core/error.h"
#include "quant/clip_search.h"
#include "quant/dense_layout.h"
#include "quant/magnitude.h"

namespace intact {
namespace {

constexpr std::size_t kBins = 2048;
constexpr double kShare = 0.999;

float searched_clip(ObserverKind kind, std::span<const float> values, double steps) {
  if (std::none_of(values.begin(), values.end(), [](float value) { return value != 0; })) return 0;
  const MagnitudeHistogram histogram = magnitude_histogram(values, kBins);
  switch (kind) {
    case ObserverKind::kPercentile:
      return static_cast<float>(percentile_clip(histogram, kShare));
    case ObserverKind::kMeanSquaredError:
      return static_cast<float>(mean_squared_error_clip(histogram, steps));
    case ObserverKind::kEntropy:
      return static_cast<float>(entropy_clip(histogram, steps));
    case ObserverKind::kMinMax:
    case ObserverKind::kMovingAverage:
      break;  // clip_of takes the maximum
  }
  throw Error("this observer searches no clip");
}

torch::Tensor zeros(int64_t groups) {
  return groups == 0 ? torch::zeros({}, torch::kFloat32) : torch::zeros({groups}, torch::kFloat32);
}

}  // namespace

Observer::Observer(int64_t groups)
    : low_(register_buffer("low", zeros(groups))),
      high_(register_buffer("high", zeros(groups))),
      initialized_(register_buffer("initialized", torch::zeros({}, torch::kBool))) {}

void Observer::update(const torch::Tensor& low, const torch::Tensor& high) {
  const torch::NoGradGuard no_grad;
  if (!torch::isfinite(low).all().item<bool>() || !torch::isfinite(high).all().item<bool>()) {
    throw Error(
        "a quantizer's range was given values that are not finite: training has diverged; lower the learning "
        "rate");
  }
  if (initialized()) {
    combine(low_, high_, low, high);
    return;
  }
  low_.copy_(low);
  high_.copy_(high);
  initialized_.fill_(true);
}

bool Observer::initialized() const {
  return initialized_.item<bool>();
}

void MinMaxObserver::combine(torch::Tensor& state_low, torch::Tensor& state_high, const torch::Tensor& low,
                             const torch::Tensor& high) const {
  state_low.copy_(torch::minimum(state_low, low));
  state_high.copy_(torch::maximum(state_high, high));
}

MovingAverageObserver::MovingAverageObserver(int64_t groups, double momentum)
    : Observer(groups), momentum_(momentum) {
  if (!(momentum > 0.0 && momentum <= 1.0)) {
    throw Error("a moving average's momentum must be above 0 and at most 1, not " + std::to_string(momentum));
  }
}

void MovingAverageObserver::combine(torch::Tensor& state_low, torch::Tensor& state_high,
                                    const torch::Tensor& low, const torch::Tensor& high) const {
  state_low.mul_(1.0 - momentum_).add_(low * momentum_);
  state_high.mul_(1.0 - momentum_).add_(high * momentum_);
}

torch::Tensor clip_of(ObserverKind kind, const torch::Tensor& r, double steps, bool by_channel) {
  const torch::NoGradGuard no_grad;
  if (kind == ObserverKind::kMinMax || kind == ObserverKind::kMovingAverage)
    return max_magnitude(r, by_channel);
  const torch::Tensor values = dense(r.detach(), by_channel);
  const std::int64_t groups = by_channel ? r.size(0) : 1;
  const auto size = static_cast<std::size_t>(r.numel() / std::max<std::int64_t>(1, groups));
  torch::Tensor clip = zeros(by_channel ? groups : 0);
  for (std::int64_t g = 0; g < groups; ++g) {
    clip.data_ptr<float>()[g] =
        searched_clip(kind, {values.data_ptr<float>() + static_cast<std::size_t>(g) * size, size}, steps);
  }
  return clip;
}

std::shared_ptr<Observer> make_observer(ObserverKind kind, int64_t groups, double momentum) {
  switch (kind) {
    case ObserverKind::kMinMax:
      return std::make_shared<MinMaxObserver>(groups);
    case ObserverKind::kMovingAverage:
    case ObserverKind::kPercentile:
    case ObserverKind::kMeanSquaredError:
    case ObserverKind::kEntropy:
      return std::make_shared<MovingAverageObserver>(groups, momentum);
  }
  throw Error("unknown observer");
}

}  // namespace intact
