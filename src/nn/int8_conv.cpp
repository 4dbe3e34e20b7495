#include "nn/int8_conv.h"

#include <atomic>

#include "nn/bipolar_conv.h"
#include "nn/float_conv.h"
#include "nn/split_conv_gradients.h"
#include "nn/to_bytes.h"
#include "quant/libtorch.h"

namespace intact {
namespace {

std::atomic<bool> enabled{true}, split_backward{false};

ConvGradients gradients(const OnednnConv& conv, const torch::Tensor& x, const torch::Tensor& w,
                        const torch::Tensor& dy, bool want_x, bool want_w) {
  auto* const compute = split_backward && can_split(conv) ? split_conv_gradients : conv_gradients;
  return compute(conv, x, w, dy, want_x, want_w);
}

class Int8ConvFunction : public torch::autograd::Function<Int8ConvFunction> {
 public:
  static torch::Tensor forward(torch::autograd::AutogradContext* context, const torch::Tensor& x,
                               const torch::Tensor& w, const torch::Tensor& bytes, const ConvGeometry& g,
                               bool source_is_signed) {
    const OnednnConv conv = onednn_conv(x, w, g);
    keep_conv(*context, conv, x, w);
    const torch::Tensor source = bytes.numel() > 0 ? bytes : to_bytes(x), weights = to_bytes(w);
    return onednn_forward_bytes(conv, source.data_ptr<std::uint8_t>(), source_is_signed,
                                reinterpret_cast<const std::int8_t*>(weights.data_ptr<std::uint8_t>()));
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list grads) {
    const ConvGradients d = kept_gradients(*context, grads[0], gradients);
    return {d.x, d.w, torch::Tensor(), torch::Tensor(), torch::Tensor()};
  }
};

}  // namespace

std::optional<torch::Tensor> int8_conv(const IntTensor& x, const torch::Tensor& w,
                                       const ConvGeometry& geometry) {
  if (!enabled || !onednn_bytes_are_exact() || !onednn_takes(x.v, w)) return std::nullopt;
  const Grid& grid = x.grid;
  const bool bipolar = grid.kind == GridKind::kBipolar;
  if (geometry.pad_value != (bipolar ? -1 : 0)) return std::nullopt;
  if (bipolar) return bipolar_conv(x, w, geometry);
  const int lo = grid.qmin - grid.z, hi = grid.qmax - grid.z;
  const bool fits_unsigned = lo >= 0 && hi <= 255, fits_signed = lo >= -128 && hi <= 127;
  if (!fits_unsigned && !fits_signed) return std::nullopt;
  // A function's arguments must be defined tensors.
  const torch::Tensor bytes = x.bytes.defined() ? x.bytes : torch::empty({0}, torch::kUInt8);
  return Int8ConvFunction::apply(x.v, w, bytes, geometry, !fits_unsigned);
}

void set_int8_conv(bool on) {
  enabled = on;
}

void set_split_backward(bool on) {
  split_backward = on;
}

}  // namespace intact
