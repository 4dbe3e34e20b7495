#include "nn/window_ops.h"

#include "quant/libtorch.h"

#include <limits>

namespace intact {
namespace {

torch::Tensor padded(const torch::Tensor& x, const Window& w, double value) {
  if (w.pad_top == 0 && w.pad_left == 0 && w.pad_bottom == 0 && w.pad_right == 0) return x;
  return torch::constant_pad_nd(x, {w.pad_left, w.pad_right, w.pad_top, w.pad_bottom}, value);
}

}  // namespace

torch::Tensor window_sum(const torch::Tensor& x, const Window& w) {
  const torch::Tensor p = padded(x, w, 0.0);
  if (w.kernel_h == p.size(2) && w.kernel_w == p.size(3)) return p.sum({2, 3}, /*keepdim=*/true);
  return at::avg_pool2d(p, {w.kernel_h, w.kernel_w}, {w.stride_h, w.stride_w}, /*padding=*/0,
                        /*ceil_mode=*/false,
                        /*count_include_pad=*/true, /*divisor_override=*/1);
}

torch::Tensor window_max(const torch::Tensor& x, const Window& w) {
  const torch::Tensor p = padded(x, w, -std::numeric_limits<double>::infinity());
  return at::max_pool2d(p, {w.kernel_h, w.kernel_w}, {w.stride_h, w.stride_w});
}

}  // namespace intact
