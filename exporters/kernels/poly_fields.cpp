#include "exporters/kernels/poly_fields.h"

#include <algorithm>
#include <array>
#include <limits>
#include <span>
#include <vector>

#include "exporters/kernels/cost_poly.h"
#include "exporters/kernels/point_fields.h"
#include "runtime/plan_poly_row.h"

namespace intact {
namespace {

// The widest fields for n codes: sums of runs may be longest with them.
struct Width {
  std::uint32_t n, field;
};
constexpr std::array kBytes{Width{2, 15}, Width{2, 14}};
constexpr std::array kNibbles{Width{3, 13}};
constexpr std::array kFew{Width{4, 10}, Width{3, 13}, Width{3, 12}};  // the last with weights of 8 bits

std::span<const Width> widths(std::uint32_t storage) {
  if (storage == 8) return kBytes;
  if (storage == 4) return kNibbles;
  return kFew;
}

// What `export` grants unless told otherwise: which fields are cheapest hardly depends on it.
constexpr std::uint64_t kUsualScratch = 16384;

// Weights by magnitude, of all steps before one: what a run adds is a difference.
struct Sums {
  std::int64_t positive = 0, negative = 0;          // of whole windows
  std::int64_t top_positive = 0, top_negative = 0;  // of w0 alone, at stride 1
};

void add(std::int64_t w, std::int64_t& positive, std::int64_t& negative) {
  (w > 0 ? positive : negative) += w > 0 ? w : -w;
}

class Proof {
 public:
  Proof(const intact_conv& c, const Node& node) : c_(c), weights_(node.state.weights) {}

  std::optional<std::uint16_t> parameter(Width width) {
    width_ = width;
    if (!collect()) return std::nullopt;
    const std::uint32_t most = std::min<std::uint32_t>(steps_, INTACT_POLY_MOST_RUNS);
    for (std::uint32_t runs = 1; runs <= most; ++runs) {
      if (holds((steps_ + runs - 1) / runs))
        return static_cast<std::uint16_t>(width.n | width.field << 4 | runs << 9);
    }
    return std::nullopt;
  }

 private:
  std::int64_t weight(std::uint32_t o, std::uint32_t ky, std::uint32_t kx, std::uint32_t i) const {
    return weights_[((std::size_t{o} * c_.window.kernel_h + ky) * 3 + kx) * c_.group_in + i];
  }

  // Sums before each step of each channel; false where a word does not fit an int32.
  bool collect() {
    const std::uint32_t stride = c_.window.stride_w;
    steps_ = c_.window.kernel_h * c_.group_in * stride;
    sums_.clear();
    for (std::uint32_t o = 0; o < c_.output.channels; ++o) {
      Sums sum;
      sums_.push_back(sum);
      for (std::uint32_t ky = 0; ky < c_.window.kernel_h; ++ky) {
        for (std::uint32_t i = 0; i < c_.group_in; ++i) {
          const std::int64_t w0 = weight(o, ky, 0, i), w1 = weight(o, ky, 1, i), w2 = weight(o, ky, 2, i);
          const std::int64_t unit = std::int64_t{1} << width_.field;
          add(w0, sum.positive, sum.negative);
          add(w2, sum.positive, sum.negative);
          if (stride == 2) {
            if (!fits(w2 + w0 * unit)) return false;
            sums_.push_back(sum);
          } else {
            if (!fits(w2 + w1 * unit + w0 * unit * unit)) return false;
            add(w0, sum.top_positive, sum.top_negative);
          }
          add(w1, sum.positive, sum.negative);
          sums_.push_back(sum);
        }
      }
    }
    return true;
  }

  static bool fits(std::int64_t word) { return word >= INT32_MIN && word <= INT32_MAX; }

  bool holds(std::uint32_t run_steps) const {
    const std::int64_t a = largest_pattern(c_);
    const std::int64_t half = std::int64_t{1} << (width_.field - 1);
    const std::int64_t top = std::int64_t{1} << (intact_poly_top_bits(width_.n, width_.field) - 1);
    for (std::uint32_t o = 0; o < c_.output.channels; ++o) {
      const Sums* sums = &sums_[std::size_t{o} * (steps_ + 1)];
      for (std::uint32_t first = 0; first < steps_; first += run_steps) {
        const Sums& from = sums[first];
        const Sums& to = sums[std::min(first + run_steps, steps_)];
        if (a * (to.negative - from.negative) > half || a * (to.positive - from.positive) >= half ||
            a * (to.top_negative - from.top_negative) > top ||
            a * (to.top_positive - from.top_positive) >= top)
          return false;
      }
    }
    return true;
  }

  const intact_conv& c_;
  std::span<const std::int8_t> weights_;
  Width width_{};
  std::uint32_t steps_ = 0;
  std::vector<Sums> sums_;  // steps + 1 of each channel
};

}  // namespace

std::optional<std::uint16_t> poly_row_parameter(const intact_conv& c, const Node& node) {
  if (c.groups != 1 || c.window.kernel_w != 3 || c.window.stride_w > 2 || c.input.storage_bits > 8)
    return std::nullopt;
  Proof proof(c, node);
  std::optional<std::uint16_t> best;
  double least = std::numeric_limits<double>::infinity();
  for (const Width width : widths(c.input.storage_bits)) {
    const auto parameter = proof.parameter(width);
    if (!parameter) continue;
    intact_conv conv = c;
    conv.parameter = *parameter;
    const auto cost = poly_row_instructions(conv, Target::kCortexM4, kUsualScratch);
    if (best && (!cost || *cost >= least)) continue;
    best = parameter;
    if (cost) least = *cost;
  }
  return best;
}

}  // namespace intact
