// DoReFa-Net's weights (Zhou et al. 2016, arXiv 1606.06160, equation 9) on the signed grid.
#pragma once

#include "quant/quantizer.h"

namespace intact {

// t = tanh(w) / max|tanh(w)|, v = clamp(round(t / s)), s = 1 / qmax. The paper rounds t / 2 + 1/2 to 2^b - 1
// steps, which gives levels without a 0; here t is rounded on the signed grid, which integer arithmetic
// without an offset needs. The maximum is that of the weights at hand (per channel or per tensor) and has no
// gradient; the rounding's is straight-through, tanh's its own: dv/dw = (1 / s) (1 - tanh(w)^2) /
// max|tanh(w)| where |t| is within the clip.
class DorefaWeightQuantizer final : public Quantizer {
 public:
  DorefaWeightQuantizer(int bits, std::optional<int64_t> channels);

  IntTensor forward(const torch::Tensor& w) override;
  IntTensor to_int(const torch::Tensor& w) const override;
  torch::Tensor scale() const override;
  Grid grid() const override { return grid_; }
  void observe(const torch::Tensor&) override {}
  bool initialized() const override { return true; }

 private:
  torch::Tensor transform(const torch::Tensor& w) const;

  Grid grid_;
  std::optional<int64_t> channels_;
};

}  // namespace intact
