// LSQ+ (Bhalgat et al. 2020, arXiv 2004.09576): a learned step and a learned offset for activations, with an
// integer zero point.
#pragma once

#include "quant/quantizer.h"

namespace intact {

// On the unsigned grid: z = clamp(round(-beta / s), 0, 2^b - 1), v = clamp(round(r / s), -z, 2^b - 1 - z), s
// = max(|step|, 2^-20). The paper's offset is real (equation 2); an integer one keeps real 0 a code, which
// zero padding and integer arithmetic need. Gradients of v s, with u = r / s (the paper's equations 4 to 6,
// round straight through): of r: 1 within the clip, else 0; of s: v - u within, v beyond, as in LSQ; of beta:
// 0 within and 1 beyond, since dv/dz = -1 there and dz/dbeta = -1 / s. Both are multiplied by 1 / sqrt(N Qp),
// N features per sample. observe() sets step and beta from the batches' smallest and largest values (the
// paper's section 3.3), averaged.
class LsqPlusQuantizer final : public Quantizer {
 public:
  explicit LsqPlusQuantizer(int bits);

  IntTensor forward(const torch::Tensor& r) override;
  IntTensor to_int(const torch::Tensor& r) const override;
  torch::Tensor scale() const override;
  Grid grid() const override;
  void observe(const torch::Tensor& r) override;
  bool initialized() const override;

 private:
  Grid full_grid_;
  torch::Tensor step_, beta_;  // parameters, 0-dim
  torch::Tensor observed_;     // buffer: number of batches behind their start
};

}  // namespace intact
