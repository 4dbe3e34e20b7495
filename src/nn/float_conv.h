// Convolution in float32, differentiable: by oneDNN where it applies, else by LibTorch.
#pragma once

#include "nn/exact_conv.h"
#include "nn/onednn_conv.h"

namespace intact {

// x: [N, C, H, W]; w: [O, C / groups, kh, kw]; geometry's padding value included.
torch::Tensor float_conv(const torch::Tensor& x, const torch::Tensor& w, const ConvGeometry& geometry);

// The gradients of a convolution's arguments, for the backward pass of autograd functions; undefined where
// not wanted. dy: the gradient of the result.
struct ConvGradients {
  torch::Tensor x, w;
};
ConvGradients conv_gradients(const OnednnConv& conv, const torch::Tensor& x, const torch::Tensor& w,
                             const torch::Tensor& dy, bool want_x, bool want_w);

}  // namespace intact
