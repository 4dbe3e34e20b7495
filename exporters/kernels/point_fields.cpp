#include "exporters/kernels/point_fields.h"

#include <algorithm>
#include <cstdlib>
#include <span>

#include "runtime/plan_poly_point.h"

namespace intact {
namespace {

// Whether each run of `run_steps` weights of a channel stays within the fields.
bool runs_hold(std::span<const std::int8_t> row, std::size_t run_steps, std::int64_t largest) {
  constexpr std::int64_t kHalf = std::int64_t{1} << (INTACT_POLY_POINT_FIELD - 1);
  for (std::size_t first = 0; first < row.size(); first += run_steps) {
    std::int64_t positive = 0, negative = 0;
    for (const std::int8_t w : row.subspan(first, std::min(run_steps, row.size() - first)))
      (w > 0 ? positive : negative) += w > 0 ? w : -std::int64_t{w};
    if (largest * negative > kHalf || largest * positive >= kHalf) return false;
  }
  return true;
}

// The parameter of the form of pairs where it takes the convolution.
std::optional<std::uint16_t> pairs_parameter(const intact_conv& c, std::span<const std::int8_t> weights) {
  const std::uint32_t storage = c.input.storage_bits;
  if (storage > 2 || intact_poly_point_fuses(&c, INTACT_POLY_POINT_PAIR_FIELD) == 0) return std::nullopt;
  std::int64_t positive = 0, negative = 0;  // the largest of any channel
  for (std::size_t row = 0; row < weights.size(); row += c.taps) {
    std::int64_t row_positive = 0, row_negative = 0;
    for (const std::int8_t w : weights.subspan(row, c.taps))
      (w > 0 ? row_positive : row_negative) += std::abs(w);
    positive = std::max(positive, row_positive);
    negative = std::max(negative, row_negative);
  }
  const std::int64_t largest = (1 << storage) - 1;
  if (largest * (positive + negative) >= 1 << INTACT_POLY_POINT_PAIR_FIELD) return std::nullopt;
  return static_cast<std::uint16_t>(1 | INTACT_POLY_POINT_PAIRS |
                                    (largest * negative) << INTACT_POLY_POINT_START_BIT);
}

}  // namespace

std::int64_t largest_pattern(const intact_conv& c) {
  switch (c.input.kind) {
    case INTACT_KIND_BIPOLAR:
      return 1;
    case INTACT_KIND_SIGNED:
      return c.input.qmax + (std::int64_t{1} << (c.input.storage_bits - 1));
    default:
      return c.input.qmax;
  }
}

std::optional<std::uint16_t> poly_point_parameter(const intact_conv& c, const Node& node) {
  if (c.groups != 1 || c.input.storage_bits > 4) return std::nullopt;
  const std::span<const std::int8_t> weights = node.state.weights;
  if (const auto pairs = pairs_parameter(c, weights)) return pairs;
  const std::uint32_t most = std::min<std::uint32_t>(c.taps, INTACT_POLY_POINT_MOST_RUNS);
  std::uint32_t runs = 1;
  for (std::size_t row = 0; row < weights.size(); row += c.taps) {
    while (runs <= most &&
           !runs_hold(weights.subspan(row, c.taps), (c.taps + runs - 1) / runs, largest_pattern(c)))
      ++runs;
  }
  if (runs > most) return std::nullopt;
  return static_cast<std::uint16_t>(runs);
}

}  // namespace intact
