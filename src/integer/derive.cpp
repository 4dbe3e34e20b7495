#include "integer/derive.h"

#include <algorithm>
#include <cfloat>
#include <cmath>
#include <cstdlib>
#include <optional>

#include "core/error.h"

#if defined(__clang__)
#pragma STDC FP_CONTRACT OFF
#endif
#if defined(__FAST_MATH__)
#error "derive.cpp must be compiled with IEEE arithmetic, without -ffast-math"
#endif
static_assert(FLT_EVAL_METHOD == 0, "derive.cpp needs doubles without excess precision");

namespace intact {
namespace {

constexpr double kTwo31 = 2147483648.0;
constexpr int kMaxShift = 30;     // of the accumulator: k
constexpr int kMaxFraction = 16;  // r of a requantization
constexpr int kMaxAddFraction = 15;

double power_of_two(int exponent) {
  return static_cast<double>(std::int64_t{1} << exponent);
}  // 0 .. 62

// floor(x + 1/2) of the exact sum. `x - floor(x)` is exact but for -1/2 < x < 0, where it rounds to at least
// 1/2, which is the side it is on; x + 0.5 would round (0.49999999999999994 would become 1).
double round_half_up(double x) {
  const double below = std::floor(x);
  return x - below >= 0.5 ? below + 1.0 : below;
}

std::string where(const std::string& layer) {
  return "layer '" + layer + "'";
}
std::string where(const std::string& layer, std::size_t channel) {
  return where(layer) + ", channel " + std::to_string(channel);
}

void require_scale(double scale, const std::string& place, const char* what) {
  if (!(std::isfinite(scale) && scale > 0)) {
    throw Error(place + ": the " + what + " is " + std::to_string(scale) +
                "; it must be positive and finite");
  }
}

void require_finite(double value, const std::string& place, const char* what) {
  if (!std::isfinite(value)) {
    throw Error(place + ": " + what + " is not finite; the training diverged or a parameter was never set");
  }
}

// What the search for r needs of one output channel, in reals: y = acc * multiplier + offset in steps of the
// output grid.
struct Channel {
  double multiplier = 0;   // M_c
  double offset = 0;       // (beta - mu g) / s_y
  std::int64_t bound = 0;  // A_c
};

struct Residual {
  double ratio = 0;  // s_res / s_y
  std::int64_t vmax = 0;
};

int accumulator_shift(std::int64_t bound, const std::string& layer) {
  for (int k = kMaxShift; k >= 0; --k) {
    if (bound < (std::int64_t{1} << (31 - k))) return k;
  }
  throw Error(where(layer) + ": the accumulator may reach " + std::to_string(bound) +
              ", past 32 bits; use fewer taps or fewer bits");
}

// Names the condition on r that fails, empty if none does. m and b are written only then.
std::optional<std::string> try_fraction(const Channel& channel, double residual_term, const Grid& out, int k,
                                        int r, std::int32_t& m, std::int32_t& b) {
  const double one = power_of_two(r);
  const double m_real = round_half_up(channel.multiplier * power_of_two(32 + r - k));
  if (!(std::fabs(m_real) < kTwo31)) {
    return "the multiplier " + std::to_string(channel.multiplier) + " is too large";
  }
  double b_real = round_half_up(channel.offset * one);
  if (!(std::fabs(b_real) < kTwo31)) return "the bias is " + std::to_string(channel.offset) + " output steps";
  // Integers below 2^33: these sums are exact.
  if (out.kind != GridKind::kBipolar) b_real += static_cast<double>(out.z) * one + one / 2;
  const double reach = static_cast<double>(channel.bound) * std::fabs(channel.multiplier) * one;
  if (!(reach + std::fabs(b_real) + residual_term + 1.0 < kTwo31)) {
    return "the output may reach " + std::to_string(reach / one) + " steps, the bias " +
           std::to_string(b_real / one) + " and the residual " + std::to_string(residual_term / one);
  }
  m = static_cast<std::int32_t>(m_real);
  b = static_cast<std::int32_t>(b_real);
  return std::nullopt;
}

Requantization derive_requantization(const std::string& layer, const std::vector<Channel>& channels,
                                     const Grid& out, const Residual* residual) {
  Requantization q;
  for (const Channel& channel : channels) q.bound = std::max(q.bound, channel.bound);
  q.k = accumulator_shift(q.bound, layer);
  q.m.resize(channels.size());
  q.b.resize(channels.size());
  std::string refusal;
  for (int r = kMaxFraction; r >= 1; --r) {
    double residual_term = 0;
    double m_res = 0;
    if (residual != nullptr) {
      m_res = round_half_up(residual->ratio * power_of_two(r));
      residual_term = static_cast<double>(residual->vmax) * m_res;
    }
    bool fits = true;
    for (std::size_t c = 0; fits && c < channels.size(); ++c) {
      const auto failure = try_fraction(channels[c], residual_term, out, q.k, r, q.m[c], q.b[c]);
      if (failure) {
        fits = false;
        refusal = where(layer, c) + ": no fraction bits fit 32-bit arithmetic: " + *failure;
      }
    }
    if (fits) {
      q.r = r;
      q.m_res =
          static_cast<std::int32_t>(m_res);  // below 2^31: the residual's term is, and its vmax is at least 1
      return q;
    }
  }
  throw Error(refusal + "; raise the output's scale, or bound gamma / sqrt(var) of this layer");
}

void require_rescaled(const std::string& layer, const Grid& out) {
  check_grid(out);
  if (out.kind == GridKind::kInt32) {
    throw Error(where(layer) +
                ": an int32 output is not requantized; only the classifier has one (derive_logits)");
  }
}

void require_length(std::size_t length, std::size_t channels, const std::string& layer, const char* what) {
  if (length != channels) {
    throw Error(where(layer) + ": " + std::to_string(length) + " values of " + what + " for " +
                std::to_string(channels) + " output channels");
  }
}

void check_conv_parameters(const ConvParameters& p) {
  require_scale(p.s_x, where(p.layer), "input's scale");
  const auto channels = static_cast<std::size_t>(std::max(p.out_channels, 0));
  if (channels == 0 || p.weights.empty() || p.weights.size() % channels != 0) {
    throw Error(where(p.layer) + ": " + std::to_string(p.weights.size()) + " weights do not divide into " +
                std::to_string(p.out_channels) + " output channels");
  }
  if (p.vmax < 1) throw Error(where(p.layer) + ": the input's grid has no values but 0");
  if (p.s_w.size() != 1) require_length(p.s_w.size(), channels, p.layer, "the weights' scale");
  for (std::size_t c = 0; c < p.s_w.size(); ++c) require_scale(p.s_w[c], where(p.layer, c), "weights' scale");
  if (p.batch_norm != nullptr && !p.bias.empty()) {
    throw Error(where(p.layer) + ": both a batch norm and a bias; fold the bias into beta");
  }
  if (!p.bias.empty()) require_length(p.bias.size(), channels, p.layer, "bias");
  if (p.batch_norm != nullptr) {
    require_length(p.batch_norm->gamma.size(), channels, p.layer, "gamma");
    require_length(p.batch_norm->beta.size(), channels, p.layer, "beta");
    require_length(p.batch_norm->mean.size(), channels, p.layer, "mean");
    require_length(p.batch_norm->variance.size(), channels, p.layer, "variance");
  }
}

}  // namespace

std::vector<std::int64_t> accumulator_bounds(std::span<const std::int8_t> weights, int out_channels,
                                             std::int64_t vmax) {
  const std::size_t channels = static_cast<std::size_t>(out_channels);
  const std::size_t taps = weights.size() / channels;
  std::vector<std::int64_t> bounds(channels, 0);
  for (std::size_t c = 0; c < channels; ++c) {
    std::int64_t sum = 0;
    for (const std::int8_t w : weights.subspan(c * taps, taps)) sum += std::abs(static_cast<int>(w));
    bounds[c] = vmax * sum;
  }
  return bounds;
}

Requantization derive_conv(const ConvParameters& p, const Grid& out, double s_y,
                           const ResidualParameters* residual) {
  check_conv_parameters(p);
  require_rescaled(p.layer, out);
  require_scale(s_y, where(p.layer), "output's scale");
  Residual fused;
  if (residual != nullptr) {
    require_scale(residual->scale, where(p.layer), "residual's scale");
    if (residual->vmax < 1) throw Error(where(p.layer) + ": the residual's grid has no values but 0");
    fused = {residual->scale / s_y, residual->vmax};
    require_finite(fused.ratio, where(p.layer), "the residual's scale over the output's");
  }
  const std::vector<std::int64_t> bounds = accumulator_bounds(p.weights, p.out_channels, p.vmax);
  std::vector<Channel> channels(bounds.size());
  for (std::size_t c = 0; c < channels.size(); ++c) {
    double g = 1;
    double beta = p.bias.empty() ? 0.0 : p.bias[c];
    if (p.batch_norm != nullptr) {
      const BatchNormParameters& bn = *p.batch_norm;
      require_finite(bn.gamma[c], where(p.layer, c), "gamma");
      require_finite(bn.beta[c], where(p.layer, c), "beta");
      require_finite(bn.mean[c], where(p.layer, c), "the mean");
      const double variance = bn.variance[c] + bn.eps;
      if (!(std::isfinite(variance) && bn.variance[c] >= 0 && variance > 0)) {
        throw Error(where(p.layer, c) + ": variance " + std::to_string(bn.variance[c]) + " with eps " +
                    std::to_string(bn.eps) +
                    "; it must not be negative and the sum must be positive and finite");
      }
      g = bn.gamma[c] / std::sqrt(variance);
      const double shift = bn.mean[c] * g;
      beta = bn.beta[c] - shift;
    }
    const double s_w = p.s_w.size() == 1 ? p.s_w[0] : p.s_w[c];
    channels[c] = {p.s_x * s_w * g / s_y, beta / s_y, bounds[c]};
    require_finite(channels[c].multiplier, where(p.layer, c), "the multiplier s_x s_w g / s_y");
    require_finite(channels[c].offset, where(p.layer, c), "the bias over the output's scale");
  }
  return derive_requantization(p.layer, channels, out, residual != nullptr ? &fused : nullptr);
}

Requantization derive_logits(const ConvParameters& p) {
  check_conv_parameters(p);
  if (p.batch_norm != nullptr) {
    throw Error(where(p.layer) + ": the classifier has a bias, not a batch norm");
  }
  if (p.s_w.size() != 1) throw Error(where(p.layer) + ": the classifier's weights have one scale per tensor");
  const std::vector<std::int64_t> bounds = accumulator_bounds(p.weights, p.out_channels, p.vmax);
  Requantization q;
  q.bound = *std::max_element(bounds.begin(), bounds.end());
  q.b.assign(bounds.size(), 0);
  const double step = p.s_x * p.s_w[0];
  require_scale(step, where(p.layer), "product of the input's and the weights' scale");
  for (std::size_t c = 0; c < bounds.size(); ++c) {
    const double bias = p.bias.empty() ? 0.0 : p.bias[c];
    require_finite(bias, where(p.layer, c), "the bias");
    const double b = round_half_up(bias / step);
    if (!(static_cast<double>(q.bound) + std::fabs(b) < kTwo31)) {
      throw Error(where(p.layer, c) + ": the logit may leave 32 bits: accumulator up to " +
                  std::to_string(q.bound) + ", bias " + std::to_string(b) +
                  "; use fewer bits or raise the scales");
    }
    q.b[c] = static_cast<std::int32_t>(b);
  }
  return q;
}

Requantization derive_add(const std::string& layer, std::span<const double> scales,
                          std::span<const std::int64_t> vmax, const Grid& out, double s_y) {
  require_rescaled(layer, out);
  require_scale(s_y, where(layer), "output's scale");
  if (scales.empty() || scales.size() > 8 || scales.size() != vmax.size()) {
    throw Error(where(layer) + ": an add takes 1 to 8 inputs, each with a scale and a bound; got " +
                std::to_string(scales.size()) + " scales and " + std::to_string(vmax.size()) + " bounds");
  }
  for (std::size_t i = 0; i < scales.size(); ++i) {
    require_scale(scales[i], where(layer) + ", input " + std::to_string(i), "scale");
  }
  std::string refusal;
  for (int r = kMaxAddFraction; r >= 1; --r) {
    const double one = power_of_two(r);
    Requantization q;
    q.r = r;
    const double offset = out.kind == GridKind::kBipolar ? 0.0 : static_cast<double>(out.z) * one + one / 2;
    double sum = 0;  // of integers below 2^31 each: exact
    for (std::size_t i = 0; i < scales.size(); ++i) {
      const double m = round_half_up(scales[i] / s_y * one);
      const bool fits = m < 32768.0;
      if (fits) sum += static_cast<double>(vmax[i]) * m;
      if (!fits || !(sum + std::fabs(offset) < kTwo31)) {
        refusal = where(layer) + ", input " + std::to_string(i) + ": its scale is " +
                  std::to_string(scales[i] / s_y) +
                  " times the output's, no fraction bits fit 16-bit multipliers";
        break;
      }
      q.m.push_back(static_cast<std::int32_t>(m));
    }
    if (q.m.size() == scales.size()) {
      q.b = {static_cast<std::int32_t>(offset)};
      q.bound = static_cast<std::int64_t>(sum);
      return q;
    }
  }
  throw Error(refusal + "; raise the output's scale");
}

Requantization derive_avg_pool(const std::string& layer, double s_x, std::int64_t vmax, int count,
                               const Grid& out, double s_y) {
  require_rescaled(layer, out);
  require_scale(s_x, where(layer), "input's scale");
  require_scale(s_y, where(layer), "output's scale");
  if (count < 1 || vmax < 1) throw Error(where(layer) + ": a pooling window holds at least one position");
  const double multiplier = s_x / (s_y * static_cast<double>(count));
  require_finite(multiplier, where(layer), "the multiplier s_x / (s_y count)");
  return derive_requantization(layer, {{multiplier, 0.0, vmax * count}}, out, nullptr);
}

std::int32_t clipped_qmax(int bits, double ceiling, double s) {
  if (bits < 1 || bits > 8) throw Error("a clipped grid has 1 to 8 bits, not " + std::to_string(bits));
  require_scale(s, "clipped grid", "scale");
  require_scale(ceiling, "clipped grid", "ceiling");
  const double full = power_of_two(bits) - 1;
  return static_cast<std::int32_t>(std::clamp(round_half_up(ceiling / s), 1.0, full));
}

}  // namespace intact
