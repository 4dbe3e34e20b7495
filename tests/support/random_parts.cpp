#include "tests/support/random_parts.h"

#include <algorithm>

namespace intact::test {
namespace {

// Kernel, stride, dilation and padding of one axis.
struct Axis {
  int kernel = 1, stride = 1, dilation = 1, before = 0, after = 0;
};

Axis random_axis(RandomStream& rng, int in, bool pooling, bool dilation) {
  for (int attempt = 0; attempt < 16; ++attempt) {
    Axis axis;
    axis.kernel = between(rng, 1, 5);
    axis.stride = chance(rng, 0.5) ? 1 : between(rng, 1, 3);
    if (dilation && !pooling && chance(rng, 0.25)) axis.dilation = between(rng, 2, 3);
    int most = (axis.kernel - 1) * axis.dilation;
    if (pooling) most = axis.kernel - 1;
    if (!pooling && chance(rng, 0.05)) most += 2;  // windows that lie outside the image altogether
    if (chance(rng, 0.7)) {
      axis.before = between(rng, 0, most);
      axis.after = between(rng, 0, most);
    }
    if (output_extent(in, axis.kernel, axis.stride, axis.dilation, axis.before, axis.after) >= 1) return axis;
  }
  return {};
}

Axis same_axis(RandomStream& rng, bool dilation) {
  Axis axis;
  axis.kernel = between(rng, 1, 5);
  if (dilation && chance(rng, 0.2)) axis.dilation = 2;
  const int total = (axis.kernel - 1) * axis.dilation;
  axis.before = chance(rng, 0.7) ? total / 2 : between(rng, 0, total);
  axis.after = total - axis.before;
  return axis;
}

Window window_of(const Axis& y, const Axis& x) {
  return {y.kernel,   x.kernel, y.stride, x.stride, y.dilation,
          x.dilation, y.before, x.before, y.after,  x.after};
}

}  // namespace

int between(RandomStream& rng, int low, int high) {
  return low + static_cast<int>(rng.below(static_cast<std::uint32_t>(high - low + 1)));
}

bool chance(RandomStream& rng, double probability) {
  return rng.uniform() < probability;
}

double real_between(RandomStream& rng, double low, double high) {
  return low + (high - low) * rng.uniform();
}

int random_channels(RandomStream& rng, int most) {
  static const std::vector<int> kAwkward = {1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 24, 31, 32, 33, 40};
  return std::min(most, chance(rng, 0.8) ? pick(rng, kAwkward) : between(rng, 1, std::max(most, 1)));
}

Grid random_activation_grid(RandomStream& rng, const RandomGraphOptions& options) {
  const int bits = pick(rng, options.activation_bits);
  if (bits == 1) {
    if (options.bipolar_activations && chance(rng, 0.8)) return Grid::bipolar();
    return Grid::unsigned_grid(1, between(rng, 0, 1));
  }
  const int full = (1 << bits) - 1;
  switch (between(rng, 0, 4)) {
    case 0: {  // signed; now and then narrower than its bits
      Grid grid = Grid::signed_grid(bits);
      if (chance(rng, 0.2)) grid.qmin = between(rng, grid.qmin, 0);
      return grid;
    }
    case 1:  // asymmetric
      return Grid::unsigned_grid(bits, between(rng, 0, full));
    case 2: {  // clipped from above, as after ReLU6
      Grid grid = Grid::unsigned_grid(bits);
      grid.qmax = between(rng, 1, full);
      return grid;
    }
    case 3:
      if (chance(rng, 0.2)) {  // a range in the middle
        const int low = between(rng, 0, full - 1);
        const int high = between(rng, low + 1, full);
        return {GridKind::kUnsigned, bits, low, high, between(rng, low, high)};
      }
      [[fallthrough]];
    default:  // after a rectifier
      return Grid::unsigned_grid(bits);
  }
}

Grid random_weight_grid(RandomStream& rng, const RandomGraphOptions& options) {
  const int bits = pick(rng, options.weight_bits);
  return bits == 1 ? Grid::bipolar() : Grid::weight_grid(bits);
}

std::vector<std::int8_t> random_weights(RandomStream& rng, const Grid& grid, int channels, std::int64_t taps,
                                        bool extreme) {
  const bool bipolar = grid.kind == GridKind::kBipolar;
  std::vector<std::int8_t> weights;
  weights.reserve(static_cast<std::size_t>(channels * taps));
  for (int c = 0; c < channels; ++c) {
    const int style = extreme ? between(rng, 0, 5) : chance(rng, 0.2) ? 4 : 5;
    const std::int64_t single = static_cast<std::int64_t>(rng.below(static_cast<std::uint32_t>(taps)));
    for (std::int64_t n = 0; n < taps; ++n) {
      int w = between(rng, grid.qmin, grid.qmax);
      if (style == 0) w = grid.qmax;
      if (style == 1) w = grid.qmin;
      if (style == 2 && !bipolar) w = 0;
      if (style == 3 && !bipolar && n != single) w = 0;
      if (style == 4 && !bipolar) w = between(rng, -1, 1);  // ternary
      if (bipolar && w == 0) w = chance(rng, 0.5) ? 1 : -1;
      weights.push_back(static_cast<std::int8_t>(w));
    }
  }
  return weights;
}

Window random_window(RandomStream& rng, const Shape& in, bool pooling, bool dilation) {
  const Axis y = random_axis(rng, in.h, pooling, dilation);
  const Axis x = random_axis(rng, in.w, pooling, dilation);
  return window_of(y, x);
}

Window random_same_window(RandomStream& rng, bool dilation) {
  const Axis y = same_axis(rng, dilation);
  const Axis x = same_axis(rng, dilation);
  return window_of(y, x);
}

Shape output_shape(const Shape& in, const Window& w, int channels) {
  return {output_extent(in.h, w.kernel_h, w.stride_h, w.dilation_h, w.pad_top, w.pad_bottom),
          output_extent(in.w, w.kernel_w, w.stride_w, w.dilation_w, w.pad_left, w.pad_right), channels};
}

}  // namespace intact::test
