#include "mcu/layer_graph.h"

#include "mcu/graph_builder.h"

namespace intact::benchmarks {
namespace {

// Of an input byte's root mean square to its largest value.
constexpr double kShare = 0.4;

void add_layer(GraphBuilder& builder, int input, const LayerShape& shape, const Grid& weights,
               const Grid& output, std::uint64_t seed) {
  GraphBuilder::Conv conv;
  conv.name = shape.name;
  conv.input = input;
  const int padding = shape.kernel / 2;
  conv.window = {shape.kernel, shape.kernel, shape.stride, shape.stride, 1, 1,
                 padding,      padding,      padding,      padding};
  conv.groups = shape.depthwise ? shape.in : 1;
  conv.out = shape.out;
  conv.weights = weights;
  conv.output = output;
  conv.seed = seed;
  builder.conv(conv, kShare);
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
  GraphBuilder builder(shape.name, {shape.size, shape.size, shape.in}, Grid::unsigned_grid(8));
  const Grid grid = activation_grid(activation_bits);
  std::size_t node = 0;
  if (activation_bits < 8) {
    add_layer(builder, 0, {"requantize", shape.size, shape.in, shape.in, 1, true}, Grid::weight_grid(8), grid,
              seed + 1);
    node = 1;
  }
  add_layer(builder, static_cast<int>(node), shape, weight_grid(weight_bits), grid, seed);
  return {builder.finish(), node};
}

}  // namespace intact::benchmarks
