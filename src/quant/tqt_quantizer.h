// Trained quantization thresholds (Jain et al. 2019, arXiv 1903.08066): scales that are powers of two.
#pragma once

#include <string>

#include "quant/quantizer.h"
#include "quant/quantizer_law.h"

namespace intact {

// v = clamp(round(r / s), qmin, qmax) with s = 2^ceil(l) / 2^(bits - 1), unsigned grids 2^ceil(l) / 2^bits;
// l = log2 of the threshold is learned, and s kept within 2^-20 .. 2^20. The gradient of v s is the paper's:
// with respect to l, s ln 2 times (v - r / s where r / s rounds into the grid, else the clipped v) (equations
// 7 and 8, straight through the ceiling); with respect to r, 1 where r / s rounds into the grid, else 0
// (equation 9).
//
// l starts so that s is about LSQ's start, 2 mean|r| / sqrt(qmax): the mean over the batches that observe()
// saw. (The paper starts from the maximum or from three standard deviations.) It was meant for Adam, which
// evens out the size of l's gradient; take quantizer_lr_factor small with SGD.
class TqtQuantizer final : public Quantizer {
 public:
  // channels: one threshold per index of dimension 0; none: one. ceiling: as make_activation_quantizer()'s.
  TqtQuantizer(const Grid& grid, std::optional<int64_t> channels, std::optional<double> ceiling);

  IntTensor forward(const torch::Tensor& r) override;
  IntTensor to_int(const torch::Tensor& r) const override;
  torch::Tensor scale() const override;
  Grid grid() const override;
  void observe(const torch::Tensor& r) override;
  bool initialized() const override;
  std::optional<RoundClampForm> round_clamp_form(int64_t sample_size) override;

 private:
  void check(const torch::Tensor& r) const;
  RoundClampForm form();

  Grid full_grid_;
  std::optional<int64_t> channels_;
  std::optional<double> ceiling_;
  torch::Tensor threshold_;  // parameter: l, 0-dim or [channels]
  torch::Tensor observed_;   // buffer: number of batches behind its start
};

}  // namespace intact
