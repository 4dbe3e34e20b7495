// Each rule about windows, shapes, weights and fields of a node, broken by name.
#include <gtest/gtest.h>

#include "core/error.h"
#include "tests/integer/sample_graph.h"

namespace intact {
namespace {

using test::Break;
using test::expect_broken;

// A break of one node's state.
template <typename Change>
Break at(const char* rule, std::size_t node, Change change) {
  return {rule, [node, change](Graph& g) { change(g.nodes[node].state); }};
}

TEST(VerifyNode, Inputs) {
  expect_broken(
      {
          at("node.op", test::kConvNode, [](IntState& s) { s.op = static_cast<Op>(5); }),
          at("node.op", test::kConvNode, [](IntState& s) { s.op = static_cast<Op>(0); }),
          at("node.inputs", test::kConvNode, [](IntState& s) { s.residual = true; }),
          at("node.inputs", test::kResidualNode, [](IntState& s) { s.residual = false; }),
          {"node.inputs", [](Graph& g) { g.nodes[test::kAddNode].inputs.clear(); }},
          {"node.inputs", [](Graph& g) { g.nodes[test::kAddNode].inputs.assign(9, 1); }},
          {"node.inputs",
           [](Graph& g) {
             g.nodes[test::kMaxPoolNode].inputs = {3, 3};
           }},
          {"node.inputs", [](Graph& g) { g.nodes[test::kAvgPoolNode].inputs = {}; }},
          {"node.inputs", [](Graph& g) { g.nodes[test::kConvNode].inputs = {}; }},
      },
      "node '");
}

TEST(VerifyNode, UnusedFields) {
  expect_broken(
      {
          at("node.unused", test::kAddNode, [](IntState& s) { s.weights = {1}; }),
          at("node.unused", test::kAddNode, [](IntState& s) { s.weight_grid = Grid::weight_grid(4); }),
          at("node.unused", test::kAddNode, [](IntState& s) { s.groups = 0; }),
          at("node.unused", test::kAddNode, [](IntState& s) { s.residual = true; }),
          at("node.unused", test::kAddNode, [](IntState& s) { s.window.stride_h = 2; }),
          at("node.unused", test::kAddNode, [](IntState& s) { s.pad_code = 20; }),
          at("node.unused", test::kMaxPoolNode, [](IntState& s) { s.pad_code = 20; }),
          at("node.unused", test::kAvgPoolNode, [](IntState& s) { s.groups = 4; }),
      },
      "node '");
}

TEST(VerifyNode, Windows) {
  expect_broken(
      {
          at("window.range", test::kConvNode, [](IntState& s) { s.window.kernel_h = 0; }),
          at("window.range", test::kConvNode, [](IntState& s) { s.window.kernel_w = 65536; }),
          at("window.range", test::kConvNode, [](IntState& s) { s.window.stride_h = 0; }),
          at("window.range", test::kConvNode, [](IntState& s) { s.window.stride_w = -1; }),
          at("window.range", test::kConvNode, [](IntState& s) { s.window.dilation_h = 0; }),
          at("window.range", test::kConvNode, [](IntState& s) { s.window.dilation_w = 65536; }),
          at("window.range", test::kConvNode, [](IntState& s) { s.window.pad_top = -1; }),
          at("window.range", test::kConvNode, [](IntState& s) { s.window.pad_right = 65536; }),
          at("window.shape", test::kConvNode, [](IntState& s) { s.window.pad_top = 0; }),
          at("window.shape", test::kConvNode, [](IntState& s) { s.window.stride_w = 2; }),
          at("window.shape", test::kConvNode, [](IntState& s) { s.window.dilation_h = 2; }),
          // The window does not fit the image at all.
          at("window.shape", test::kConvNode, [](IntState& s) { s.window.dilation_h = 65535; }),
          at("pool.dilation", test::kAvgPoolNode,
             [](IntState& s) {
               s.window.kernel_h = 1;
               s.window.stride_h = 2;
               s.window.dilation_h = 2;
             }),
          at("pool.padding", test::kMaxPoolNode,
             [](IntState& s) { s.window = {2, 3, 3, 2, 1, 1, 2, 1, 0, 1}; }),
          at("pool.padding", test::kMaxPoolNode,
             [](IntState& s) { s.window = {3, 2, 2, 3, 1, 1, 1, 0, 1, 2}; }),
      },
      "node '");
}

TEST(VerifyNode, Channels) {
  expect_broken(
      {
          at("conv.groups", test::kResidualNode, [](IntState& s) { s.groups = 3; }),
          at("conv.groups", test::kResidualNode, [](IntState& s) { s.groups = 0; }),
          at("conv.groups", test::kResidualNode, [](IntState& s) { s.groups = -2; }),
          at("conv.groups", test::kConvNode, [](IntState& s) { s.groups = 3; }),  // divides the input only
          {"residual.shape", [](Graph& g) { g.nodes[test::kResidualNode].inputs[1] = 0; }},
          {"pool.channels", [](Graph& g) { g.tensors[test::kMaxPoolNode + 1].shape.c = 5; }},
          {"add.shape", [](Graph& g) { g.nodes[test::kAddNode].inputs[1] = 0; }},
          {"max-pool.grid", [](Graph& g) { g.tensors[test::kMaxPoolNode + 1].grid.z = 19; }},
          {"max-pool.scale",
           [](Graph& g) {
             g.tensors[test::kMaxPoolNode + 1].scale = 0.050000000000000003 * 1.0000000000000002;
           }},
      },
      "node '");
}

TEST(VerifyNode, Weights) {
  expect_broken(
      {
          at("weights.grid", test::kConvNode, [](IntState& s) { s.weight_grid = Grid::unsigned_grid(4); }),
          at("weights.grid", test::kConvNode, [](IntState& s) { s.weight_grid = Grid::signed_grid(8); }),
          at("weights.grid", test::kConvNode, [](IntState& s) { s.weight_grid.qmin = -7; }),
          at("weights.grid", test::kConvNode, [](IntState& s) { s.weight_grid.bits = 9; }),
          at("weights.grid", test::kConvNode, [](IntState& s) { s.weight_grid = Grid::int32(); }),
          at("weights.count", test::kConvNode, [](IntState& s) { s.weights.pop_back(); }),
          at("weights.count", test::kConvNode, [](IntState& s) { s.weights.clear(); }),
          at("weights.count", test::kConvNode, [](IntState& s) { s.weights.push_back(0); }),
          at("weights.count", test::kResidualNode, [](IntState& s) { s.groups = 1; }),
          at("weights.range", test::kConvNode, [](IntState& s) { s.weights[5] = 8; }),
          at("weights.range", test::kConvNode, [](IntState& s) { s.weights.back() = -9; }),
          at("weights.range", test::kResidualNode, [](IntState& s) { s.weights[0] = -128; }),
          at("weights.range", test::kXnorNode, [](IntState& s) { s.weights[7] = 0; }),
          at("weights.range", test::kXnorNode, [](IntState& s) { s.weights[7] = 2; }),
      },
      "node '");
}

TEST(VerifyNode, PadCode) {
  expect_broken(
      {
          at("pad-code", test::kConvNode, [](IntState& s) { s.pad_code = 0; }),
          at("pad-code", test::kBipolarNode,
             [](IntState& s) { s.pad_code = 0; }),  // though it has no padding
          at("pad-code", test::kXnorNode, [](IntState& s) { s.pad_code = 0; }),
          at("pad-code", test::kXnorNode, [](IntState& s) { s.pad_code = 1; }),
          at("pad-code", test::kAvgPoolNode, [](IntState& s) { s.pad_code = 1; }),
      },
      "node '");
}

}  // namespace
}  // namespace intact
