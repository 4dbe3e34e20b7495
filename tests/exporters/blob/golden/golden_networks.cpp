#include "golden_networks.h"

#include "mcu/graph_builder.h"

namespace intact::test {
namespace {

using benchmarks::activation_grid;
using benchmarks::GraphBuilder;
using benchmarks::weight_grid;

constexpr double kShare = 0.4;  // root mean square of a layer's input to its largest value

Window square(int kernel, int stride = 1) {
  const int padding = kernel / 2;
  return {kernel, kernel, stride, stride, 1, 1, padding, padding, padding, padding};
}

// Of a layer that is fully connected to x.
Window whole(const GraphBuilder& builder, int x) {
  const Shape shape = builder.tensor(x).shape;
  Window window;
  window.kernel_h = shape.h;
  window.kernel_w = shape.w;
  return window;
}

// The classifier over the whole of tensor x.
Graph finish(GraphBuilder builder, int x, int bits, std::uint64_t seed) {
  builder.conv({"logits", x, -1, whole(builder, x), 1, 10, weight_grid(bits), Grid::int32(), seed}, kShare);
  return builder.finish();
}

}  // namespace

Graph residual_network(int bits, std::uint64_t seed) {
  const Grid weights = weight_grid(bits), codes = activation_grid(bits);
  GraphBuilder b("residual_w" + std::to_string(bits) + "a" + std::to_string(bits), {8, 8, 3},
                 Grid::unsigned_grid(8));
  const int stem = b.conv({"stem", 0, -1, square(3), 1, 8, Grid::weight_grid(8), codes, seed}, kShare);
  const int first = b.conv({"block.first", stem, -1, square(3), 1, 8, weights, codes, seed + 1}, kShare);
  const int second = b.conv({"block.second", first, stem, square(3), 1, 8, weights, codes, seed + 2}, kShare);
  const int narrow = b.conv({"narrow", second, -1, square(3, 2), 1, 6, weights, codes, seed + 3}, kShare);
  return finish(std::move(b), narrow, 8, seed + 4);
}

Graph depthwise_network(int bits, std::uint64_t seed) {
  const Grid weights = weight_grid(bits), codes = activation_grid(bits);
  GraphBuilder b("depthwise_w" + std::to_string(bits) + "a" + std::to_string(bits), {8, 8, 3},
                 Grid::unsigned_grid(8));
  const int stem = b.conv({"stem", 0, -1, square(3), 1, 12, Grid::weight_grid(8), codes, seed}, kShare);
  const int first = b.conv({"depthwise1", stem, -1, square(3), 12, 12, weights, codes, seed + 1}, kShare);
  const int point = b.conv({"pointwise1", first, -1, square(1), 1, 16, weights, codes, seed + 2}, kShare);
  const int second =
      b.conv({"depthwise2", point, -1, square(3, 2), 16, 16, weights, codes, seed + 3}, kShare);
  Window window;
  window.kernel_h = window.kernel_w = window.stride_h = window.stride_w = 2;
  const int pooled = b.avg_pool("pool", second, window, Grid::unsigned_grid(8));
  return finish(std::move(b), pooled, bits, seed + 4);
}

Graph dense_network(int bits, std::uint64_t seed) {
  const Grid weights = weight_grid(bits), codes = activation_grid(bits);
  GraphBuilder b("dense_w" + std::to_string(bits) + "a" + std::to_string(bits), {6, 6, 3},
                 Grid::unsigned_grid(8));
  const int first = b.conv({"first", 0, -1, whole(b, 0), 1, 22, weights, codes, seed}, kShare);
  const int second = b.conv({"second", first, -1, whole(b, first), 1, 35, weights, codes, seed + 1}, kShare);
  return finish(std::move(b), second, bits, seed + 2);
}

Graph mixed_network(std::uint64_t seed) {
  GraphBuilder b("mixed", {9, 7, 2}, Grid::unsigned_grid(8, 3));
  const int first =
      b.conv({"wide", 0, -1, square(3), 1, 9, Grid::weight_grid(8), Grid::signed_grid(4), seed}, kShare);
  const int second =
      b.conv({"three", first, -1, square(3), 1, 16, Grid::weight_grid(3), Grid::bipolar(), seed + 1}, kShare);
  const int third =
      b.conv({"one", second, -1, square(3), 1, 33, Grid::bipolar(), Grid::bipolar(), seed + 2}, kShare);
  const int fourth = b.conv(
      {"point", third, -1, square(1), 1, 10, Grid::bipolar(), Grid::unsigned_grid(6, 5), seed + 3}, kShare);
  Window window;
  window.kernel_h = window.stride_h = 2;
  window.kernel_w = 3;
  window.stride_w = 2;
  window.pad_right = 1;
  const int pooled = b.max_pool("pool", fourth, window);
  return finish(std::move(b), pooled, 4, seed + 4);
}

}  // namespace intact::test
