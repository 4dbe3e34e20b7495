// Ternary weights (TWN, Li et al. 2016, arXiv 1605.04711).
#pragma once

#include "quant/quantizer.h"

namespace intact {

// v = sign(w) where |w| > delta, else 0; delta = 0.7 E|w| (the paper's equation 6), s = the mean of |w|
// beyond delta (equation 5), at least 2^-20, per output channel or per tensor, from the weights at hand in
// every call (so scale() throws). Stored on the signed 2-bit grid, without its -2. Gradient:
// straight-through, dv/dw = 1 / s everywhere (the paper's section 2.3 trains the full-precision weights with
// the gradient of the ternary ones); s has none.
class TernaryWeightQuantizer final : public Quantizer {
 public:
  explicit TernaryWeightQuantizer(std::optional<int64_t> channels) : channels_(channels) {}

  IntTensor forward(const torch::Tensor& w) override;
  IntTensor to_int(const torch::Tensor& w) const override;
  torch::Tensor scale() const override;
  Grid grid() const override { return Grid::weight_grid(2); }
  void observe(const torch::Tensor&) override {}
  bool initialized() const override { return true; }

 private:
  std::optional<int64_t> channels_;
};

}  // namespace intact
