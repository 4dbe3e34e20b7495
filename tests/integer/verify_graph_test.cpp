// Each rule about the graph as a whole and about tensors, broken by name.
#include <gtest/gtest.h>

#include <limits>

#include "core/error.h"
#include "tests/integer/sample_graph.h"

namespace intact {
namespace {

using test::expect_broken;
using test::sample_graph;

TEST(VerifyGraph, AcceptsTheSample) {
  EXPECT_NO_THROW(verify(sample_graph()));
}

TEST(VerifyGraph, Graph) {
  expect_broken(
      {
          {"graph.name", [](Graph& g) { g.name = std::string("a\0b", 3); }},
          {"graph.name", [](Graph& g) { g.name = std::string("\xff"); }},
          {"graph.name", [](Graph& g) { g.name.assign(65536, 'a'); }},
          {"graph.tensors", [](Graph& g) { g.tensors.clear(); }},
          {"graph.nodes", [](Graph& g) { g.nodes.pop_back(); }},
          {"graph.nodes",
           [](Graph& g) {
             g.nodes.clear();
             g.tensors.resize(1);
           }},
          {"graph.input", [](Graph& g) { g.input = 1; }},
          {"graph.output", [](Graph& g) { g.output = 7; }},
          {"graph.output", [](Graph& g) { g.output = -1; }},
          {"graph.input-grid", [](Graph& g) { g.tensors[0].grid.qmax = 254; }},
          {"graph.input-grid", [](Graph& g) { g.tensors[0].grid = Grid::signed_grid(8); }},
          {"graph.input-grid", [](Graph& g) { g.tensors[0].grid = Grid::unsigned_grid(7); }},
      },
      "graph");
}

TEST(VerifyGraph, TooManyTensors) {
  Graph graph = sample_graph();
  graph.tensors.resize(65536, graph.tensors[0]);
  EXPECT_THROW(verify(graph), Error);
}

TEST(VerifyGraph, Tensor) {
  const auto at = [](auto change) { return [change](Graph& g) { change(g.tensors[2]); }; };
  expect_broken(
      {
          {"tensor.shape", at([](TensorInfo& t) { t.shape.h = 0; })},
          {"tensor.shape", at([](TensorInfo& t) { t.shape.w = 65536; })},
          {"tensor.shape", at([](TensorInfo& t) { t.shape.c = -1; })},
          {"tensor.grid", at([](TensorInfo& t) { t.grid.z = 1; })},
          {"tensor.grid", at([](TensorInfo& t) { t.grid.qmax = 16; })},
          {"tensor.grid", at([](TensorInfo& t) { t.grid.kind = static_cast<GridKind>(4); })},
          {"tensor.scale", at([](TensorInfo& t) { t.scale = 0; })},
          {"tensor.scale", at([](TensorInfo& t) { t.scale = -0.5; })},
          {"tensor.scale", at([](TensorInfo& t) { t.scale = std::numeric_limits<double>::infinity(); })},
          {"tensor.scale", at([](TensorInfo& t) { t.scale = std::numeric_limits<double>::quiet_NaN(); })},
          // 5 bits are stored in bytes: 65535 * 32769 is just above 2^31.
          {"tensor.bytes", at([](TensorInfo& t) {
             t.shape = {65535, 32769, 1};
           })},
          {"tensor.unique", at([](TensorInfo& t) { t.name = std::string("stem"); })},
      },
      "tensor '");
}

TEST(VerifyGraph, TensorNames) {
  const auto named = [](std::string name) { return [name](Graph& g) { g.tensors[2].name = name; }; };
  // Broken UTF-8: lone continuation, overlong, surrogate, past U+10FFFF, cut off.
  std::vector<test::Break> breaks;
  for (const std::string& name :
       std::vector<std::string>{"", std::string(1, '\0'), "\x80", "\xc0\xaf", "\xe0\x80\x80", "\xed\xa0\x80",
                                "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "a\xe2\x82", "\xc3("}) {
    breaks.push_back({"tensor.name", named(name)});
  }
  breaks.push_back({"tensor.name", named(std::string(65536, 'a'))});
  expect_broken(breaks, "tensor 2");

  for (const std::string& name : std::vector<std::string>{"gr\xc3\xb6\xc3\x9f"
                                                          "e",
                                                          "\xe2\x82\xac", "\xed\x9f\xbf", "\xf4\x8f\xbf\xbf",
                                                          std::string(65535, 'a')}) {
    Graph graph = sample_graph();
    graph.tensors[2].name = name;
    EXPECT_NO_THROW(verify(graph));
  }
}

TEST(VerifyGraph, Order) {
  expect_broken(
      {
          {"node.output", [](Graph& g) { g.nodes[test::kAddNode].output = 2; }},
          {"node.order", [](Graph& g) { g.nodes[test::kAddNode].inputs[0] = 3; }},
          {"node.order", [](Graph& g) { g.nodes[test::kAddNode].inputs[1] = 100; }},
          {"node.order", [](Graph& g) { g.nodes[test::kAddNode].inputs[1] = -1; }},
          {"node.int32-output", [](Graph& g) { g.tensors[3].grid = Grid::int32(); }},
      },
      "node 'sum'");
}

TEST(VerifyGraph, Int32) {
  expect_broken(
      {
          // An int32 output of anything but a plain convolution.
          {"node.int32-output", [](Graph& g) { g.nodes[test::kLogitsNode].state.op = Op::kAvgPool; }},
          {"node.int32-output", [](Graph& g) { g.nodes[test::kLogitsNode].state.residual = true; }},
          // A convolution to int32 that is not last.
          {"node.int32-output", [](Graph& g) { g.tensors[test::kXnorNode + 1].grid = Grid::int32(); }},
      },
      "node '");
}

}  // namespace
}  // namespace intact
