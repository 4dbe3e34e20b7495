// The requantization of ARITHMETIC.md over whole tensors, for evaluation and for the exact forward value in
// training.
#pragma once

#include <torch/types.h>

#include <vector>

#include "integer/int_state.h"

namespace intact {

// acc: exact accumulators [N, C, H, W], float32 or float64. v_res: centred residual of the same shape,
// float32, or undefined. Returns the centred output v = y - z, float32, in the memory format of acc. q.m and
// q.b have C entries or one (pooling).
torch::Tensor requantize(const torch::Tensor& acc, const Requantization& q, const Grid& out,
                         const torch::Tensor& v_res);

// ARITHMETIC section 5; inputs: centred, float32, one shape. Returns centred v, float32.
torch::Tensor requantized_add(const std::vector<torch::Tensor>& inputs, const Requantization& q,
                              const Grid& out);

// ARITHMETIC section 4: acc + b as float64 (integers below 2^31).
torch::Tensor logits(const torch::Tensor& acc, const Requantization& q);

}  // namespace intact
