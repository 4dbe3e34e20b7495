#include "sample_graphs.h"

#include <utility>

#include "integer/derive.h"

namespace intact::test {

GraphBuilder::GraphBuilder(Shape input) {
  graph_.name = "sample";
  graph_.tensors.push_back({"input", input, Grid::unsigned_grid(8), 0.125});
}

int GraphBuilder::finish(Node node, const std::string& name, const Shape& shape, const Grid& grid) {
  node.output = static_cast<int>(graph_.tensors.size());
  graph_.output = node.output;
  graph_.tensors.push_back({name, shape, grid, 0.25});
  graph_.nodes.push_back(std::move(node));
  return graph_.output;
}

int GraphBuilder::conv(const std::string& name, int x, int channels, const Grid& out, int residual) {
  const TensorInfo in = graph_.tensors.at(static_cast<std::size_t>(x));
  Node node;
  node.inputs = {x};
  node.state.pad_code = in.grid.kind == GridKind::kBipolar ? -1 : in.grid.z;
  node.state.weight_grid = Grid::weight_grid(4);
  node.state.weights.assign(static_cast<std::size_t>(channels) * static_cast<std::size_t>(in.shape.c), 1);
  const std::vector<double> s_w{0.01};
  const ConvParameters p{name, node.state.weights, channels, in.grid.vmax(), in.scale, s_w, nullptr, {}};
  ResidualParameters other;
  if (residual >= 0) {
    const TensorInfo& info = graph_.tensors.at(static_cast<std::size_t>(residual));
    other = {info.scale, info.grid.vmax()};
    node.inputs.push_back(residual);
    node.state.residual = true;
  }
  node.state.q = derive_conv(p, out, 0.25, residual >= 0 ? &other : nullptr);
  return finish(std::move(node), name, {in.shape.h, in.shape.w, channels}, out);
}

int GraphBuilder::add(const std::string& name, std::vector<int> inputs, const Grid& out) {
  Node node;
  node.state.op = Op::kAdd;
  std::vector<double> scales;
  std::vector<std::int64_t> vmax;
  for (const int input : inputs) {
    const TensorInfo& info = graph_.tensors.at(static_cast<std::size_t>(input));
    scales.push_back(info.scale);
    vmax.push_back(info.grid.vmax());
  }
  node.state.q = derive_add(name, scales, vmax, out, 0.25);
  node.inputs = std::move(inputs);
  const Shape shape = graph_.tensors.at(static_cast<std::size_t>(node.inputs[0])).shape;
  return finish(std::move(node), name, shape, out);
}

int GraphBuilder::max_pool(const std::string& name, int x) {
  const TensorInfo in = graph_.tensors.at(static_cast<std::size_t>(x));
  Node node;
  node.state.op = Op::kMaxPool;
  node.state.window.kernel_h = node.state.window.kernel_w = 2;
  node.state.window.stride_h = node.state.window.stride_w = 2;
  node.inputs = {x};
  const int made = finish(std::move(node), name, {in.shape.h / 2, in.shape.w / 2, in.shape.c}, in.grid);
  graph_.tensors.back().scale = in.scale;
  return made;
}

int GraphBuilder::logits(const std::string& name, int x, int classes) {
  const TensorInfo in = graph_.tensors.at(static_cast<std::size_t>(x));
  Node node;
  node.inputs = {x};
  node.state.window.kernel_h = in.shape.h;
  node.state.window.kernel_w = in.shape.w;
  node.state.pad_code = in.grid.kind == GridKind::kBipolar ? -1 : in.grid.z;
  node.state.weight_grid = Grid::weight_grid(8);
  node.state.weights.assign(static_cast<std::size_t>(classes * in.shape.elements()), 1);
  const std::vector<double> s_w{0.01};
  node.state.q =
      derive_logits({name, node.state.weights, classes, in.grid.vmax(), in.scale, s_w, nullptr, {}});
  return finish(std::move(node), name, {1, 1, classes}, Grid::int32());
}

Graph windowed_graph() {
  Graph graph;
  graph.name = "windowed";
  graph.tensors.push_back({"input", {9, 8, 2}, Grid::unsigned_grid(8, 7), 0.5});
  graph.tensors.push_back({"only", {4, 9, 4}, Grid::signed_grid(4), 2.0});
  Node node;
  node.inputs = {0};
  node.output = 1;
  IntState& state = node.state;
  state.window = {3, 2, 2, 1, 1, 2, 1, 2, 0, 1};
  state.groups = 2;
  state.pad_code = 7;
  state.weight_grid = Grid::weight_grid(3);
  for (int i = 0; i < 24; ++i) state.weights.push_back(static_cast<std::int8_t>(i % 8 - 4));
  const std::vector<double> s_w{0.01, 0.02, 0.03, 0.04};
  const std::vector<double> bias{1.0, -1.0, 0.5, 0.0};
  state.q = derive_conv({"only", state.weights, 4, graph.tensors[0].grid.vmax(), 0.5, s_w, nullptr, bias},
                        graph.tensors[1].grid, 2.0, nullptr);
  graph.nodes.push_back(std::move(node));
  graph.output = 1;
  return graph;
}

Graph branching_graph() {
  GraphBuilder b({8, 8, 3});
  const int stem = b.conv("stem", 0, 16, Grid::unsigned_grid(4));
  const int left = b.conv("left", stem, 16, Grid::signed_grid(8));
  const int right = b.conv("right", stem, 16, Grid::signed_grid(8));
  const int sum = b.add("sum", {left, right}, Grid::unsigned_grid(8));
  const int pool = b.max_pool("pool", sum);
  const int fused = b.conv("fused", pool, 16, Grid::unsigned_grid(2), pool);
  b.logits("logits", fused, 5);
  return b.graph();
}

}  // namespace intact::test
