#include "nn/int8_conv.h"

#include <ATen/Parallel.h>

#include <atomic>

#include "nn/float_conv.h"
#include "nn/split_conv_gradients.h"
#include "quant/libtorch.h"
#include "quant/target_clones.h"

namespace intact {
namespace {

// The float values are integers within the byte's range.
INTACT_TARGET_CLONES
void to_bytes(const float* __restrict from, std::uint8_t* __restrict to, std::int64_t n) {
  for (std::int64_t i = 0; i < n; ++i) to[i] = static_cast<std::uint8_t>(static_cast<std::int32_t>(from[i]));
}

void to_bytes_in_parallel(const float* from, std::uint8_t* to, std::int64_t n) {
  at::parallel_for(0, n, 65536, [&](std::int64_t begin, std::int64_t end) {
    to_bytes(from + begin, to + begin, end - begin);
  });
}

std::atomic<bool> enabled{true}, split_backward{false};

torch::Tensor to_bytes(const torch::Tensor& t) {
  const torch::Tensor values = t.contiguous(torch::MemoryFormat::ChannelsLast);
  torch::Tensor bytes = torch::empty({values.numel()}, torch::kUInt8);
  to_bytes_in_parallel(values.data_ptr<float>(), bytes.data_ptr<std::uint8_t>(), values.numel());
  return bytes;
}

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
  if (!enabled || !onednn_bytes_are_exact() || !onednn_takes(x.v, w, geometry)) return std::nullopt;
  const Grid& grid = x.grid;
  const int lo = grid.kind == GridKind::kBipolar ? -1 : grid.qmin - grid.z;
  const int hi = grid.kind == GridKind::kBipolar ? 1 : grid.qmax - grid.z;
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
