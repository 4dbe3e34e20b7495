// Symmetric uniform quantization of weights with a scale from their largest magnitude.
#pragma once

#include "quant/observer.h"
#include "quant/quantizer.h"

namespace intact {

// v = clamp(round(w / s)), s = max(max|w| / qmax, 2^-20), per output channel or per tensor. min_max: from the
// weights at hand, anew in every call, so scale() throws. All others: from the average of max|w|, or of
// the clip that the observer finds (observer.h), over training's forward passes while observing() is on,
// momentum 0.1. The scale has no gradient; the weights' is straight-through (wide_law).
class UniformWeightQuantizer final : public Quantizer {
 public:
  UniformWeightQuantizer(int bits, std::optional<int64_t> channels, ObserverKind observer);

  IntTensor forward(const torch::Tensor& w) override;
  IntTensor to_int(const torch::Tensor& w) const override;
  torch::Tensor scale() const override;
  Grid grid() const override { return grid_; }
  void observe(const torch::Tensor& w) override;
  bool initialized() const override;

 private:
  torch::Tensor scale_of(const torch::Tensor& w) const;

  Grid grid_;
  std::optional<int64_t> channels_;
  ObserverKind kind_;
  std::shared_ptr<Observer> observer_;  // of max|w|; none for min_max
};

}  // namespace intact
