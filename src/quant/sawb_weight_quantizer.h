// Statistics-aware weight binning (Choi et al. 2019, Accurate and Efficient 2-bit Quantized Neural Networks,
// MLSys, section 3).
#pragma once

#include "quant/quantizer.h"

namespace intact {

// The clip that minimizes the squared error is close to alpha = c1 sqrt(E w^2) + c2 E|w|, with c1 and c2 per
// number of bits (the paper's regression over six distributions; 2, 3, 4, 5 and 8 bits have published
// coefficients). The paper puts 2^b levels over -alpha .. alpha, a step of 2 alpha / (2^b - 1); so s =
// max(that, 2^-20), on the signed grid with a 0, v = clamp(round(w / s)): levels lie half a step off the
// paper's. alpha comes from the weights at hand in every call (so scale() throws) and has no gradient; the
// weights' is straight-through within the clip.
class SawbWeightQuantizer final : public Quantizer {
 public:
  // Throws Error for bits without coefficients.
  SawbWeightQuantizer(int bits, std::optional<int64_t> channels);

  IntTensor forward(const torch::Tensor& w) override;
  IntTensor to_int(const torch::Tensor& w) const override;
  torch::Tensor scale() const override;
  Grid grid() const override { return grid_; }
  void observe(const torch::Tensor&) override {}
  bool initialized() const override { return true; }

 private:
  torch::Tensor scale_of(const torch::Tensor& w) const;

  Grid grid_;
  double c1_ = 0, c2_ = 0;
  std::optional<int64_t> channels_;
};

}  // namespace intact
