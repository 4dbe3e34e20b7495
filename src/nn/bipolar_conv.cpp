#include "nn/bipolar_conv.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <vector>

#include "nn/float_conv.h"
#include "nn/lanes.h"
#include "nn/to_bytes.h"
#include "quant/libtorch.h"
#include "quant/target_clones.h"

namespace intact {
namespace {

constexpr std::int64_t kGrain = 65536;  // elements worth a thread

INTACT_TARGET_CLONES
void double_minus(float* __restrict y, const float* __restrict offset, std::int64_t lanes, std::int64_t n) {
  for (std::int64_t first = 0; first < n; first += lanes) {
    const std::int64_t count = std::min(lanes, n - first);
    for (std::int64_t i = 0; i < count; ++i) y[first + i] = 2.0F * y[first + i] - offset[i];
  }
}

// y := 2 y - offset, offset by channel; y in channels-last order.
void double_minus(torch::Tensor& y, const torch::Tensor& offset) {
  const std::int64_t lanes = lanes_for(y.size(1)), chunks = (y.numel() + lanes - 1) / lanes;
  const float* from = offset.data_ptr<float>();
  const std::vector<float> offsets = by_lane<float>(std::vector<float>(from, from + offset.numel()), lanes);
  float* to = y.data_ptr<float>();
  at::parallel_for(0, chunks, 1 + kGrain / lanes, [&](std::int64_t begin, std::int64_t end) {
    const std::int64_t first = begin * lanes;
    double_minus(to + first, offsets.data(), lanes, std::min(y.numel(), end * lanes) - first);
  });
}

ConvGradients gradients(const OnednnConv& conv, const torch::Tensor& x, const torch::Tensor& w,
                        const torch::Tensor& dy, bool want_x, bool want_w) {
  ConvGradients d = conv_gradients(conv, want_w ? x * 0.5 + 0.5 : x, w, dy, want_x, want_w);
  if (want_w) d.w = 2 * d.w - dy.sum({0, 2, 3}).view({-1, 1, 1, 1});
  return d;
}

class BipolarConvFunction : public torch::autograd::Function<BipolarConvFunction> {
 public:
  static torch::Tensor forward(torch::autograd::AutogradContext* context, const torch::Tensor& x,
                               const torch::Tensor& w, const torch::Tensor& bytes,
                               const ConvGeometry& geometry) {
    const OnednnConv conv = onednn_conv(x, w, geometry);
    keep_conv(*context, conv, x, w);
    const torch::Tensor source = bytes.numel() > 0 ? bytes : to_bytes(x * 0.5 + 0.5), weights = to_bytes(w);
    torch::Tensor y =
        onednn_forward_bytes(conv, source.data_ptr<std::uint8_t>(), false,
                             reinterpret_cast<const std::int8_t*>(weights.data_ptr<std::uint8_t>()));
    double_minus(y, w.sum({1, 2, 3}).contiguous());
    return y;
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list grads) {
    const ConvGradients d = kept_gradients(*context, grads[0], gradients);
    return {d.x, d.w, torch::Tensor(), torch::Tensor()};
  }
};

}  // namespace

torch::Tensor bipolar_conv(const IntTensor& x, const torch::Tensor& w, const ConvGeometry& geometry) {
  ConvGeometry zeros = geometry;
  zeros.pad_value = 0;
  // A function's arguments must be defined tensors.
  const torch::Tensor bytes = x.bytes.defined() ? x.bytes : torch::empty({0}, torch::kUInt8);
  return BipolarConvFunction::apply(x.v, w, bytes, zeros);
}

}  // namespace intact
