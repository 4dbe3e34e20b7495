// Batch norm, residual, rectifier and quantizer of a convolution as one operation: forward a pass for the
// batch's statistics and one that writes the result, backward a pass of sums and one that writes the
// gradients. Nothing in between is kept; the backward passes compute it again.
//
//   y = gamma (a scale - mean) / sqrt(variance + eps) + beta + residual residual_scale
//   v = clamp(round(y / s)), or sign(y)
//
// where ARITHMETIC.md's integers come from in training. The same values as the composition of BatchNorm,
// addition and round_clamp_ste or binarize_ste but for float32's rounding, and its gradients, that of `scale`
// among them (through eps alone where the statistics are the batch's).
#pragma once

#include <torch/types.h>

#include <optional>

#include "nn/batch_norm.h"
#include "quant/quantizer.h"

namespace intact {

struct NormOperands {
  torch::Tensor a;                         // [N, C, H, W] float32: a convolution's sums
  torch::Tensor scale;                     // of a: 0-dim or [C]
  torch::Tensor residual, residual_scale;  // a's shape, and 0-dim; both undefined: none
  torch::Tensor weight_scale = {};         // another factor of a's scale: 0-dim or [C]; undefined: 1
};

struct Quantized {
  torch::Tensor v;
  torch::Tensor bytes;  // as IntTensor::bytes
};

// Updates norm's statistics as BatchNorm::forward does. exact: the values to return instead of v, of a's
// shape and layout, or undefined; gradients stay those of v.
Quantized norm_quantize(const NormOperands& operands, BatchNorm& norm, Statistics statistics,
                        const RoundClampForm& form, const torch::Tensor& exact = {});

// The float form: clamp(y, lo, hi), lo and hi may be infinite. Gradient passes strictly between them.
torch::Tensor norm_clamp(const NormOperands& operands, BatchNorm& norm, Statistics statistics, float lo,
                         float hi);

}  // namespace intact
