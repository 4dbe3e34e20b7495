// The generator itself: reproducible, valid, and rich enough that suites built on it see every variant.
#include "tests/support/random_graph.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "integer/oracle.h"

namespace intact::test {
namespace {

TEST(RandomGraph, SameSeedSameGraph) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    EXPECT_EQ(random_graph(seed), random_graph(seed));
    EXPECT_NE(random_graph(seed), random_graph(seed + 1));
  }
  const Graph g = random_graph(3);
  EXPECT_EQ(random_input(g, 5), random_input(g, 5));
}

// Counts of each variant over many seeds.
std::map<std::string, int> census(const RandomGraphOptions& options, int seeds) {
  std::map<std::string, int> count;
  const auto tally = [&](const std::string& what, bool holds = true) { count[what] += holds ? 1 : 0; };
  for (int seed = 0; seed < seeds; ++seed) {
    const Graph g = random_graph(static_cast<std::uint64_t>(seed), options);
    tally("z input", g.tensors[0].grid.z != 0);
    for (const Node& node : g.nodes) {
      const IntState& s = node.state;
      const Window& w = s.window;
      const TensorInfo& in = g.tensors[static_cast<std::size_t>(node.inputs[0])];
      const Grid& out = g.tensors[static_cast<std::size_t>(node.output)].grid;
      tally("op " + std::string(to_string(s.op)));
      tally("out " + std::string(to_string(out.kind)) + " " + std::to_string(out.bits));
      tally("out z", out.z != 0);
      tally("out clipped", out.kind == GridKind::kUnsigned && out.qmax + 1 < 1 << out.bits);
      tally("uneven padding", w.pad_top != w.pad_bottom || w.pad_left != w.pad_right);
      tally("stride 3", w.stride_h == 3 || w.stride_w == 3);
      if (s.op == Op::kAdd) tally("add " + std::to_string(node.inputs.size()));
      if (s.op == Op::kAvgPool) tally("padded average", w.pad_top > 0);
      if (s.op == Op::kMaxPool) tally("padded max", w.pad_top > 0);
      if (s.op != Op::kConv) continue;
      tally("weights " + std::to_string(s.weight_grid.bits));
      tally("xnor", s.weight_grid.kind == GridKind::kBipolar && in.grid.kind == GridKind::kBipolar);
      tally("bipolar padding", in.grid.kind == GridKind::kBipolar && w.pad_top > 0);
      tally("residual", s.residual);
      tally("groups", s.groups > 1 && s.groups < in.shape.c);
      tally("depthwise", s.groups > 1 && s.groups == in.shape.c);
      tally("dilation", w.dilation_h > 1 || w.dilation_w > 1);
      tally("kernel 5", w.kernel_h == 5);
      tally("word tail", in.shape.c > 32);
      tally("negative multiplier", std::any_of(s.q.m.begin(), s.q.m.end(), [](int m) { return m < 0; }));
      tally("few fraction bits", s.q.r > 0 && s.q.r < 8);
    }
  }
  return count;
}

TEST(RandomGraph, CoversEveryVariant) {
  std::map<std::string, int> count = census({}, 1000);
  std::set<std::string> wanted = {
      "z input",           "op convolution", "op add",         "op average pooling",
      "op max pooling",    "out z",          "out clipped",    "uneven padding",
      "stride 3",          "padded average", "padded max",     "xnor",
      "bipolar padding",   "residual",       "groups",         "depthwise",
      "dilation",          "kernel 5",       "word tail",      "negative multiplier",
      "few fraction bits", "out bipolar 1",  "out unsigned 1", "out int32 32"};
  for (int n = 1; n <= 8; ++n) {
    wanted.insert("add " + std::to_string(n));
    wanted.insert("weights " + std::to_string(n));
    wanted.insert("out unsigned " + std::to_string(n));
    if (n > 1) wanted.insert("out signed " + std::to_string(n));
  }
  for (const std::string& what : wanted) EXPECT_GE(count[what], 10) << what;
}

TEST(RandomGraph, OptionsAreKept) {
  RandomGraphOptions options;
  options.add = options.avg_pool = options.max_pool = options.residual = false;
  options.groups = options.depthwise = options.dilation = false;
  options.weight_bits = {4};
  options.activation_bits = {2, 3};
  options.logits = 1;
  options.max_channels = 6;
  options.max_extent = 5;
  options.min_nodes = 2;
  options.max_nodes = 3;
  options.max_node_macs = 2000;
  std::map<std::string, int> count = census(options, 200);
  for (const char* never :
       {"op add", "op average pooling", "op max pooling", "residual", "groups", "depthwise", "dilation",
        "weights 1", "weights 8", "out bipolar 1", "out unsigned 4"}) {
    EXPECT_EQ(count[never], 0) << never;
  }
  EXPECT_EQ(count["out int32 32"], 200);
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const Graph g = random_graph(seed, options);
    EXPECT_TRUE(g.nodes.size() >= 2 && g.nodes.size() <= 3);
    EXPECT_LE(g.tensors[0].shape.h, 5);
    for (const Node& node : g.nodes) EXPECT_LE(node_macs(g, node), 2000);
    for (const TensorInfo& tensor : g.tensors) EXPECT_LE(tensor.shape.c, 6);
  }
}

// A network whose tensors are all constant would compare equal whatever the kernels do.
TEST(RandomGraph, OutputsVary) {
  int varied = 0;
  int tensors = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const Graph g = random_graph(seed);
    const auto all = Oracle(g).run(random_input(g, 4 * seed));
    for (std::size_t i = 1; i < all.size(); ++i) {
      if (all[i].size() < 4) continue;
      ++tensors;
      varied += std::set<std::int32_t>(all[i].begin(), all[i].end()).size() > 1 ? 1 : 0;
    }
  }
  EXPECT_GT(varied * 10, tensors * 8);
}

}  // namespace
}  // namespace intact::test
