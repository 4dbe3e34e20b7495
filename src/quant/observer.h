// Observers: the range of reals that a tensor takes, tracked over batches. Their state is buffers, so
// checkpoints hold it.
#pragma once

#include <torch/nn/module.h>

#include <memory>

#include "config/experiment.h"

namespace intact {

class Observer : public torch::nn::Module {
 public:
  // groups: ranges tracked side by side (channels), or 0 for one 0-dim range.
  explicit Observer(int64_t groups);

  // Takes in one batch's smallest and largest value. Throws Error if they are not finite.
  void update(const torch::Tensor& low, const torch::Tensor& high);

  bool initialized() const;  // update() was called
  const torch::Tensor& low() const { return low_; }
  const torch::Tensor& high() const { return high_; }

 private:
  virtual void combine(torch::Tensor& state_low, torch::Tensor& state_high, const torch::Tensor& low,
                       const torch::Tensor& high) const = 0;

  torch::Tensor low_, high_, initialized_;
};

// The smallest and largest value of all batches.
class MinMaxObserver final : public Observer {
 public:
  using Observer::Observer;

 private:
  void combine(torch::Tensor& state_low, torch::Tensor& state_high, const torch::Tensor& low,
               const torch::Tensor& high) const override;
};

// new = (1 - momentum) old + momentum now, from the first batch's values on.
class MovingAverageObserver final : public Observer {
 public:
  MovingAverageObserver(int64_t groups, double momentum);

 private:
  void combine(torch::Tensor& state_low, torch::Tensor& state_high, const torch::Tensor& low,
               const torch::Tensor& high) const override;

  double momentum_;
};

// momentum is used by the moving average only, where it must lie in 0..1 without 0; throws Error otherwise.
std::shared_ptr<Observer> make_observer(ObserverKind kind, int64_t groups, double momentum);

}  // namespace intact
