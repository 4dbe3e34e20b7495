#include "naive_network.h"

#include <algorithm>
#include <stdexcept>

namespace intact::testing {
namespace {

std::int64_t floor_divide(std::int64_t a, std::int64_t b) {
  std::int64_t q = a / b;
  if (a % b != 0 && (a < 0) != (b < 0)) --q;
  return static_cast<std::int64_t>(q);
}

std::int64_t power(int n) {
  return std::int64_t{1} << n;
}

std::int64_t in_int32(std::int64_t x) {
  if (x < INT32_MIN || x > INT32_MAX) throw std::logic_error("the spec leaves 32 bits");
  return x;
}

std::int32_t finish(const TensorSpec& y, std::int64_t t, int r) {
  in_int32(t);
  if (y.kind == kBipolar) return t >= 0 ? 1 : -1;
  const std::int64_t q = floor_divide(t, power(r));
  return static_cast<std::int32_t>(std::min<std::int64_t>(std::max<std::int64_t>(q, y.qmin), y.qmax));
}

std::int64_t scaled(std::int64_t acc, int k, std::int64_t m, std::int64_t b) {
  in_int32(acc);
  const std::int64_t shifted = in_int32(acc * power(k));
  return floor_divide(static_cast<std::int64_t>(shifted) * m, static_cast<std::int64_t>(power(32))) + b;
}

struct Image {
  const TensorSpec& spec;
  const Values& values;

  bool inside(std::int64_t y, std::int64_t x) const {
    return y >= 0 && x >= 0 && y < spec.height && x < spec.width;
  }
  std::int64_t code(std::int64_t y, std::int64_t x, std::int64_t c) const {
    return values.at(static_cast<std::size_t>((y * spec.width + x) * spec.channels + c));
  }
};

std::int64_t convolve(const NodeSpec& n, const Image& x, std::int64_t oy, std::int64_t ox, std::int64_t o) {
  const std::int64_t group_in = x.spec.channels / static_cast<std::uint32_t>(n.groups);
  const std::int64_t group = o / (n.output.channels / static_cast<std::uint32_t>(n.groups));
  std::int64_t acc = 0;
  for (int ky = 0; ky < n.kernel_h; ++ky) {
    for (int kx = 0; kx < n.kernel_w; ++kx) {
      for (std::int64_t i = 0; i < group_in; ++i) {
        const std::int64_t iy = oy * n.stride_h + ky * n.dilation_h - n.pad_top;
        const std::int64_t ix = ox * n.stride_w + kx * n.dilation_w - n.pad_left;
        const std::int64_t q = x.inside(iy, ix) ? x.code(iy, ix, group * group_in + i) : n.pad_code;
        const std::int64_t w =
            n.weights.at(static_cast<std::size_t>(((o * n.kernel_h + ky) * n.kernel_w + kx) * group_in + i));
        acc += w * (q - x.spec.z);
      }
    }
  }
  return acc;
}

std::int32_t element(const NetworkSpec& net, const NodeSpec& n, const std::vector<Values>& values,
                     std::int64_t oy, std::int64_t ox, std::int64_t o) {
  const auto image = [&](std::size_t i) {
    return Image{net.tensor(n.inputs[i]), values[static_cast<std::size_t>(n.inputs[i])]};
  };
  const auto channel = static_cast<std::size_t>(o);
  const Image x = image(0);
  switch (n.op) {
    case kConv: {
      const std::int64_t acc = convolve(n, x, oy, ox, o);
      if (n.output.kind == kInt32) return static_cast<std::int32_t>(in_int32(acc + n.b.at(channel)));
      std::int64_t t = scaled(acc, n.k, n.m.at(channel), n.b.at(channel));
      if (n.residual) t += (image(1).code(oy, ox, o) - image(1).spec.z) * n.m_res;
      return finish(n.output, t, n.r);
    }
    case kAdd: {
      std::int64_t t = n.b.at(0);
      for (std::size_t i = 0; i < n.inputs.size(); ++i)
        t += (image(i).code(oy, ox, o) - image(i).spec.z) * n.m.at(i);
      return finish(n.output, t, n.r);
    }
    default:
      break;
  }
  std::int64_t sum = 0, best = INT32_MIN;
  for (int ky = 0; ky < n.kernel_h; ++ky) {
    for (int kx = 0; kx < n.kernel_w; ++kx) {
      const std::int64_t iy = oy * n.stride_h + ky - n.pad_top, ix = ox * n.stride_w + kx - n.pad_left;
      if (!x.inside(iy, ix)) continue;
      sum += x.code(iy, ix, o) - x.spec.z;
      best = std::max(best, x.code(iy, ix, o));
    }
  }
  if (n.op == kMaxPool) return static_cast<std::int32_t>(best);
  return finish(n.output, scaled(sum, n.k, n.m.at(0), n.b.at(0)), n.r);
}

}  // namespace

std::vector<Values> run_naive(const NetworkSpec& net, const std::vector<std::uint8_t>& input) {
  std::vector<Values> values;
  values.emplace_back(input.begin(), input.end());
  for (const NodeSpec& n : net.nodes) {
    Values out;
    out.reserve(n.output.elements());
    for (std::int64_t y = 0; y < n.output.height; ++y) {
      for (std::int64_t x = 0; x < n.output.width; ++x) {
        for (std::int64_t c = 0; c < n.output.channels; ++c) out.push_back(element(net, n, values, y, x, c));
      }
    }
    values.push_back(std::move(out));
  }
  return values;
}

}  // namespace intact::testing
