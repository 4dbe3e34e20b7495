// The gradients of a convolution of small integers on bfloat16 multipliers, nearly as float32 gives them.
//
// bfloat16 has float32's exponents and 8 bits of mantissa, so integers up to 256 are exact in it: the
// activations and the weights go in as they are. The incoming gradient g is split, g = high + low + rest with
// high = bf16(g), low = bf16(g - high), |rest| <= 2^-17 |g|; products are exact and sums float32. Twice the
// multiplications, each on hardware that does them many times faster.
#pragma once

#include <torch/types.h>

#include "nn/float_conv.h"

namespace intact {

// Whether split_conv_gradients() takes this: a processor with bfloat16, one group.
bool can_split(const OnednnConv& conv);

// As conv_gradients(); x and w hold integers of at most 256 in size.
ConvGradients split_conv_gradients(const OnednnConv& conv, const torch::Tensor& x, const torch::Tensor& w,
                                   const torch::Tensor& dy, bool want_x, bool want_w);

}  // namespace intact
