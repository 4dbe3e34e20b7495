// The one place where real parameters become integers (ARITHMETIC.md, derivations of sections 3 to 6).
// Compiled with -ffp-contract=off; uses no libm but sqrt and floor. Everybody else copies what these
// functions return.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "integer/int_state.h"

namespace intact {

// Batch norm in inference form, per output channel. All spans have one length.
struct BatchNormParameters {
  std::span<const double> gamma, beta, mean, variance;
  double eps = 1e-5;
};

struct ConvParameters {
  std::string layer;                     // for error messages
  std::span<const std::int8_t> weights;  // [out][taps]
  int out_channels = 0;
  std::int64_t vmax = 0;                            // of the input's grid
  double s_x = 0;                                   // input scale
  std::span<const double> s_w;                      // one, or one per output channel
  const BatchNormParameters* batch_norm = nullptr;  // or
  std::span<const double> bias;                     // one per output channel, or empty; not both
};

struct ResidualParameters {
  double scale = 0;
  std::int64_t vmax = 0;
};

// A_c = vmax * sum |w[c]| per output channel.
std::vector<std::int64_t> accumulator_bounds(std::span<const std::int8_t> weights, int out_channels,
                                             std::int64_t vmax);

// Section 3. Throws Error naming layer and channel when no r fits, a parameter is not finite, or a scale is
// not positive.
Requantization derive_conv(const ConvParameters& p, const Grid& out, double s_y,
                           const ResidualParameters* residual);

// Section 4: b only (k = r = 0, m empty). s_w must have one entry.
Requantization derive_logits(const ConvParameters& p);

// Section 5. scales[i], vmax[i] of input i.
Requantization derive_add(const std::string& layer, std::span<const double> scales,
                          std::span<const std::int64_t> vmax, const Grid& out, double s_y);

// Section 6.
Requantization derive_avg_pool(const std::string& layer, double s_x, std::int64_t vmax, int count,
                               const Grid& out, double s_y);

// qmax of a grid clipped at the real value `ceiling` (ReLU6): min(2^bits - 1, floor(ceiling / s + 1/2)), at
// least 1.
std::int32_t clipped_qmax(int bits, double ceiling, double s);

}  // namespace intact
