// Convolution of bytes: oneDNN's integer convolution over float tensors that hold integers, for training's
// forward pass.
#pragma once

#include <torch/types.h>

#include <optional>

#include "nn/exact_conv.h"
#include "quant/int_tensor.h"

namespace intact {

// The convolution of exact_conv.h (x.v with w, integers in -128 .. 127) on 8-bit integers with 32-bit sums,
// as float32: exact below 2^24. Differentiable in x.v and w, backward in float32 (but see
// set_split_backward). Nothing where this
// processor, the grid (values beyond a byte) or the window (a padding value that is not 0, on the bipolar
// grid -1) does not allow it: processors without VNNI or AMX multiply bytes with saturation.
std::optional<torch::Tensor> int8_conv(const IntTensor& x, const torch::Tensor& w,
                                       const ConvGeometry& geometry);

// On at first; off, int8_conv() gives nothing: to measure what it gains.
void set_int8_conv(bool on);

// Off at first; on, the backward pass takes split_conv_gradients.h where it can, else float32.
void set_split_backward(bool on);

}  // namespace intact
