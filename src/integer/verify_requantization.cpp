// The proofs that no intermediate of ARITHMETIC.md leaves 32 bits, over the integers themselves.
#include <algorithm>
#include <cstdlib>
#include <string>

#include "integer/derive.h"
#include "integer/int128.h"
#include "integer/verify_report.h"

namespace intact::verifier {
namespace {

constexpr std::int64_t kTwo31 = std::int64_t{1} << 31;

std::int64_t magnitude(std::int32_t x) {
  return std::abs(static_cast<std::int64_t>(x));
}

std::string at_channel(std::size_t c) {
  return "channel " + std::to_string(c) + ": ";
}

void check_counts(const NodeView& view, std::size_t m, std::size_t b) {
  const Requantization& q = view.state().q;
  require(q.m.size() == m && q.b.size() == b, view.place, "requantization.count",
          std::to_string(q.m.size()) + " multipliers and " + std::to_string(q.b.size()) + " biases; " +
              std::to_string(m) + " and " + std::to_string(b) + " belong here");
}

void check_fields(const NodeView& view, int k, int r_least, int r_most) {
  const Requantization& q = view.state().q;
  require(q.k == k, view.place, "requantization.k",
          "k is " + std::to_string(q.k) + "; from the accumulator's bound it is " + std::to_string(k));
  require(q.r >= r_least && q.r <= r_most, view.place, "requantization.r",
          "r is " + std::to_string(q.r) + "; it lies in " + std::to_string(r_least) + " .. " +
              std::to_string(r_most));
  require(view.state().residual || q.m_res == 0, view.place, "requantization.m-res",
          "a residual's multiplier without a residual");
}

void check_bound(const NodeView& view, std::int64_t bound) {
  require(view.state().q.bound == bound, view.place, "requantization.bound",
          "the recorded bound is " + std::to_string(view.state().q.bound) + ", from the weights it is " +
              std::to_string(bound));
}

// The largest k in 0..30 with A 2^k < 2^31.
int shift_of(const NodeView& view, std::int64_t bound) {
  require(bound < kTwo31, view.place, "accumulator.overflow",
          "the accumulator may reach " + std::to_string(bound) + ", past 32 bits");
  int k = 30;
  while ((bound << k) >= kTwo31) --k;  // bound << 30 < 2^61
  return k;
}

// t = floor(acc 2^k m / 2^32) + b + v_res m_res. With P = A_c 2^k |m| / 2^32 the floor lies in -ceil(P) ..
// floor(P), and with S = |b| + vmax_res |m_res| every partial sum in -ceil(P) - S .. floor(P) + S. floor(P) +
// S < 2^31 is enough: ceil(P) is at most one more, and -2^31 fits.
void check_channel(const NodeView& view, std::size_t c, std::int64_t bound, std::int64_t residual) {
  const Requantization& q = view.state().q;
  require(magnitude(q.m[c]) < kTwo31, view.place, "requantization.m",
          at_channel(c) + "the multiplier's magnitude must be below 2^31");
  const Int128 product = static_cast<Int128>(bound) * (std::int64_t{1} << q.k) * magnitude(q.m[c]);
  const Int128 rest = static_cast<Int128>(magnitude(q.b[c])) + residual;
  require(floor_div(product, static_cast<Int128>(1) << 32) + rest < kTwo31, view.place,
          "requantization.overflow", at_channel(c) + "the sum before the shift may leave 32 bits");
}

void check_conv(const NodeView& view) {
  const IntState& state = view.state();
  const Requantization& q = state.q;
  const auto channels = static_cast<std::size_t>(view.out.shape.c);
  const std::vector<std::int64_t> bounds =
      accumulator_bounds(state.weights, view.out.shape.c, view.input(0).grid.vmax());
  const std::int64_t bound = *std::max_element(bounds.begin(), bounds.end());
  const int k = shift_of(view, bound);
  check_bound(view, bound);
  if (view.logits()) {
    check_counts(view, 0, channels);
    check_fields(view, 0, 0, 0);
    for (std::size_t c = 0; c < channels; ++c) {
      require(bound + magnitude(q.b[c]) < kTwo31, view.place, "logits.overflow",
              at_channel(c) + "the logit may leave 32 bits");
    }
    return;
  }
  check_counts(view, channels, channels);
  check_fields(view, k, 1, 16);
  const std::int64_t residual = state.residual ? view.input(1).grid.vmax() * magnitude(q.m_res) : 0;
  for (std::size_t c = 0; c < channels; ++c) check_channel(view, c, bounds[c], residual);
}

void check_avg_pool(const NodeView& view) {
  const Window& window = view.state().window;
  // vmax is at most 255 here and kernels below 2^16: below 2^40.
  const std::int64_t bound =
      static_cast<std::int64_t>(window.kernel_h) * window.kernel_w * view.input(0).grid.vmax();
  const int k = shift_of(view, bound);
  check_bound(view, bound);
  check_counts(view, 1, 1);
  check_fields(view, k, 1, 16);
  check_channel(view, 0, bound, 0);
}

void check_add(const NodeView& view) {
  const Requantization& q = view.state().q;
  check_counts(view, view.node.inputs.size(), 1);
  check_fields(view, 0, 1, 15);
  std::int64_t bound = 0;
  for (std::size_t i = 0; i < q.m.size(); ++i) {
    require(magnitude(q.m[i]) < 32768, view.place, "requantization.m",
            "input " + std::to_string(i) + ": the multiplier's magnitude must be below 2^15");
    bound += view.input(i).grid.vmax() * magnitude(q.m[i]);
  }
  check_bound(view, bound);
  require(bound + magnitude(q.b[0]) < kTwo31, view.place, "requantization.overflow",
          "the sum before the shift may leave 32 bits");
}

}  // namespace

void check_requantization(const NodeView& view) {
  switch (view.state().op) {
    case Op::kConv:
      return check_conv(view);
    case Op::kAdd:
      return check_add(view);
    case Op::kAvgPool:
      return check_avg_pool(view);
    case Op::kMaxPool:
      require(view.state().q == Requantization{}, view.place, "requantization.count",
              "max pooling has no requantization");
      return;
  }
}

}  // namespace intact::verifier
