#include <algorithm>

#include "integer/oracle_node.h"

namespace intact::oracle {
namespace {

// Calls visit(code) for every position of the window at (oy, ox) inside the image.
template <typename Visit>
void visit_window(const Window& w, const Shape& in, const Values& codes, int oy, int ox, int c, Visit visit) {
  for (int ky = 0; ky < w.kernel_h; ++ky) {
    const std::int64_t y = static_cast<std::int64_t>(oy) * w.stride_h + ky - w.pad_top;
    if (y < 0 || y >= in.h) continue;
    for (int kx = 0; kx < w.kernel_w; ++kx) {
      const std::int64_t x = static_cast<std::int64_t>(ox) * w.stride_w + kx - w.pad_left;
      if (x < 0 || x >= in.w) continue;
      visit(codes[static_cast<std::size_t>((y * in.w + x) * in.c + c)]);
    }
  }
}

// One value for each element of the output, from `pool(oy, ox, c)`.
template <typename Pool>
Values for_each_output(const Shape& out, Pool pool) {
  Values result;
  result.reserve(static_cast<std::size_t>(out.elements()));
  for (int oy = 0; oy < out.h; ++oy) {
    for (int ox = 0; ox < out.w; ++ox) {
      for (int c = 0; c < out.c; ++c) result.push_back(pool(oy, ox, c));
    }
  }
  return result;
}

}  // namespace

Values run_avg_pool(const Graph& graph, const Node& node, const std::vector<Values>& all) {
  const IntState& state = node.state;
  const TensorInfo& in = tensor(graph, node.inputs[0]);
  const TensorInfo& out = tensor(graph, node.output);
  const Values& codes = values(all, node.inputs[0]);
  return for_each_output(out.shape, [&](int oy, int ox, int c) {
    std::int64_t acc = 0;  // outside the image v is 0
    visit_window(state.window, in.shape, codes, oy, ox, c, [&](std::int32_t q) { acc += q - in.grid.z; });
    return to_code(rescale(acc, state.q, 0), state.q.r, out.grid);
  });
}

Values run_max_pool(const Graph& graph, const Node& node, const std::vector<Values>& all) {
  const TensorInfo& in = tensor(graph, node.inputs[0]);
  const TensorInfo& out = tensor(graph, node.output);
  const Values& codes = values(all, node.inputs[0]);
  return for_each_output(out.shape, [&](int oy, int ox, int c) {
    std::int32_t largest = in.grid.qmin;  // every window holds a position inside the image
    visit_window(node.state.window, in.shape, codes, oy, ox, c,
                 [&](std::int32_t q) { largest = std::max(largest, q); });
    return largest;
  });
}

}  // namespace intact::oracle
