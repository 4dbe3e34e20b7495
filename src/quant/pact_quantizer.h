// Parameterized clipping activation (Choi et al. 2018, arXiv 1805.06085): unsigned activations with a learned
// clip.
#pragma once

#include "quant/quantizer.h"

namespace intact {

// v = clamp(round(r / s), 0, qmax), s = alpha / (2^b - 1), alpha = max(|parameter|, 2^-20 (2^b - 1)).
//
// The paper's y = v s has dy/dalpha = 0 where r < alpha and 1 where r >= alpha, and dy/dr = 1 within the
// clip. As v and s are handed on separately: dy/dalpha = v ds/dalpha + s dv/dalpha with ds/dalpha = 1 / (2^b
// - 1). Above the clip v = 2^b - 1 is constant: the first term is 1, as wanted. Within, the second must
// cancel the first: dv/dalpha = -v / (s (2^b - 1)), that is dv/ds = -v / s (ScaleGradient::kClip).
class PactQuantizer final : public Quantizer {
 public:
  // alpha > 0: initial clip; decay: lambda of the loss term lambda / 2 alpha^2.
  PactQuantizer(int bits, double alpha, double decay, std::optional<double> ceiling);

  IntTensor forward(const torch::Tensor& r) override;
  std::optional<RoundClampForm> round_clamp_form(int64_t sample_size) override;
  IntTensor to_int(const torch::Tensor& r) const override;
  torch::Tensor scale() const override;
  Grid grid() const override;
  // The clip starts where the config says and is learned from there, unless start_at_clip_of() was called.
  void observe(const torch::Tensor& r) override;
  bool initialized() const override { return true; }
  bool start_at_clip_of(ObserverKind kind) override;
  torch::Tensor regularizer() const override;

 private:
  Grid full_grid_;
  std::optional<double> ceiling_;
  double decay_;
  torch::Tensor alpha_;  // parameter, 0-dim
  std::optional<ObserverKind> start_;
  int64_t observed_ = 0;  // batches since start_at_clip_of()
};

}  // namespace intact
