// Convolution in float32, differentiable: by oneDNN where it applies, else by LibTorch.
#pragma once

#include "nn/exact_conv.h"
#include "nn/onednn_conv.h"

namespace torch::autograd {
struct AutogradContext;
}

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

// For autograd functions whose first arguments are x and w: keeps what the backward pass needs, and there
// computes the gradients that are wanted.
void keep_conv(torch::autograd::AutogradContext& context, const OnednnConv& conv, const torch::Tensor& x,
               const torch::Tensor& w);
ConvGradients kept_gradients(torch::autograd::AutogradContext& context, const torch::Tensor& dy,
                             decltype(conv_gradients)* gradients);

}  // namespace intact
