// Convolution of inputs that are -1 or +1 and padded with -1, on bytes, for training's forward pass.
#pragma once

#include <torch/types.h>

#include "nn/exact_conv.h"
#include "quant/int_tensor.h"

namespace intact {

// With u = (v + 1) / 2, which is 0 or 1 and padded with 0,
//
//   sum v w = 2 sum u w - sum w,
//
// so neither the padding nor the sign costs a pass over the input; exact below 2^24. x: on the bipolar grid;
// geometry.pad_value: -1; w: integers in -128 .. 127. Differentiable in x.v and w,
// backward in float32. For processors where onednn_bytes_are_exact().
torch::Tensor bipolar_conv(const IntTensor& x, const torch::Tensor& w, const ConvGeometry& geometry);

}  // namespace intact
