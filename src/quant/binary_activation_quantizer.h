// Binary activations (BinaryNet, Hubara et al. 2016, arXiv 1602.02830).
#pragma once

#include "quant/quantizer.h"

namespace intact {

// v = sign(r), sign(0) = +1; s = 1; the gradient is the clipped identity's: dv/dr = [|r| <= 1].
class BinaryActivationQuantizer final : public Quantizer {
 public:
  IntTensor forward(const torch::Tensor& r) override;
  IntTensor to_int(const torch::Tensor& r) const override;
  torch::Tensor scale() const override;
  Grid grid() const override { return Grid::bipolar(); }
  void observe(const torch::Tensor&) override {}
  bool initialized() const override { return true; }
};

}  // namespace intact
