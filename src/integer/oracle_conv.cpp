// Convolution as a matrix product over patches (im2col). The product runs in double and is exact: every term
// is an integer, and every partial sum, in whatever order, is an integer of magnitude at most A < 2^31
// (proven by verify()), far below 2^53.
#include <Eigen/Core>
#include <algorithm>

#include "integer/oracle_node.h"

namespace intact::oracle {
namespace {

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

constexpr std::int64_t kBlock = 256;  // output pixels multiplied at once: bounds the patch matrix

struct Geometry {
  const Window& window;
  const Shape& in;
  const Shape& out;
  int in_per_group;
  int out_per_group;
  Eigen::Index taps() const {
    return static_cast<Eigen::Index>(window.kernel_h) * window.kernel_w * in_per_group;
  }
};

// Column o holds the taps of output channel `group * out_per_group + o`.
Matrix weight_matrix(const IntState& state, const Geometry& geometry, int group) {
  const Eigen::Index taps = geometry.taps();
  Matrix weights(taps, geometry.out_per_group);
  for (int o = 0; o < geometry.out_per_group; ++o) {
    const Eigen::Index row = static_cast<Eigen::Index>(group) * geometry.out_per_group + o;
    for (Eigen::Index n = 0; n < taps; ++n) {
      weights(n, o) = state.weights[static_cast<std::size_t>(row * taps + n)];
    }
  }
  return weights;
}

// The centred values under the window at output pixel (oy, ox), for one group of input channels.
void gather_patch(const Geometry& g, const Values& codes, int z, int pad_code, int group, int oy, int ox,
                  double* patch) {
  const Window& w = g.window;
  for (int ky = 0; ky < w.kernel_h; ++ky) {
    const std::int64_t y =
        static_cast<std::int64_t>(oy) * w.stride_h + static_cast<std::int64_t>(ky) * w.dilation_h - w.pad_top;
    for (int kx = 0; kx < w.kernel_w; ++kx) {
      const std::int64_t x = static_cast<std::int64_t>(ox) * w.stride_w +
                             static_cast<std::int64_t>(kx) * w.dilation_w - w.pad_left;
      if (y < 0 || y >= g.in.h || x < 0 || x >= g.in.w) {
        patch = std::fill_n(patch, g.in_per_group, static_cast<double>(pad_code - z));
        continue;
      }
      const std::int64_t first =
          (y * g.in.w + x) * g.in.c + static_cast<std::int64_t>(group) * g.in_per_group;
      const std::int32_t* code = codes.data() + first;
      patch = std::transform(code, code + g.in_per_group, patch,
                             [z](std::int32_t q) { return static_cast<double>(q - z); });
    }
  }
}

std::int32_t finish(std::int64_t acc, const IntState& state, const TensorInfo& out, std::size_t channel,
                    std::int64_t residual) {
  if (out.grid.kind == GridKind::kInt32) return static_cast<std::int32_t>(acc + state.q.b[channel]);
  return to_code(rescale(acc, state.q, channel) + residual * state.q.m_res, state.q.r, out.grid);
}

}  // namespace

Values run_conv(const Graph& graph, const Node& node, const std::vector<Values>& all) {
  const IntState& state = node.state;
  const TensorInfo& in = tensor(graph, node.inputs[0]);
  const TensorInfo& out = tensor(graph, node.output);
  const Values& codes = values(all, node.inputs[0]);
  const Values* residual = state.residual ? &values(all, node.inputs[1]) : nullptr;
  const int residual_z = state.residual ? tensor(graph, node.inputs[1]).grid.z : 0;
  const Geometry geometry{state.window, in.shape, out.shape, in.shape.c / state.groups,
                          out.shape.c / state.groups};
  const std::int64_t pixels = static_cast<std::int64_t>(out.shape.h) * out.shape.w;

  Values result(static_cast<std::size_t>(out.shape.elements()));
  for (int group = 0; group < state.groups; ++group) {
    const Matrix weights = weight_matrix(state, geometry, group);
    for (std::int64_t first = 0; first < pixels; first += kBlock) {
      const std::int64_t rows = std::min(kBlock, pixels - first);
      Matrix patches(rows, geometry.taps());
      for (std::int64_t p = 0; p < rows; ++p) {
        gather_patch(geometry, codes, in.grid.z, state.pad_code, group,
                     static_cast<int>((first + p) / out.shape.w), static_cast<int>((first + p) % out.shape.w),
                     patches.row(p).data());
      }
      const Matrix acc = patches * weights;
      for (std::int64_t p = 0; p < rows; ++p) {
        for (int o = 0; o < geometry.out_per_group; ++o) {
          const std::size_t channel =
              static_cast<std::size_t>(group) * static_cast<std::size_t>(geometry.out_per_group) +
              static_cast<std::size_t>(o);
          const std::size_t at = static_cast<std::size_t>((first + p) * out.shape.c) + channel;
          const std::int64_t v_res = residual != nullptr ? (*residual)[at] - residual_z : 0;
          result[at] = finish(static_cast<std::int64_t>(acc(p, o)), state, out, channel, v_res);
        }
      }
    }
  }
  return result;
}

}  // namespace intact::oracle
