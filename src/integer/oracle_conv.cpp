// Convolution as a matrix product over patches (im2col). The product runs in floating point and is exact:
// every term is an integer, and every partial sum, in whatever order, is an integer of magnitude at most A <
// 2^31 (proven by verify()). Doubles hold those up to 2^53; floats, of which a vector holds twice as many,
// those up to 2^24.
#include <Eigen/Core>
#include <algorithm>
#include <vector>

#include "integer/oracle_node.h"

namespace intact::oracle {
namespace {

template <typename Real>
using Matrix = Eigen::Matrix<Real, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

constexpr std::int64_t kBlock = 256;  // output pixels multiplied at once: bounds the patch matrix

struct Geometry {
  const Window& window;
  const Shape& in;
  const Shape& out;
  int groups;
  int in_per_group() const { return in.c / groups; }
  int out_per_group() const { return out.c / groups; }
  Eigen::Index positions() const { return static_cast<Eigen::Index>(window.kernel_h) * window.kernel_w; }
  Eigen::Index taps() const { return positions() * in_per_group(); }
};

// The centred values under the window at output pixel number `pixel`, of `count` channels from `channel` on.
template <typename Real>
void gather_patch(const Geometry& g, const Values& codes, int z, int pad_code, int channel, int count,
                  std::int64_t pixel, Real* patch) {
  const Window& w = g.window;
  const std::int64_t top = pixel / g.out.w * w.stride_h - w.pad_top;
  const std::int64_t left = pixel % g.out.w * w.stride_w - w.pad_left;
  for (int ky = 0; ky < w.kernel_h; ++ky) {
    const std::int64_t y = top + static_cast<std::int64_t>(ky) * w.dilation_h;
    for (int kx = 0; kx < w.kernel_w; ++kx) {
      const std::int64_t x = left + static_cast<std::int64_t>(kx) * w.dilation_w;
      if (y < 0 || y >= g.in.h || x < 0 || x >= g.in.w) {
        patch = std::fill_n(patch, count, static_cast<Real>(pad_code - z));
        continue;
      }
      const std::int32_t* code = codes.data() + (y * g.in.w + x) * g.in.c + channel;
      patch =
          std::transform(code, code + count, patch, [z](std::int32_t q) { return static_cast<Real>(q - z); });
    }
  }
}

// Gives the accumulators of a run of output pixels: one row a pixel, one column a channel.
template <typename Real>
class Product {
 public:
  Product(const Geometry& geometry, const IntState& state, const Values& codes, int z)
      : geometry_(geometry), state_(state), codes_(codes), z_(z) {
    if (depthwise()) {
      weights_.push_back(weight_rows(0, geometry.out.c).transpose());
      return;
    }
    for (int group = 0; group < geometry.groups; ++group)
      weights_.push_back(weight_rows(group * geometry.out_per_group(), geometry.out_per_group()).transpose());
  }

  Matrix<Real> rows(std::int64_t first, std::int64_t count) const {
    Matrix<Real> acc(count, geometry_.out.c);
    if (depthwise())
      multiply_channels(first, acc);
    else
      multiply_groups(first, acc);
    return acc;
  }

 private:
  bool depthwise() const { return geometry_.in_per_group() == 1 && geometry_.out_per_group() == 1; }

  // One row a channel.
  Matrix<Real> weight_rows(int first, int count) const {
    using Codes = Eigen::Matrix<std::int8_t, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
    return Eigen::Map<const Codes>(state_.weights.data() + first * geometry_.taps(), count, geometry_.taps())
        .template cast<Real>();
  }

  void multiply_groups(std::int64_t first, Matrix<Real>& acc) const {
    const int in = geometry_.in_per_group(), out = geometry_.out_per_group();
    Matrix<Real> patches(acc.rows(), geometry_.taps());
    for (int group = 0; group < geometry_.groups; ++group) {
      for (Eigen::Index p = 0; p < acc.rows(); ++p)
        gather_patch(geometry_, codes_, z_, state_.pad_code, group * in, in, first + p,
                     patches.row(p).data());
      acc.middleCols(static_cast<Eigen::Index>(group) * out, out).noalias() =
          patches * weights_[static_cast<std::size_t>(group)];
    }
  }

  // A channel meets its own taps alone.
  void multiply_channels(std::int64_t first, Matrix<Real>& acc) const {
    Matrix<Real> patch(geometry_.positions(), geometry_.in.c);
    for (Eigen::Index p = 0; p < acc.rows(); ++p) {
      gather_patch(geometry_, codes_, z_, state_.pad_code, 0, geometry_.in.c, first + p, patch.data());
      acc.row(p) = patch.cwiseProduct(weights_[0]).colwise().sum();
    }
  }

  const Geometry& geometry_;
  const IntState& state_;
  const Values& codes_;
  int z_;
  std::vector<Matrix<Real>> weights_;  // by group, a column a channel; depthwise: one
};

std::int32_t finish(std::int64_t acc, const IntState& state, const TensorInfo& out, std::size_t channel,
                    std::int64_t residual) {
  if (out.grid.kind == GridKind::kInt32) return static_cast<std::int32_t>(acc + state.q.b[channel]);
  return to_code(rescale(acc, state.q, channel) + residual * state.q.m_res, state.q.r, out.grid);
}

template <typename Real>
Values convolve(const Graph& graph, const Node& node, const std::vector<Values>& all) {
  const IntState& state = node.state;
  const TensorInfo& in = tensor(graph, node.inputs[0]);
  const TensorInfo& out = tensor(graph, node.output);
  const Values* residual = state.residual ? &values(all, node.inputs[1]) : nullptr;
  const int residual_z = state.residual ? tensor(graph, node.inputs[1]).grid.z : 0;
  const Geometry geometry{state.window, in.shape, out.shape, state.groups};
  const Product<Real> product(geometry, state, values(all, node.inputs[0]), in.grid.z);
  const std::int64_t pixels = static_cast<std::int64_t>(out.shape.h) * out.shape.w;

  Values result(static_cast<std::size_t>(out.shape.elements()));
  std::size_t at = 0;
  for (std::int64_t first = 0; first < pixels; first += kBlock) {
    const Matrix<Real> acc = product.rows(first, std::min(kBlock, pixels - first));
    for (Eigen::Index p = 0; p < acc.rows(); ++p) {
      for (int c = 0; c < out.shape.c; ++c, ++at) {
        const std::int64_t v_res = residual != nullptr ? (*residual)[at] - residual_z : 0;
        result[at] =
            finish(static_cast<std::int64_t>(acc(p, c)), state, out, static_cast<std::size_t>(c), v_res);
      }
    }
  }
  return result;
}

}  // namespace

Values run_conv(const Graph& graph, const Node& node, const std::vector<Values>& all) {
  constexpr std::int64_t kExactFloats = std::int64_t{1} << 24;
  return node.state.q.bound <= kExactFloats ? convolve<float>(graph, node, all)
                                            : convolve<double>(graph, node, all);
}

}  // namespace intact::oracle
