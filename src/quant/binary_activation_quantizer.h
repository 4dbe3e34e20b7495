// Binary activations (BinaryNet, Hubara et al. 2016, arXiv 1602.02830; other slopes: binarize.h).
#pragma once

#include "quant/quantizer.h"

namespace intact {

// v = sign(r), sign(0) = +1; s = 1; dv/dr = slope(r), of the kind chosen.
class BinaryActivationQuantizer final : public Quantizer {
 public:
  explicit BinaryActivationQuantizer(StraightThrough slope = StraightThrough::kClipped) : slope_(slope) {}

  IntTensor forward(const torch::Tensor& r) override;
  IntTensor to_int(const torch::Tensor& r) const override;
  torch::Tensor scale() const override;
  Grid grid() const override { return Grid::bipolar(); }
  void observe(const torch::Tensor&) override {}
  bool initialized() const override { return true; }
  // With the clipped slope only: the others' gradients are more than a pass band.
  std::optional<RoundClampForm> round_clamp_form(int64_t sample_size) override;

 private:
  StraightThrough slope_;
};

}  // namespace intact
