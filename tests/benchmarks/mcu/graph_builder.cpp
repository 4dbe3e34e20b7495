#include "mcu/graph_builder.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/random.h"
#include "integer/derive.h"

namespace intact::benchmarks {
namespace {

std::vector<std::int8_t> random_weights(const Grid& grid, std::int64_t count, std::uint64_t seed) {
  RandomStream rng(seed, {1});
  std::vector<std::int8_t> weights;
  const auto span = static_cast<std::uint32_t>(grid.qmax - grid.qmin + 1);
  for (std::int64_t i = 0; i < count; ++i) {
    const std::int32_t w = grid.kind == GridKind::kBipolar
                               ? 2 * static_cast<std::int32_t>(rng.below(2)) - 1
                               : grid.qmin + static_cast<std::int32_t>(rng.below(span));
    weights.push_back(static_cast<std::int8_t>(w));
  }
  return weights;
}

Shape windowed(const Shape& in, const Window& w, int channels) {
  return {output_extent(in.h, w.kernel_h, w.stride_h, w.dilation_h, w.pad_top, w.pad_bottom),
          output_extent(in.w, w.kernel_w, w.stride_w, w.dilation_w, w.pad_left, w.pad_right), channels};
}

}  // namespace

Grid weight_grid(int bits) {
  return bits == 1 ? Grid::bipolar() : Grid::weight_grid(bits);
}

Grid activation_grid(int bits) {
  return bits == 1 ? Grid::bipolar() : Grid::unsigned_grid(bits);
}

GraphBuilder::GraphBuilder(std::string name, Shape input, const Grid& grid) {
  graph_.name = std::move(name);
  graph_.tensors.push_back({"input", input, grid, 1.0});
}

int GraphBuilder::append(Node node, const std::string& name, const Shape& shape, const Grid& grid,
                         double scale) {
  node.output = static_cast<int>(graph_.tensors.size());
  graph_.tensors.push_back({name, shape, grid, scale});
  graph_.output = node.output;
  graph_.nodes.push_back(std::move(node));
  return graph_.output;
}

int GraphBuilder::conv(const Conv& conv, double share) {
  const TensorInfo in = tensor(conv.input);
  Node node;
  node.inputs = {conv.input};
  IntState& state = node.state;
  state.window = conv.window;
  state.groups = conv.groups;
  state.pad_code = in.grid.kind == GridKind::kBipolar ? -1 : in.grid.z;
  state.weight_grid = conv.weights;
  const std::int64_t taps =
      std::int64_t{conv.window.kernel_h} * conv.window.kernel_w * in.shape.c / conv.groups;
  state.weights = random_weights(conv.weights, taps * conv.out, conv.seed);
  // So that the accumulator stands for reals of the input's size.
  const double weight_size = 0.6 * std::max(1, conv.weights.qmax) * std::sqrt(static_cast<double>(taps));
  const std::vector<double> s_w{1 / weight_size};
  const ConvParameters p{conv.name, state.weights, conv.out, in.grid.vmax(), in.scale, s_w, nullptr, {}};
  const Shape shape = windowed(in.shape, conv.window, conv.out);
  if (conv.output.kind == GridKind::kInt32) {
    state.q = derive_logits(p);
    return append(std::move(node), conv.name, shape, conv.output, in.scale / weight_size);
  }
  ResidualParameters other;
  if (conv.residual >= 0) {
    other = {tensor(conv.residual).scale, tensor(conv.residual).grid.vmax()};
    node.inputs.push_back(conv.residual);
    state.residual = true;
  }
  const double s_y =
      3 * share * static_cast<double>(in.grid.vmax()) * in.scale / static_cast<double>(conv.output.vmax());
  state.q = derive_conv(p, conv.output, s_y, conv.residual >= 0 ? &other : nullptr);
  return append(std::move(node), conv.name, shape, conv.output, s_y);
}

int GraphBuilder::max_pool(const std::string& name, int input, const Window& window) {
  const TensorInfo in = tensor(input);
  Node node;
  node.state.op = Op::kMaxPool;
  node.state.window = window;
  node.inputs = {input};
  return append(std::move(node), name, windowed(in.shape, window, in.shape.c), in.grid, in.scale);
}

int GraphBuilder::avg_pool(const std::string& name, int input, const Window& window, const Grid& output) {
  const TensorInfo in = tensor(input);
  Node node;
  node.state.op = Op::kAvgPool;
  node.state.window = window;
  node.inputs = {input};
  const double s_y = in.scale * static_cast<double>(in.grid.vmax()) / static_cast<double>(output.vmax());
  node.state.q =
      derive_avg_pool(name, in.scale, in.grid.vmax(), window.kernel_h * window.kernel_w, output, s_y);
  return append(std::move(node), name, windowed(in.shape, window, in.shape.c), output, s_y);
}

Graph GraphBuilder::finish() {
  verify(graph_);
  return std::move(graph_);
}

}  // namespace intact::benchmarks
