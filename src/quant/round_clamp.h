// The one rounding of training and freeze(): v = clamp(round(r / s), lo, hi), and its straight-through
// gradients.
#pragma once

#include <torch/types.h>

namespace intact {

// Divided in IEEE float32 (never r * (1 / s): that differs), rounded with ties to even. lo and hi are
// integers with
// |.| <= 2^21, so clamping first and rounding then gives the same integer, and adding 1.5 * 2^23 pushes the
// fraction out of the mantissa: one rounding, to nearest even, on any instruction set, never a negative zero.
// NaN stays NaN.
inline float round_clamp(float r, float s, float lo, float hi) noexcept {
  constexpr float kPush = 12582912.0F;
  float u = r / s;
  u = lo > u ? lo : u;
  u = hi < u ? hi : u;
  return (u + kPush) - kPush;
}

// How v answers to the scale. With u = r / s the consumer sees y = v s, so dy/ds = v + s dv/ds: a quantizer
// asks for a total by choosing dv/ds where the gradient passes (outside dv/ds = 0, total v = lo or hi, unless
// fixed_ceiling).
enum class ScaleGradient {
  kNone,  // the scale does not learn
  kStep,  // LSQ: dv/ds = -u / s, total v - u (Esser et al. 2020, equation 3)
  kClip,  // PACT: dv/ds = -v / s, total 0 (Choi et al. 2018: the clip learns only from what it clips)
};

struct RoundClampLaw {
  float lo = 0, hi = 0;            // qmin - z, qmax - z
  float pass_lo = 0, pass_hi = 0;  // r receives gradient where pass_lo < u < pass_hi: dv/dr = 1 / s
  ScaleGradient scale_gradient = ScaleGradient::kNone;
  // hi is a real constant in steps of s (ReLU6: hi = round(6 / s), ARITHMETIC section 1). Straight through
  // that rounding dhi/ds = -hi / s, so values above have the total 0 instead of hi: their real value does not
  // move with s.
  bool fixed_ceiling = false;
};

// s: 0-dim, or one per index of dimension 0 of r. The result has r's shape and memory layout. Without
// gradient.
torch::Tensor round_clamp(const torch::Tensor& r, const torch::Tensor& s, const RoundClampLaw& law);

// The same values, differentiable once in r, and in s as the law says. One pass forward, one backward (which
// keeps r and s, no masks). Sums over elements are taken in a fixed order: the same bits for every thread
// count.
torch::Tensor round_clamp_ste(const torch::Tensor& r, const torch::Tensor& s, const RoundClampLaw& law);

}  // namespace intact
