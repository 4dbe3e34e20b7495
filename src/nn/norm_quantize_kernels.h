// Inner loops of norm_quantize.h: passes over channels-last memory, compiled for several instruction sets.
// "By lane": lanes.h.
#pragma once

#include <cstdint>

namespace intact {

// What becomes of a pixel's value a, by lane: u = a * slope + start (+ residual * residual_slope), in steps
// of the output's grid; v as `value` says.
struct NormClamp {
  std::int64_t lanes = 0;
  const float* slope = nullptr;
  const float* start = nullptr;
  float residual_slope = 0;
  float lo = 0, hi = 0;
  float pass_lo = 0, pass_hi = 0;  // gradient passes where pass_lo < u < pass_hi
  enum class Value {
    kRound,  // clamp(round(u), lo, hi)
    kSign,   // +1 where u >= 0, -1 where u < 0; NaN stays NaN
    kClamp,  // clamp(u, lo, hi)
  } value = Value::kRound;
  // The answer of the scale, as in RoundClampLaw: sums of g * answer with answer = u (step) or v (clip) where
  // the gradient passes, `above` where u >= pass_hi.
  enum class Answer { kNone, kStep, kClip } answer = Answer::kNone;
  float above = 0;
};

// Adds to sum and square, by lane, a - pivot and its square.
void add_moments(const float* a, std::int64_t count, std::int64_t lanes, const float* pivot, float* sum,
                 float* square);

// residual: null for none. bytes: null, or where v goes as a byte too: its low 8 bits, of a sign (v + 1) / 2.
// With kSign never null, with kClamp always.
void norm_clamp_forward(const NormClamp& law, const float* a, const float* residual, float* v,
                        std::uint8_t* bytes, std::int64_t count);

// With p = g where the gradient passes, else 0. All sums by lane, added to what is there.
struct NormClampSums {
  const float* center = nullptr;  // by lane
  float* p = nullptr;
  float* p_centered = nullptr;  // of p * (a - center)
  float* p_residual = nullptr;  // of p * residual; unused without
  float* answer = nullptr;      // of g * answer; unused with Answer::kNone
};
void norm_clamp_sums(const NormClamp& law, const float* a, const float* residual, const float* g,
                     std::int64_t count, const NormClampSums& sums);

// da = slope * (p - mean - (a - center) * slant), by lane; d_residual = p * residual_slope.
struct NormClampGradient {
  const float *center = nullptr, *mean = nullptr, *slant = nullptr;
  float* da = nullptr;
  float* d_residual = nullptr;  // null without
};
void norm_clamp_backward(const NormClamp& law, const float* a, const float* residual, const float* g,
                         std::int64_t first, std::int64_t count, const NormClampGradient& to);

}  // namespace intact
