#include "tests/integer/naive_reference.h"

#include <algorithm>

namespace intact::test {
namespace {

// Section 1's element order: height, width, channel.
std::size_t index(const Shape& s, int y, int x, int c) {
  return (static_cast<std::size_t>(y) * static_cast<std::size_t>(s.w) + static_cast<std::size_t>(x)) *
             static_cast<std::size_t>(s.c) +
         static_cast<std::size_t>(c);
}

bool inside(const Shape& s, int y, int x) {
  return y >= 0 && y < s.h && x >= 0 && x < s.w;
}

struct Naive {
  const Graph& graph;
  const Node& node;
  std::vector<Values>& all;

  const TensorInfo& in(std::size_t i) const {
    return graph.tensors[static_cast<std::size_t>(node.inputs[i])];
  }
  const TensorInfo& out() const { return graph.tensors[static_cast<std::size_t>(node.output)]; }
  std::int32_t code(std::size_t i, int y, int x, int c) const {
    return all[static_cast<std::size_t>(node.inputs[i])][index(in(i).shape, y, x, c)];
  }

  std::int32_t quantize(std::int64_t t) const {
    const Grid& g = out().grid;
    if (g.kind == GridKind::kBipolar) return t < 0 ? -1 : 1;
    return static_cast<std::int32_t>(std::clamp<std::int64_t>(t >> node.state.q.r, g.qmin, g.qmax));
  }

  // (acc 2^k) m fits 64 bits: each factor fits 32.
  std::int64_t rescale(std::int64_t acc, std::size_t c) const {
    const Requantization& q = node.state.q;
    return (((acc << q.k) * q.m[c]) >> 32) + q.b[c];
  }

  std::int32_t conv(int oy, int ox, int o) const {
    const IntState& s = node.state;
    const int in_group = in(0).shape.c / s.groups;
    const int group = o / (out().shape.c / s.groups);
    std::int64_t acc = 0;
    std::size_t at = static_cast<std::size_t>(o * s.window.kernel_h * s.window.kernel_w * in_group);
    for (int ky = 0; ky < s.window.kernel_h; ++ky) {
      for (int kx = 0; kx < s.window.kernel_w; ++kx) {
        for (int i = 0; i < in_group; ++i) {
          const int y = oy * s.window.stride_h + ky * s.window.dilation_h - s.window.pad_top;
          const int x = ox * s.window.stride_w + kx * s.window.dilation_w - s.window.pad_left;
          const int q = inside(in(0).shape, y, x) ? code(0, y, x, group * in_group + i) : s.pad_code;
          acc += s.weights[at++] * (q - in(0).grid.z);
        }
      }
    }
    const auto c = static_cast<std::size_t>(o);
    if (out().grid.kind == GridKind::kInt32) return static_cast<std::int32_t>(acc + s.q.b[c]);
    std::int64_t t = rescale(acc, c);
    if (s.residual) t += static_cast<std::int64_t>(code(1, oy, ox, o) - in(1).grid.z) * s.q.m_res;
    return quantize(t);
  }

  std::int32_t add(int y, int x, int c) const {
    std::int64_t t = node.state.q.b[0];
    for (std::size_t i = 0; i < node.inputs.size(); ++i) {
      t += static_cast<std::int64_t>(code(i, y, x, c) - in(i).grid.z) * node.state.q.m[i];
    }
    return quantize(t);
  }

  std::int32_t pool(int oy, int ox, int c) const {
    const Window& w = node.state.window;
    std::vector<std::int32_t> codes;
    for (int y = oy * w.stride_h - w.pad_top; y < oy * w.stride_h - w.pad_top + w.kernel_h; ++y) {
      for (int x = ox * w.stride_w - w.pad_left; x < ox * w.stride_w - w.pad_left + w.kernel_w; ++x) {
        if (inside(in(0).shape, y, x)) codes.push_back(code(0, y, x, c));
      }
    }
    if (node.state.op == Op::kMaxPool) return *std::max_element(codes.begin(), codes.end());
    std::int64_t acc = 0;
    for (const std::int32_t q : codes) acc += q - in(0).grid.z;
    return quantize(rescale(acc, 0));
  }

  void run() {
    const Shape shape = out().shape;
    Values result(static_cast<std::size_t>(shape.elements()));
    for (int y = 0; y < shape.h; ++y) {
      for (int x = 0; x < shape.w; ++x) {
        for (int c = 0; c < shape.c; ++c) {
          const Op op = node.state.op;
          result[index(shape, y, x, c)] = op == Op::kConv  ? conv(y, x, c)
                                          : op == Op::kAdd ? add(y, x, c)
                                                           : pool(y, x, c);
        }
      }
    }
    all[static_cast<std::size_t>(node.output)] = std::move(result);
  }
};

}  // namespace

std::vector<Values> naive_run(const Graph& graph, const std::vector<std::uint8_t>& input) {
  std::vector<Values> all(graph.tensors.size());
  all[0].assign(input.begin(), input.end());
  for (const Node& node : graph.nodes) Naive{graph, node, all}.run();
  return all;
}

}  // namespace intact::test
