#include "tests/integer/sample_graph.h"

#include <gmock/gmock.h>

#include "core/error.h"

namespace intact::test {
namespace {

std::vector<std::int8_t> pattern(std::size_t count, bool bipolar) {
  std::vector<std::int8_t> weights(count);
  for (std::size_t i = 0; i < count; ++i) {
    const int code = static_cast<int>(i * 7 % 15) - 7;
    weights[i] = static_cast<std::int8_t>(!bipolar ? code : code < 0 ? -1 : 1);
  }
  return weights;
}

std::int64_t bound_of(const std::vector<std::int8_t>& weights, std::size_t channels, std::int64_t vmax) {
  std::int64_t largest = 0;
  const std::size_t taps = weights.size() / channels;
  for (std::size_t c = 0; c < channels; ++c) {
    std::int64_t sum = 0;
    for (std::size_t n = 0; n < taps; ++n)
      sum += weights[c * taps + n] < 0 ? -weights[c * taps + n] : weights[c * taps + n];
    largest = std::max(largest, sum);
  }
  return largest * vmax;
}

Node conv(std::vector<int> inputs, int output, int kernel, int pad, const Grid& weight_grid,
          std::size_t count, std::size_t channels, std::int64_t vmax) {
  Node node;
  node.inputs = std::move(inputs);
  node.output = output;
  Window& w = node.state.window;
  w.kernel_h = w.kernel_w = kernel;
  w.pad_top = w.pad_left = w.pad_bottom = w.pad_right = pad;
  node.state.weight_grid = weight_grid;
  node.state.weights = pattern(count, weight_grid.kind == GridKind::kBipolar);
  node.state.q.bound = bound_of(node.state.weights, channels, vmax);
  return node;
}

}  // namespace

Graph sample_graph() {
  Graph g;
  g.name = "sample";
  g.tensors = {
      {"input", {4, 4, 3}, Grid::unsigned_grid(8, 128), 0.0078125},
      {"stem", {4, 4, 4}, Grid::unsigned_grid(4), 0.1},
      {"block", {4, 4, 4}, Grid::signed_grid(5), 0.07},
      {"sum", {4, 4, 4}, Grid::unsigned_grid(6, 20), 0.05},
      {"pool", {2, 2, 4}, Grid::unsigned_grid(6, 20), 0.05},
      {"sign", {2, 2, 33}, Grid::bipolar(), 1.0},
      {"xnor", {2, 2, 4}, Grid::unsigned_grid(3), 0.25},
      {"mean", {1, 1, 4}, Grid::unsigned_grid(8), 0.01},
      {"logits", {1, 1, 5}, Grid::int32(), 0.003},
  };
  g.output = 8;

  Node stem = conv({0}, 1, 3, 1, Grid::weight_grid(4), 4 * 27, 4, 128);
  stem.state.pad_code = 128;
  stem.state.q.k = 17;  // 27 taps reach 105: 105 * 128 * 2^17 < 2^31
  stem.state.q.r = 16;
  stem.state.q.m = {1 << 21, -(1 << 21), 3 << 20, 1 << 20};
  stem.state.q.b = {1 << 15, 5 << 16, -(1 << 16), 0};

  Node block = conv({1, 1}, 2, 1, 0, Grid::weight_grid(8), 4 * 2, 4, 15);
  block.state.groups = 2;
  block.state.residual = true;
  block.state.q.k = 24;  // two taps reach 8: 8 * 15 * 2^24 < 2^31
  block.state.q.r = 12;
  block.state.q.m = {1 << 20, 1 << 21, -(1 << 20), 12345};
  block.state.q.b = {2048, -7000, 2048, 2048};
  block.state.q.m_res = 4096;

  Node sum;
  sum.state.op = Op::kAdd;
  sum.inputs = {1, 2};
  sum.output = 3;
  sum.state.q.r = 10;
  sum.state.q.m = {2048, 1434};
  sum.state.q.b = {(20 << 10) + 512};
  sum.state.q.bound = 15 * 2048 + 16 * 1434;

  Node pool;
  pool.state.op = Op::kMaxPool;
  pool.inputs = {3};
  pool.output = 4;
  pool.state.window = {3, 3, 2, 2, 1, 1, 1, 1, 1, 1};

  Node sign = conv({4}, 5, 1, 0, Grid::bipolar(), 33 * 4, 33, 43);
  sign.state.pad_code = 20;
  sign.state.q.k = 23;
  sign.state.q.r = 16;
  for (int c = 0; c < 33; ++c) {
    sign.state.q.m.push_back(c % 2 == 0 ? 1 << 20 : -(1 << 20));
    sign.state.q.b.push_back(c * 1000 - 16000);
  }

  Node xnor = conv({5}, 6, 3, 1, Grid::bipolar(), 4 * 9 * 33, 4, 1);
  xnor.state.pad_code = -1;
  xnor.state.q.k = 22;
  xnor.state.q.r = 16;
  xnor.state.q.m = {1 << 22, 1 << 21, -(1 << 22), 1 << 23};
  xnor.state.q.b = {1 << 17, 1 << 15, 3 << 16, 0};

  Node mean;
  mean.state.op = Op::kAvgPool;
  mean.inputs = {6};
  mean.output = 7;
  mean.state.window.kernel_h = mean.state.window.kernel_w = 2;
  mean.state.q.bound = 28;
  mean.state.q.k = 26;
  mean.state.q.r = 16;
  mean.state.q.m = {25 << 20};
  mean.state.q.b = {1 << 15};

  Node logits = conv({7}, 8, 1, 0, Grid::weight_grid(7), 5 * 4, 5, 255);
  logits.state.q.b = {0, 100, -100, 2000, -2000};

  g.nodes = {stem, block, sum, pool, sign, xnor, mean, logits};
  return g;
}

void expect_broken(const std::vector<Break>& breaks, const std::string& place) {
  for (std::size_t i = 0; i < breaks.size(); ++i) {
    SCOPED_TRACE("break " + std::to_string(i) + ", rule " + breaks[i].rule);
    Graph graph = sample_graph();
    breaks[i].apply(graph);
    try {
      verify(graph);
      ADD_FAILURE() << "accepted";
    } catch (const Error& error) {
      EXPECT_THAT(error.what(), testing::HasSubstr("[" + breaks[i].rule + "]"));
      EXPECT_THAT(error.what(), testing::HasSubstr(place));
    }
  }
}

}  // namespace intact::test
