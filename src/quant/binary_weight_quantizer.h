// Binary weights with a scale (XNOR-Net, Rastegari et al. 2016, arXiv 1603.05279).
#pragma once

#include "quant/quantizer.h"

namespace intact {

// v = sign(w), sign(0) = +1; s = max(mean|w|, 2^-20), per output channel or per tensor, from the weights at
// hand in every call (so scale() throws).
//
// Gradient. The paper (section 3.1) gives, for W~ = alpha sign(W) with alpha = mean|W| over n weights,
//   dC/dW_i = dC/dW~_i (1/n + alpha [|W_i| <= 1]):
// the clipped identity through the sign, and of the path through alpha the share that element i has in
// itself, dC/dW~_i sign(W_i) dalpha/dW_i = dC/dW~_i sign(W_i)^2 / n. Here the consumer sees v and s, and
// dC/dv_i = alpha dC/dW~_i. Hence
//   dC/dW_i = dC/dv_i ([|W_i| <= 1] + 1 / (n alpha)),
// all of it through v; s carries no gradient, or that share would count twice. With another slope
// (binarize.h) that stands in place of [|W_i| <= 1].
class BinaryWeightQuantizer final : public Quantizer {
 public:
  explicit BinaryWeightQuantizer(std::optional<int64_t> channels,
                                 StraightThrough slope = StraightThrough::kClipped)
      : channels_(channels), slope_(slope) {}

  IntTensor forward(const torch::Tensor& w) override;
  IntTensor to_int(const torch::Tensor& w) const override;
  torch::Tensor scale() const override;
  Grid grid() const override { return Grid::bipolar(); }
  void observe(const torch::Tensor&) override {}
  bool initialized() const override { return true; }

 private:
  torch::Tensor scale_of(const torch::Tensor& w) const;

  std::optional<int64_t> channels_;
  StraightThrough slope_;
};

}  // namespace intact
