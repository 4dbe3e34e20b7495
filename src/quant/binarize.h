// Binarization with the clipped straight-through gradient.
#pragma once

#include <torch/types.h>

namespace intact {

// v = +1 where r >= 0 (also -0), -1 where r < 0; NaN stays NaN. Keeps r's memory layout. Without gradient.
torch::Tensor binarize(const torch::Tensor& r);

// The same values. dv/dr = [|r| <= 1] + own / s, with s 0-dim or one per index of dimension 0; s receives no
// gradient. own = 0: the clipped identity of BinaryNet (Hubara et al. 2016, arXiv 1602.02830, equation 4).
torch::Tensor binarize_ste(const torch::Tensor& r, const torch::Tensor& s, double own);

}  // namespace intact
