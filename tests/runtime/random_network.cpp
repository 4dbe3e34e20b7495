#include "random_network.h"

#include <algorithm>
#include <cstdlib>

namespace intact::testing {
namespace {

std::uint32_t extent(std::uint32_t size, int pads, int kernel, int stride, int dilation) {
  return static_cast<std::uint32_t>((static_cast<int>(size) + pads - dilation * (kernel - 1) - 1) / stride +
                                    1);
}

}  // namespace

int NetworkMaker::append(NodeSpec node) {
  net_.nodes.push_back(std::move(node));
  return static_cast<int>(net_.nodes.size());
}

std::vector<int> NetworkMaker::weights(std::size_t count, int bits) {
  std::vector<int> w(count);
  for (int& x : w) {
    if (bits == 1)
      x = between(0, 1) * 2 - 1;
    else if (bits == 8)
      x = between(-127, 127);
    else
      x = between(-(1 << (bits - 1)), (1 << (bits - 1)) - 1);
  }
  return w;
}

void NetworkMaker::scales(NodeSpec& node, std::int64_t bound, std::size_t channels,
                          std::int64_t residual_vmax) {
  const TensorSpec& y = node.output;
  node.k = 0;
  while (node.k < 30 && bound << (node.k + 1) < (std::int64_t{1} << 31)) ++node.k;
  node.r = between(1, 16);
  const std::int64_t range = std::int64_t{y.qmax - y.qmin} << node.r;
  node.m.clear();
  node.b.clear();
  for (std::size_t c = 0; c < channels; ++c) {
    // Full-scale accumulators land at `gain` / 4 times the output's range; one channel in 16 is constant.
    const std::int64_t gain = between(-40, 40);
    const std::int64_t limit = std::min<std::int64_t>(
        (std::int64_t{1} << 31) - 1, (std::int64_t{1} << 61) / (std::max<std::int64_t>(bound, 1) << node.k));
    const std::int64_t m = static_cast<std::int64_t>((gain * range / 4) * (std::int64_t{1} << 32) /
                                                     (std::max<std::int64_t>(bound, 1) << node.k)) +
                           between(-1, 1);
    node.m.push_back(random_.below(16) == 0 ? 0 : static_cast<std::int32_t>(std::clamp(m, -limit, limit)));
    node.b.push_back(static_cast<std::int32_t>(
        (std::int64_t{y.qmin} << node.r) +
        static_cast<std::int64_t>(random_.below(static_cast<std::uint32_t>(range)))));
  }
  if (node.residual) {
    const auto limit = static_cast<int>(std::min<std::int64_t>(range, std::int64_t{1} << 28) / residual_vmax);
    node.m_res = between(-limit, limit);
  }
}

int NetworkMaker::conv(int input, const ConvShape& s, const TensorSpec& grid, int residual) {
  const TensorSpec x = net_.tensor(input);
  NodeSpec n;
  n.op = kConv;
  n.inputs = {input};
  n.kernel_h = s.kernel_h;
  n.kernel_w = s.kernel_w;
  n.stride_h = s.stride_h;
  n.stride_w = s.stride_w;
  n.dilation_h = s.dilation_h;
  n.dilation_w = s.dilation_w;
  n.pad_top = s.pad_top;
  n.pad_left = s.pad_left;
  n.pad_bottom = s.pad_bottom;
  n.pad_right = s.pad_right;
  n.groups = s.groups;
  n.weight_bits = s.weight_bits;
  n.layout = s.layout;
  n.pad_code = x.kind == kBipolar ? -1 : x.z;
  n.output = grid.shaped(extent(x.height, s.pad_top + s.pad_bottom, s.kernel_h, s.stride_h, s.dilation_h),
                         extent(x.width, s.pad_left + s.pad_right, s.kernel_w, s.stride_w, s.dilation_w),
                         s.channels_out);
  const std::size_t taps =
      static_cast<std::size_t>(s.kernel_h * s.kernel_w) * x.channels / static_cast<std::size_t>(s.groups);
  n.weights = weights(taps * s.channels_out, s.weight_bits);
  std::int64_t bound = 0;
  for (std::size_t o = 0; o < s.channels_out; ++o) {
    std::int64_t sum = 0;
    for (std::size_t t = 0; t < taps; ++t) sum += std::abs(n.weights[o * taps + t]);
    bound = std::max(bound, sum * x.vmax());
  }
  std::int64_t residual_vmax = 1;
  if (residual >= 0) {
    n.residual = true;
    n.inputs.push_back(residual);
    residual_vmax = net_.tensor(residual).vmax();
  }
  if (grid.kind == kInt32) {
    for (std::uint32_t c = 0; c < s.channels_out; ++c) n.b.push_back(between(-1000000, 1000000));
  } else {
    scales(n, bound, s.channels_out, residual_vmax);
  }
  return append(std::move(n));
}

int NetworkMaker::logits(int input, std::uint32_t classes, int weight_bits) {
  const TensorSpec& x = net_.tensor(input);
  ConvShape s;
  s.channels_out = classes;
  s.kernel_h = static_cast<int>(x.height);
  s.kernel_w = static_cast<int>(x.width);
  s.weight_bits = weight_bits;
  s.layout = x.kind == kBipolar && weight_bits == 1 ? 1 : 0;
  return conv(input, s, TensorSpec::int32());
}

int NetworkMaker::add(const std::vector<int>& inputs, const TensorSpec& grid) {
  const TensorSpec& x = net_.tensor(inputs[0]);
  NodeSpec n;
  n.op = kAdd;
  n.inputs = inputs;
  n.output = grid.shaped(x.height, x.width, x.channels);
  n.r = between(1, 15);
  for (std::size_t i = 0; i < inputs.size(); ++i) n.m.push_back(between(-32768, 32767) >> between(0, 12));
  const int range = (grid.qmax - grid.qmin) << n.r;
  n.b.push_back((grid.qmin << n.r) + between(0, range));
  return append(std::move(n));
}

int NetworkMaker::avg_pool(int input, int kernel_h, int kernel_w, int stride, int pad,
                           const TensorSpec& grid) {
  const TensorSpec x = net_.tensor(input);
  NodeSpec n;
  n.op = kAvgPool;
  n.inputs = {input};
  n.kernel_h = kernel_h;
  n.kernel_w = kernel_w;
  n.stride_h = n.stride_w = stride;
  n.dilation_h = n.dilation_w = 1;
  n.pad_top = n.pad_left = pad;
  n.pad_bottom = std::min(pad + 1, kernel_h - 1);
  n.pad_right = pad;
  n.pad_code = x.z;
  n.output = grid.shaped(extent(x.height, n.pad_top + n.pad_bottom, kernel_h, stride, 1),
                         extent(x.width, 2 * pad, kernel_w, stride, 1), x.channels);
  scales(n, x.vmax() * kernel_h * kernel_w, 1, 1);
  return append(std::move(n));
}

int NetworkMaker::max_pool(int input, int kernel_h, int kernel_w, int stride, int pad) {
  const TensorSpec x = net_.tensor(input);
  NodeSpec n;
  n.op = kMaxPool;
  n.inputs = {input};
  n.kernel_h = kernel_h;
  n.kernel_w = kernel_w;
  n.stride_h = n.stride_w = stride;
  n.dilation_h = n.dilation_w = 1;
  n.pad_top = n.pad_left = n.pad_right = pad;
  n.pad_bottom = std::min(pad + 1, kernel_h - 1);
  n.output = x.shaped(extent(x.height, n.pad_top + n.pad_bottom, kernel_h, stride, 1),
                      extent(x.width, 2 * pad, kernel_w, stride, 1), x.channels);
  return append(std::move(n));
}

int NetworkMaker::convert(std::uint32_t channels, const TensorSpec& grid) {
  ConvShape s;
  s.channels_out = channels;
  return conv(0, s, grid);
}

std::vector<std::uint8_t> NetworkMaker::input() {
  std::vector<std::uint8_t> codes(net_.input.elements());
  for (std::uint8_t& q : codes) q = static_cast<std::uint8_t>(random_.below(256));
  return codes;
}

NetworkMaker mixed_network(std::uint64_t seed) {
  RandomStream random(seed, {0x6d6978});
  const auto height = 3 + random.below(5), width = 3 + random.below(5), channels = 1 + random.below(4);
  const auto z = static_cast<std::int32_t>(random.below(256));
  NetworkMaker maker(seed, TensorSpec::unsigned_codes(8, z).shaped(height, width, channels));
  const TensorSpec grids[] = {TensorSpec::unsigned_codes(8, 3), TensorSpec::unsigned_codes(4),
                              TensorSpec::signed_codes(2),      TensorSpec::bipolar(),
                              TensorSpec::unsigned_codes(1),    TensorSpec::signed_codes(7),
                              TensorSpec::unsigned_codes(3, 2)};
  const auto grid = [&] { return grids[random.below(7)]; };
  const int widths[] = {8, 4, 2, 1, 3, 6};
  ConvShape s;
  s.channels_out = 3 + random.below(35);
  s.kernel_h = s.kernel_w = 3;
  s.pad_top = s.pad_left = s.pad_bottom = s.pad_right = 1;
  s.weight_bits = widths[random.below(6)];
  const int first = maker.conv(0, s, grid());
  s.weight_bits = 1;
  s.layout = maker.network().tensor(first).kind == kBipolar ? 1 : 0;
  const int second = maker.conv(first, s, grid(), first);
  s.groups = static_cast<int>(s.channels_out);
  s.layout = 0;
  s.weight_bits = widths[random.below(6)];
  const int depthwise = maker.conv(second, s, grid());
  const int sum = maker.add({first, second, depthwise}, grid());
  const int pooled = maker.max_pool(sum, 3, 2, 2, 1);
  const int averaged = maker.avg_pool(pooled, 2, 2, 1, 1, grid());
  maker.logits(averaged, 5, widths[random.below(6)]);
  return maker;
}

NetworkMaker tiny_network(std::uint64_t seed) {
  RandomStream random(seed, {0x74696e79});
  const auto pick = [&](int low, int high) {
    return low + static_cast<int>(random.below(static_cast<std::uint32_t>(high - low + 1)));
  };
  const auto pick_size = [&] { return static_cast<std::uint32_t>(pick(1, 7)); };
  const auto pick_channels = [&] {
    return static_cast<std::uint32_t>(random.below(4) ? pick(1, 5) : pick(6, 36));
  };
  const auto grid = [&] {
    const int bits = pick(1, 8);
    if (random.below(4) == 0) return TensorSpec::bipolar();
    if (random.below(3) == 0) return TensorSpec::signed_codes(std::max(bits, 2));
    return TensorSpec::unsigned_codes(bits, pick(0, (1 << bits) - 1));
  };
  NetworkMaker maker(
      seed, TensorSpec::unsigned_codes(8, pick(0, 255)).shaped(pick_size(), pick_size(), pick_channels()));
  int x = 0;
  const int nodes = pick(1, 3);
  for (int i = 0; i < nodes; ++i) {
    const TensorSpec t = maker.network().tensor(x);
    const int kernel_h = pick(1, std::min<int>(3, static_cast<int>(t.height))),
              kernel_w = pick(1, std::min<int>(3, static_cast<int>(t.width)));
    switch (random.below(8)) {
      case 0:
        x = maker.add({x, x}, grid());
        break;
      case 1:
        x = maker.avg_pool(x, kernel_h, kernel_w, pick(1, 2), pick(0, std::min(kernel_h, kernel_w) - 1),
                           grid());
        break;
      case 2:
        x = maker.max_pool(x, kernel_h, kernel_w, pick(1, 2), pick(0, std::min(kernel_h, kernel_w) - 1));
        break;
      default: {
        ConvShape s;
        const bool depthwise = random.below(4) == 0;
        const bool same = random.below(3) == 0;  // keeps the shape, so that a residual fits
        s.channels_out = depthwise || same ? t.channels : pick_channels();
        s.groups = depthwise ? static_cast<int>(t.channels) : 1;
        s.kernel_h = same ? 3 : kernel_h;
        s.kernel_w = same ? 3 : kernel_w;
        s.pad_top = s.pad_left = s.pad_bottom = s.pad_right = same ? 1 : pick(0, 1);
        if (!same) {
          s.stride_h = pick(1, 2);
          s.stride_w = pick(1, 2);
        }
        const int bits[] = {1, 1, 2, 3, 4, 8};
        s.weight_bits = bits[random.below(6)];
        s.layout = s.weight_bits == 1 && s.groups == 1 && t.kind == kBipolar && random.below(4) ? 1 : 0;
        x = maker.conv(x, s, i + 1 == nodes && !same && random.below(4) == 0 ? TensorSpec::int32() : grid(),
                       same ? x : -1);
        break;
      }
    }
  }
  return maker;
}

}  // namespace intact::testing
