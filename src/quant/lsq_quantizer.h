// Learned step size quantization (Esser et al. 2020, arXiv 1902.08153), for weights and activations.
#pragma once

#include <string>

#include "quant/quantizer.h"
#include "quant/quantizer_law.h"

namespace intact {

// v = clamp(round(r / s), -Qn, Qp), s = max(|step|, 2^-20), `step` learned. The gradient of v s is the
// paper's equation 3 with respect to s and equation 5 with respect to r; the gradient of step is multiplied
// by 1 / sqrt(N Qp) (section 2.2).
//
// A weight's step starts at, and observe() sets it to, 2 mean|w| / sqrt(Qp) of the weights at hand (per
// channel or per tensor). An activation's step is the mean of that over the batches that observe() saw, with
// r as the clip's real ends (0 for an unsigned grid, the ceiling) leave it. The first forward() in training
// observes if nobody did before.
class LsqQuantizer final : public Quantizer {
 public:
  // channels: one step per index of dimension 0; none: one step. N is the number of weights per step.
  static std::shared_ptr<LsqQuantizer> for_weights(int bits, std::optional<int64_t> channels);
  // One step. N is the number of features per sample (elements / size of dimension 0).
  static std::shared_ptr<LsqQuantizer> for_activations(const Grid& grid, std::optional<double> ceiling);

  IntTensor forward(const torch::Tensor& r) override;
  std::optional<RoundClampForm> round_clamp_form(int64_t sample_size) override;
  IntTensor to_int(const torch::Tensor& r) const override;
  torch::Tensor scale() const override;
  Grid grid() const override;
  void observe(const torch::Tensor& r) override;
  bool initialized() const override;
  bool start_at_clip_of(ObserverKind kind) override;

  enum class Role { kWeights, kActivations };
  LsqQuantizer(Role role, const Grid& grid, std::optional<int64_t> channels, std::optional<double> ceiling);

 private:
  void check(const torch::Tensor& r) const;
  float gradient_scale(int64_t n) const;
  int64_t elements_of_step(const torch::Tensor& r) const;
  RoundClampForm form(int64_t elements);
  torch::Tensor start_of(const torch::Tensor& clipped) const;

  Role role_;
  std::string name_;
  Grid full_grid_;
  std::optional<int64_t> channels_;
  std::optional<double> ceiling_;
  std::optional<ObserverKind> start_;  // none: the paper's
  torch::Tensor step_;                 // parameter, 0-dim or [channels]
  torch::Tensor observed_;             // buffer: number of batches behind step_'s start, 0 before the first
};

}  // namespace intact
