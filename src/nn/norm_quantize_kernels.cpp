#include "nn/norm_quantize_kernels.h"

#include <algorithm>

#include "quant/target_clones.h"

namespace intact {
namespace {

// No loop's iterations depend on each other. The compiler must be told: it gives up on vectors where too many
// pointers might overlap.

// Adding 1.5 * 2^23 pushes the fraction out of the mantissa: round_clamp.h.
constexpr float kPush = 12582912.0F;

using Value = NormClamp::Value;

template <Value kValue>
[[gnu::always_inline]] inline float value_of(float u, float lo, float hi) {
  if constexpr (kValue == Value::kSign) {
    const float signed_or_nan = u < 0.0F ? -1.0F : u;
    return u >= 0.0F ? 1.0F : signed_or_nan;
  }
  u = lo > u ? lo : u;
  u = hi < u ? hi : u;
  return kValue == Value::kRound ? (u + kPush) - kPush : u;
}

template <Value kValue>
[[gnu::always_inline]] inline std::uint8_t byte_of(float v) {
  const auto i = static_cast<std::int32_t>(v);
  return static_cast<std::uint8_t>(kValue == Value::kSign ? (i + 1) >> 1 : i);
}

template <bool kResidual>
[[gnu::always_inline]] inline float steps(const NormClamp& k, const float* __restrict a,
                                          const float* __restrict residual, std::int64_t i) {
  const float u = a[i] * k.slope[i] + k.start[i];
  return kResidual ? u + residual[i] * k.residual_slope : u;
}

template <Value kValue, bool kResidual, bool kBytes>
[[gnu::always_inline]] inline void forward_chunk(const NormClamp& k, const float* __restrict a,
                                                 const float* __restrict residual, float* __restrict v,
                                                 std::uint8_t* __restrict bytes, std::int64_t n) {
#pragma GCC ivdep
  for (std::int64_t i = 0; i < n; ++i) {
    v[i] = value_of<kValue>(steps<kResidual>(k, a, residual, i), k.lo, k.hi);
    if constexpr (kBytes) bytes[i] = byte_of<kValue>(v[i]);
  }
}

// f(first, size) for each chunk of `count` elements.
template <class F>
[[gnu::always_inline]] inline void for_chunks(std::int64_t count, std::int64_t lanes, const F& f) {
  for (std::int64_t first = 0; first < count; first += lanes) f(first, std::min(lanes, count - first));
}

template <Value kValue, bool kResidual, bool kBytes>
[[gnu::always_inline]] inline void forward_of(const NormClamp& law, const float* a, const float* residual,
                                              float* v, std::uint8_t* bytes, std::int64_t count) {
  const NormClamp k = law;
  for_chunks(
      count, k.lanes, [&](std::int64_t i, std::int64_t n) __attribute__((always_inline)) {
        forward_chunk<kValue, kResidual, kBytes>(k, a + i, kResidual ? residual + i : nullptr, v + i,
                                                 kBytes ? bytes + i : nullptr, n);
      });
}

// Clones cannot be templates.
#define INTACT_FORWARD(name, value, has_residual, has_bytes)                                            \
  INTACT_TARGET_CLONES void name(const NormClamp& law, const float* a, const float* residual, float* v, \
                                 std::uint8_t* bytes, std::int64_t count) {                             \
    forward_of<value, has_residual, has_bytes>(law, a, residual, v, bytes, count);                      \
  }
INTACT_FORWARD(forward_round, Value::kRound, false, false)
INTACT_FORWARD(forward_round_residual, Value::kRound, true, false)
INTACT_FORWARD(forward_bytes, Value::kRound, false, true)
INTACT_FORWARD(forward_bytes_residual, Value::kRound, true, true)
INTACT_FORWARD(forward_sign, Value::kSign, false, true)
INTACT_FORWARD(forward_sign_residual, Value::kSign, true, true)
INTACT_FORWARD(forward_real, Value::kClamp, false, false)
INTACT_FORWARD(forward_real_residual, Value::kClamp, true, false)
#undef INTACT_FORWARD

using Answer = NormClamp::Answer;

template <bool kResidual, Answer kAnswer>
[[gnu::always_inline]] inline void sums_chunk(const NormClamp& k, const float* __restrict a,
                                              const float* __restrict residual, const float* __restrict g,
                                              std::int64_t n, const float* __restrict center,
                                              float* __restrict sum, float* __restrict centered,
                                              float* __restrict with_residual, float* __restrict answers) {
#pragma GCC ivdep
  for (std::int64_t i = 0; i < n; ++i) {
    const float u = steps<kResidual>(k, a, residual, i);
    const bool pass = (u > k.pass_lo) & (u < k.pass_hi);
    const float p = pass ? g[i] : 0.0F;
    sum[i] += p;
    centered[i] += p * (a[i] - center[i]);
    if constexpr (kResidual) with_residual[i] += p * residual[i];
    if constexpr (kAnswer != Answer::kNone) {
      float answer = u >= k.pass_hi ? k.above : 0.0F;
      answer = pass ? (kAnswer == Answer::kStep ? u : value_of<Value::kRound>(u, k.lo, k.hi)) : answer;
      answers[i] += g[i] * answer;
    }
  }
}

template <bool kResidual, Answer kAnswer>
[[gnu::always_inline]] inline void sums_of(const NormClamp& law, const float* a, const float* residual,
                                           const float* g, std::int64_t count, const NormClampSums& sums) {
  const NormClamp k = law;
  const NormClampSums s = sums;
  for_chunks(
      count, k.lanes, [&](std::int64_t i, std::int64_t n) __attribute__((always_inline)) {
        sums_chunk<kResidual, kAnswer>(k, a + i, kResidual ? residual + i : nullptr, g + i, n, s.center, s.p,
                                       s.p_centered, s.p_residual, s.answer);
      });
}

#define INTACT_SUMS(name, has_residual, answer)                                                   \
  INTACT_TARGET_CLONES void name(const NormClamp& law, const float* a, const float* residual,     \
                                 const float* g, std::int64_t count, const NormClampSums& sums) { \
    sums_of<has_residual, answer>(law, a, residual, g, count, sums);                              \
  }
INTACT_SUMS(sums_none, false, Answer::kNone)
INTACT_SUMS(sums_step, false, Answer::kStep)
INTACT_SUMS(sums_clip, false, Answer::kClip)
INTACT_SUMS(sums_none_residual, true, Answer::kNone)
INTACT_SUMS(sums_step_residual, true, Answer::kStep)
INTACT_SUMS(sums_clip_residual, true, Answer::kClip)
#undef INTACT_SUMS

template <bool kResidual>
[[gnu::always_inline]] inline void backward_chunk(const NormClamp& k, const float* __restrict a,
                                                  const float* __restrict residual, const float* __restrict g,
                                                  std::int64_t n, const NormClampGradient& t,
                                                  float* __restrict da, float* __restrict d_residual) {
#pragma GCC ivdep
  for (std::int64_t i = 0; i < n; ++i) {
    const float u = steps<kResidual>(k, a, residual, i);
    const bool pass = (u > k.pass_lo) & (u < k.pass_hi);
    const float p = pass ? g[i] : 0.0F;
    da[i] = k.slope[i] * ((p - t.mean[i]) - (a[i] - t.center[i]) * t.slant[i]);
    if constexpr (kResidual) d_residual[i] = p * k.residual_slope;
  }
}

INTACT_TARGET_CLONES
void backward_plain(const NormClamp& law, const float* a, const float* g, std::int64_t count,
                    const NormClampGradient& to, float* da) {
  const NormClamp k = law;
  const NormClampGradient t = to;
  for_chunks(
      count, k.lanes, [&](std::int64_t i, std::int64_t n) __attribute__((always_inline)) {
        backward_chunk<false>(k, a + i, nullptr, g + i, n, t, da + i, nullptr);
      });
}

INTACT_TARGET_CLONES
void backward_residual(const NormClamp& law, const float* a, const float* residual, const float* g,
                       std::int64_t count, const NormClampGradient& to, float* da, float* d_residual) {
  const NormClamp k = law;
  const NormClampGradient t = to;
  for_chunks(
      count, k.lanes, [&](std::int64_t i, std::int64_t n) __attribute__((always_inline)) {
        backward_chunk<true>(k, a + i, residual + i, g + i, n, t, da + i, d_residual + i);
      });
}

INTACT_TARGET_CLONES
void moments(const float* a, std::int64_t count, std::int64_t lanes, const float* pivot, float* sum,
             float* square) {
  for_chunks(
      count, lanes, [&](std::int64_t first, std::int64_t n) __attribute__((always_inline)) {
        const float* __restrict from = a + first;
        float* __restrict s = sum;
        float* __restrict q = square;
#pragma GCC ivdep
        for (std::int64_t i = 0; i < n; ++i) {
          const float d = from[i] - pivot[i];
          s[i] += d;
          q[i] += d * d;
        }
      });
}

}  // namespace

void add_moments(const float* a, std::int64_t count, std::int64_t lanes, const float* pivot, float* sum,
                 float* square) {
  moments(a, count, lanes, pivot, sum, square);
}

void norm_clamp_forward(const NormClamp& law, const float* a, const float* residual, float* v,
                        std::uint8_t* bytes, std::int64_t count) {
  auto* const run = [&] {
    switch (law.value) {
      case Value::kRound:
        if (bytes != nullptr) return residual ? forward_bytes_residual : forward_bytes;
        return residual ? forward_round_residual : forward_round;
      case Value::kSign:
        return residual ? forward_sign_residual : forward_sign;
      case Value::kClamp:
        break;
    }
    return residual ? forward_real_residual : forward_real;
  }();
  run(law, a, residual, v, bytes, count);
}

void norm_clamp_sums(const NormClamp& law, const float* a, const float* residual, const float* g,
                     std::int64_t count, const NormClampSums& sums) {
  switch (law.answer) {
    case Answer::kNone:
      (residual ? sums_none_residual : sums_none)(law, a, residual, g, count, sums);
      break;
    case Answer::kStep:
      (residual ? sums_step_residual : sums_step)(law, a, residual, g, count, sums);
      break;
    case Answer::kClip:
      (residual ? sums_clip_residual : sums_clip)(law, a, residual, g, count, sums);
      break;
  }
}

void norm_clamp_backward(const NormClamp& law, const float* a, const float* residual, const float* g,
                         std::int64_t first, std::int64_t count, const NormClampGradient& to) {
  if (residual) {
    backward_residual(law, a + first, residual + first, g + first, count, to, to.da + first,
                      to.d_residual + first);
  } else {
    backward_plain(law, a + first, g + first, count, to, to.da + first);
  }
}

}  // namespace intact
