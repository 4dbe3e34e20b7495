// Binarization with straight-through gradients.
#pragma once

#include <torch/types.h>

#include "config/experiment.h"

namespace intact {

// v = +1 where r >= 0 (also -0), -1 where r < 0; NaN stays NaN. Keeps r's memory layout. Without gradient.
torch::Tensor binarize(const torch::Tensor& r);

// The slope that stands for the sign's in the backward pass:
//   kClipped     [|r| <= 1]: the clipped identity of BinaryNet (Hubara et al. 2016, arXiv 1602.02830,
//   equation 4) kApproxSign  max(0, 2 - 2 |r|): the derivative of ApproxSign (Bi-Real Net, Liu et al. 2018,
//   arXiv 1808.00278,
//                equation 5)
//   kErrorDecay  k t (1 - tanh^2(t r)) with t = 0.1 * 100^progress, k = max(1 / t, 1): the error decay
//   estimator
//                (IR-Net, Qin et al. 2020, arXiv 1909.10788, equations 9 to 11): nearly the identity at
//                first, nearly the sign in the end. progress: share of training done, 0 .. 1.
struct SignSlope {
  StraightThrough kind = StraightThrough::kClipped;
  double progress = 0;
};

// The same values as binarize(). dv/dr = slope(r) + own / s, with s 0-dim or one per index of dimension 0; s
// receives no gradient.
torch::Tensor binarize_ste(const torch::Tensor& r, const torch::Tensor& s, double own,
                           const SignSlope& slope = {});

}  // namespace intact
