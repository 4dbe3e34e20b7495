// Uniform (affine) quantization of activations with a range from observers.
#pragma once

#include "quant/observer.h"
#include "quant/quantizer.h"

namespace intact {

enum class UniformRange { kUnsigned, kSigned, kAsymmetric };

// v = clamp(round(r / s), qmin - z, qmax - z), s and z from the observed range low .. high, in float32, s at
// least 2^-20:
//   unsigned    s = high / (2^b - 1), high being at most the ceiling; z = 0
//   signed      s = max(-low, high) / (qmax + 1/2): qmax + 1/2 is the largest r / s that the clip moves by no
//   more than half a
//               step, so the extremes err like any other value and every step is finer than with max / qmax;
//               z = 0
//   asymmetric  low <= 0 <= high after widening; s = (high - low) / (2^b - 1), z = clamp(round(-low / s), 0,
//   2^b - 1), so that
//               real 0 is a code
// Observers that search a clip (clip_search.h) narrow a batch's range to -clip .. clip before it is averaged.
// Neither has a gradient; that of r is straight-through (wide_law). Ranges follow the data in training's
// forward passes while observing() is on, and in observe().
class UniformActivationQuantizer final : public Quantizer {
 public:
  UniformActivationQuantizer(int bits, UniformRange range, std::optional<double> ceiling,
                             ObserverKind observer, double momentum);

  IntTensor forward(const torch::Tensor& r) override;
  std::optional<RoundClampForm> round_clamp_form(int64_t sample_size) override;
  IntTensor to_int(const torch::Tensor& r) const override;
  torch::Tensor scale() const override;
  Grid grid() const override;
  void observe(const torch::Tensor& r) override;
  bool initialized() const override { return observer_->initialized(); }

 private:
  bool must_observe() const;
  double steps_to_clip(const torch::Tensor& low, const torch::Tensor& high) const;

  Grid full_grid_;
  UniformRange range_;
  std::optional<double> ceiling_;
  ObserverKind kind_;
  std::shared_ptr<Observer> observer_;
};

}  // namespace intact
