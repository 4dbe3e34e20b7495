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

// Where a batch's values are to be clipped, as `kind` has it: the largest magnitude for min_max and
// moving_average, else a clip searched in a histogram (clip_search.h; percentile: 99.9 % of the values).
// steps: of the grid up to the clip. by_channel: one per index of dimension 0. Values must be finite.
torch::Tensor clip_of(ObserverKind kind, const torch::Tensor& r, double steps, bool by_channel);

// min_max keeps extremes; all others average over batches. momentum is that of the average, where it must lie
// in 0..1 without 0; throws Error otherwise.
std::shared_ptr<Observer> make_observer(ObserverKind kind, int64_t groups, double momentum);

}  // namespace intact
