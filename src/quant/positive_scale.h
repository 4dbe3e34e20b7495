// A positive scale from a free parameter: s = max(|p|, floor) / divisor.
#pragma once

#include <torch/types.h>

namespace intact {

constexpr float kSmallestScale = 0x1p-20F;

struct PositiveScaleLaw {
  float divisor = 1.0F;   // floor = 2^-20 divisor, so that s >= 2^-20
  float gradient = 1.0F;  // ds/dp is multiplied by this (LSQ's gradient scale)
};

// float32, element by element, in p's shape. Without gradient. NaN stays NaN.
torch::Tensor positive_scale(const torch::Tensor& p, const PositiveScaleLaw& law);

// The same values; dp = gradient sign(p) ds / divisor with sign(0) = +1. The gradient passes straight through
// the floor, so that a scale that fell on it can grow again.
torch::Tensor positive_scale_ste(const torch::Tensor& p, const PositiveScaleLaw& law);

}  // namespace intact
