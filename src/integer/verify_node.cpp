#include <algorithm>
#include <string>

#include "integer/int128.h"
#include "integer/verify_report.h"

namespace intact::verifier {
namespace {

std::string count_text(std::size_t have, const std::string& want) {
  return std::to_string(have) + " where " + want + " belong";
}

void check_window(const NodeView& view) {
  const Window& w = view.state().window;
  for (const int field : {w.kernel_h, w.kernel_w, w.stride_h, w.stride_w, w.dilation_h, w.dilation_w}) {
    require(field >= 1 && field <= 65535, view.place, "window.range",
            "kernel, stride and dilation are 1 to 65535; one is " + std::to_string(field));
  }
  for (const int field : {w.pad_top, w.pad_left, w.pad_bottom, w.pad_right}) {
    require(field >= 0 && field <= 65535, view.place, "window.range",
            "padding is 0 to 65535; one is " + std::to_string(field));
  }
  const Shape& in = view.input(0).shape;
  const Shape& out = view.out.shape;
  const int h = output_extent(in.h, w.kernel_h, w.stride_h, w.dilation_h, w.pad_top, w.pad_bottom);
  const int width = output_extent(in.w, w.kernel_w, w.stride_w, w.dilation_w, w.pad_left, w.pad_right);
  require(h == out.h && width == out.w, view.place, "window.shape",
          "the window over " + describe(in) + " gives height " + std::to_string(h) + " and width " +
              std::to_string(width) + "; the output is " + describe(out));
}

// Fields that the operation does not use hold their defaults, so that equal networks have equal bytes.
void check_unused_fields(const NodeView& view) {
  const IntState& state = view.state();
  const bool conv = state.op == Op::kConv;
  if (!conv) {
    require(state.weights.empty() && state.weight_grid == Grid{}, view.place, "node.unused",
            "only a convolution has weights");
    require(state.groups == 1, view.place, "node.unused", "only a convolution has groups");
    require(!state.residual, view.place, "node.unused", "only a convolution has a fused residual");
  }
  if (state.op == Op::kAdd) {
    require(state.window == Window{}, view.place, "node.unused", "an add has no window");
  }
  if (!conv && state.op != Op::kAvgPool) {
    require(state.pad_code == 0, view.place, "node.unused",
            "pad_code belongs to convolution and average pooling");
  }
}

void check_input_count(const NodeView& view) {
  const std::size_t have = view.node.inputs.size();
  const IntState& state = view.state();
  const std::size_t most = state.op == Op::kAdd ? 8 : (state.op == Op::kConv && state.residual) ? 2 : 1;
  const std::size_t least = state.op == Op::kAdd ? 1 : most;
  require(have >= least && have <= most, view.place, "node.inputs",
          std::string(to_string(state.op)) + " with " + std::to_string(have) + " inputs; it takes " +
              std::to_string(least) + (most == least ? "" : " to " + std::to_string(most)));
}

void check_pad_code(const NodeView& view) {
  const Grid& grid = view.input(0).grid;
  const bool no_zero = view.state().op == Op::kConv && grid.kind == GridKind::kBipolar;
  const std::int32_t expected = no_zero ? -1 : grid.z;
  require(view.state().pad_code == expected, view.place, "pad-code",
          "padding reads as code " + std::to_string(view.state().pad_code) + "; for this input it is " +
              std::to_string(expected));
}

void check_weights(const NodeView& view) {
  const IntState& state = view.state();
  const Grid& grid = state.weight_grid;
  const bool is_signed = grid.kind == GridKind::kSigned && grid.bits >= 2 && grid.bits <= 8 &&
                         grid == Grid::weight_grid(grid.bits);
  require(is_signed || grid == Grid::bipolar(), view.place, "weights.grid",
          "weights are bipolar or on a signed weight grid of 2 to 8 bits, not " + describe(grid));
  const Int128 taps = static_cast<Int128>(state.window.kernel_h) * state.window.kernel_w *
                      (view.input(0).shape.c / state.groups);
  require(taps * view.out.shape.c == static_cast<Int128>(state.weights.size()), view.place, "weights.count",
          count_text(state.weights.size(),
                     std::to_string(view.out.shape.c) + " output channels times kernel " +
                         std::to_string(state.window.kernel_h) + "x" + std::to_string(state.window.kernel_w) +
                         " times " + std::to_string(view.input(0).shape.c / state.groups) + " inputs"));
  const auto outside = std::find_if(state.weights.begin(), state.weights.end(), [&](std::int8_t w) {
    return w < grid.qmin || w > grid.qmax || (grid.kind == GridKind::kBipolar && w == 0);
  });
  require(
      outside == state.weights.end(), view.place, "weights.range",
      "weight " + std::to_string(outside - state.weights.begin()) + " is not a code of " + describe(grid));
}

void check_conv(const NodeView& view) {
  const IntState& state = view.state();
  const int in = view.input(0).shape.c;
  const int out = view.out.shape.c;
  require(state.groups >= 1 && in % state.groups == 0 && out % state.groups == 0, view.place, "conv.groups",
          std::to_string(state.groups) + " groups do not divide " + std::to_string(in) + " input and " +
              std::to_string(out) + " output channels");
  check_window(view);
  check_weights(view);
  check_pad_code(view);
  if (state.residual) {
    require(view.input(1).shape == view.out.shape, view.place, "residual.shape",
            "the residual is " + describe(view.input(1).shape) + ", the output " + describe(view.out.shape));
  }
}

void check_pool(const NodeView& view) {
  const Window& w = view.state().window;
  require(view.input(0).shape.c == view.out.shape.c, view.place, "pool.channels",
          "pooling keeps the channels: " + describe(view.input(0).shape) + " to " + describe(view.out.shape));
  check_window(view);
  require(w.dilation_h == 1 && w.dilation_w == 1, view.place, "pool.dilation", "pooling has dilation 1");
  require(std::max(w.pad_top, w.pad_bottom) < w.kernel_h && std::max(w.pad_left, w.pad_right) < w.kernel_w,
          view.place, "pool.padding", "each padding is less than the kernel in its direction");
  if (view.state().op == Op::kAvgPool) {
    check_pad_code(view);
    return;
  }
  require(view.input(0).grid == view.out.grid, view.place, "max-pool.grid",
          "input (" + describe(view.input(0).grid) + ") and output (" + describe(view.out.grid) +
              ") have one grid");
  require(view.input(0).scale == view.out.scale, view.place, "max-pool.scale",
          "input and output have one scale");
}

void check_add(const NodeView& view) {
  for (std::size_t i = 0; i < view.node.inputs.size(); ++i) {
    require(view.input(i).shape == view.out.shape, view.place, "add.shape",
            "input " + std::to_string(i) + " is " + describe(view.input(i).shape) + ", the output " +
                describe(view.out.shape));
  }
}

}  // namespace

void check_node(const NodeView& view) {
  const Op op = view.state().op;
  require(op == Op::kConv || op == Op::kAdd || op == Op::kAvgPool || op == Op::kMaxPool, view.place,
          "node.op", "unknown operation " + std::to_string(static_cast<int>(op)));
  check_input_count(view);
  check_unused_fields(view);
  switch (op) {
    case Op::kConv:
      return check_conv(view);
    case Op::kAdd:
      return check_add(view);
    case Op::kAvgPool:
    case Op::kMaxPool:
      return check_pool(view);
  }
}

}  // namespace intact::verifier
