#include "quant/observer.h"

#include "core/error.h"

namespace intact {
namespace {

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

std::shared_ptr<Observer> make_observer(ObserverKind kind, int64_t groups, double momentum) {
  switch (kind) {
    case ObserverKind::kMinMax:
      return std::make_shared<MinMaxObserver>(groups);
    case ObserverKind::kMovingAverage:
      return std::make_shared<MovingAverageObserver>(groups, momentum);
  }
  throw Error("unknown observer");
}

}  // namespace intact
