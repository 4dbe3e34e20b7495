// The products of a convolution by oneDNN (onednn_products.h), over tensors in channels-last memory.
#pragma once

#include <torch/types.h>

#include <cstdint>

#include "nn/exact_conv.h"
#include "nn/onednn_products.h"

namespace intact {

OnednnConv onednn_conv(const torch::Tensor& x, const torch::Tensor& w, const ConvGeometry& geometry);

// Whether the functions below take these tensors: float32 on the CPU.
bool onednn_takes(const torch::Tensor& x, const torch::Tensor& w);

// float32, any strides in; channels-last out.
torch::Tensor onednn_forward(const OnednnConv& conv, const torch::Tensor& x, const torch::Tensor& w);
torch::Tensor onednn_backward_data(const OnednnConv& conv, const torch::Tensor& dy, const torch::Tensor& w);
torch::Tensor onednn_backward_weights(const OnednnConv& conv, const torch::Tensor& x,
                                      const torch::Tensor& dy);

// The same from bfloat16, dense in channels-last order; sums and results float32.
torch::Tensor onednn_backward_data_bf16(const OnednnConv& conv, const torch::Tensor& dy,
                                        const torch::Tensor& w);
torch::Tensor onednn_backward_weights_bf16(const OnednnConv& conv, const torch::Tensor& x,
                                           const torch::Tensor& dy);
bool onednn_has_bf16();  // whether this processor multiplies bfloat16 itself

// Bytes in channels-last order (source unsigned or signed, weights signed), sums as float32.
torch::Tensor onednn_forward_bytes(const OnednnConv& conv, const std::uint8_t* source, bool source_is_signed,
                                   const std::int8_t* weights);

// Whether this processor multiplies bytes without saturation (VNNI or AMX), so that the sums are exact.
bool onednn_bytes_are_exact();

}  // namespace intact
