// Convolution over integers held in floating point, with the exact integer result.
//
// A float32 convolution over integers is exact, in whatever order the products are summed and fused or not,
// as long as every partial sum stays below 2^24; A = max_c sum |w_c| vmax bounds them all. That holds for
// direct and GEMM algorithms. It does not hold for transforms (Winograd, FFT), whose intermediate values are
// not integers; libraries choose them behind one's back. So each combination of shapes, threads and back-end
// settings is probed once, at full amplitude, against int64, and where the probe fails a matrix product over
// unfolded patches (probed too) and at last float64 take its place.
#pragma once

#include <torch/types.h>

#include <cstdint>

#include "integer/int_state.h"

namespace intact {

// What a convolution is besides its tensors.
struct ConvGeometry {
  Window window;
  int groups = 1;
  double pad_value = 0;  // centred value outside the image: 0, or -1 for a bipolar input
};

// x: [N, C, H, W] float32, integers with |x| <= vmax. w: [O, C / groups, kh, kw] float32 integers. Returns
// the exact accumulators, float32 if max_c sum |w_c| * vmax < 2^24, else float64. Differentiable in x and w.
torch::Tensor exact_conv(const torch::Tensor& x, const torch::Tensor& w, const ConvGeometry& geometry,
                         std::int64_t vmax);

// x with the geometry's padding written out.
torch::Tensor pad_input(const torch::Tensor& x, const ConvGeometry& geometry);

// How many probes failed in this process so far (reported by the trainer, asserted on in tests).
std::int64_t exact_conv_failed_probes();

}  // namespace intact
