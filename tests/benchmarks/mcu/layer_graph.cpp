#include "mcu/layer_graph.h"

#include <cmath>
#include <utility>

#include "core/random.h"
#include "integer/derive.h"

namespace intact::benchmarks {
namespace {

Grid activation_grid(int bits) {
  return bits == 1 ? Grid::bipolar() : Grid::unsigned_grid(bits);
}

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

// Scale of the output's grid that makes a random accumulator fill it: some 3 standard deviations of K
// products.
double output_scale(const Grid& in, const Grid& weights, const Grid& out, std::int64_t taps) {
  const double spread = 0.4 * static_cast<double>(in.vmax()) * 0.6 * std::max(1, weights.qmax) *
                        std::sqrt(static_cast<double>(taps));
  return 3 * spread / static_cast<double>(out.vmax());
}

void add_conv(Graph& graph, const LayerShape& shape, const Grid& weight_grid, const Grid& out,
              std::uint64_t seed) {
  const TensorInfo in = graph.tensors.back();
  Node node;
  IntState& state = node.state;
  const int padding = shape.kernel / 2;
  state.window = {shape.kernel, shape.kernel, shape.stride, shape.stride, 1, 1,
                  padding,      padding,      padding,      padding};
  state.groups = shape.depthwise ? shape.in : 1;
  state.pad_code = in.grid.kind == GridKind::kBipolar ? -1 : in.grid.z;
  state.weight_grid = weight_grid;
  const std::int64_t taps = std::int64_t{shape.kernel} * shape.kernel * shape.in / state.groups;
  state.weights = random_weights(weight_grid, taps * shape.out, seed);
  const std::vector<double> s_w{1.0};
  const double s_y = output_scale(in.grid, weight_grid, out, taps);
  state.q = derive_conv({shape.name, state.weights, shape.out, in.grid.vmax(), 1.0, s_w, nullptr, {}}, out,
                        s_y, nullptr);
  node.inputs = {static_cast<int>(graph.tensors.size()) - 1};
  node.output = static_cast<int>(graph.tensors.size());
  const auto extent = [&](int size) {
    return output_extent(size, shape.kernel, shape.stride, 1, padding, padding);
  };
  graph.tensors.push_back({shape.name, {extent(in.shape.h), extent(in.shape.w), shape.out}, out, 1.0});
  graph.output = node.output;
  graph.nodes.push_back(std::move(node));
}

}  // namespace

const std::vector<LayerShape>& benchmark_layers() {
  static const std::vector<LayerShape> layers{
      {"conv3x3_16x16_32", 32, 16, 16, 3},  {"conv3x3_64x64_8", 8, 64, 64, 3},
      {"pw_16x16_32", 32, 16, 16, 1},       {"pw_64x64_8", 8, 64, 64, 1},
      {"dw3x3_16_32", 32, 16, 16, 3, true}, {"dw3x3_64_8", 8, 64, 64, 3, true},
      {"fc_256x64", 1, 256, 64, 1},
  };
  return layers;
}

LayerGraph layer_graph(const LayerShape& shape, int weight_bits, int activation_bits, std::uint64_t seed) {
  LayerGraph made;
  Graph& graph = made.graph;
  graph.name = shape.name;
  graph.tensors.push_back({"input", {shape.size, shape.size, shape.in}, Grid::unsigned_grid(8), 1.0});
  const Grid grid = activation_grid(activation_bits);
  if (activation_bits < 8) {
    add_conv(graph, {"requantize", shape.size, shape.in, shape.in, 1, true}, Grid::weight_grid(8), grid,
             seed + 1);
  }
  made.node = graph.nodes.size();
  add_conv(graph, shape, weight_bits == 1 ? Grid::bipolar() : Grid::weight_grid(weight_bits), grid, seed);
  verify(graph);
  return made;
}

}  // namespace intact::benchmarks
