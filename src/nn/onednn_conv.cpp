#include "nn/onednn_conv.h"

#include <ATen/Parallel.h>
#include <ATen/record_function.h>

#include "quant/libtorch.h"

namespace intact {
namespace {

constexpr auto kLayout = torch::MemoryFormat::ChannelsLast;
constexpr ConvTypes kFloats{ElementType::kFloat32, ElementType::kFloat32, ElementType::kFloat32};

torch::Tensor empty(const std::vector<std::int64_t>& extents) {
  return torch::empty(extents, torch::TensorOptions(torch::kFloat32).memory_format(kLayout));
}

void run(ConvProduct product, const OnednnConv& conv, const ConvTypes& types, const void* source,
         const void* weights, const void* target) {
  onednn_products().run(product, conv, types, at::get_num_threads(), source, weights, target);
}

// The three products, of dense memory in channels-last order.
torch::Tensor forward(const OnednnConv& conv, const ConvTypes& types, const void* x, const void* w) {
  RECORD_FUNCTION("intact::conv_forward", std::vector<c10::IValue>());
  torch::Tensor y = empty(conv.target);
  run(ConvProduct::kForward, conv, types, x, w, y.data_ptr());
  return y;
}

torch::Tensor backward_data(const OnednnConv& conv, const ConvTypes& types, const void* dy, const void* w) {
  RECORD_FUNCTION("intact::conv_backward_data", std::vector<c10::IValue>());
  torch::Tensor dx = empty(conv.source);
  run(ConvProduct::kBackwardData, conv, types, dx.data_ptr(), w, dy);
  return dx;
}

torch::Tensor backward_weights(const OnednnConv& conv, const ConvTypes& types, const void* x,
                               const void* dy) {
  RECORD_FUNCTION("intact::conv_backward_weights", std::vector<c10::IValue>());
  torch::Tensor dw = empty(conv.weights);
  run(ConvProduct::kBackwardWeights, conv, types, x, dw.data_ptr(), dy);
  return dw;
}

}  // namespace

OnednnConv onednn_conv(const torch::Tensor& x, const torch::Tensor& w, const ConvGeometry& geometry) {
  const Window& n = geometry.window;
  const std::int64_t out_h = output_extent(static_cast<int>(x.size(2)), n.kernel_h, n.stride_h, n.dilation_h,
                                           n.pad_top, n.pad_bottom);
  const std::int64_t out_w = output_extent(static_cast<int>(x.size(3)), n.kernel_w, n.stride_w, n.dilation_w,
                                           n.pad_left, n.pad_right);
  return {x.sizes().vec(), w.sizes().vec(), {x.size(0), w.size(0), out_h, out_w}, n, geometry.groups};
}

bool onednn_takes(const torch::Tensor& x, const torch::Tensor& w) {
  const auto fits = [](const torch::Tensor& t) {
    return t.device().is_cpu() && t.scalar_type() == torch::kFloat32 && t.numel() > 0;
  };
  return fits(x) && fits(w);
}

torch::Tensor onednn_forward(const OnednnConv& conv, const torch::Tensor& x, const torch::Tensor& w) {
  const torch::Tensor source = x.contiguous(kLayout), weights = w.contiguous(kLayout);
  return forward(conv, kFloats, source.data_ptr(), weights.data_ptr());
}

torch::Tensor onednn_backward_data(const OnednnConv& conv, const torch::Tensor& dy, const torch::Tensor& w) {
  const torch::Tensor target = dy.contiguous(kLayout), weights = w.contiguous(kLayout);
  return backward_data(conv, kFloats, target.data_ptr(), weights.data_ptr());
}

torch::Tensor onednn_backward_weights(const OnednnConv& conv, const torch::Tensor& x,
                                      const torch::Tensor& dy) {
  const torch::Tensor source = x.contiguous(kLayout), target = dy.contiguous(kLayout);
  return backward_weights(conv, kFloats, source.data_ptr(), target.data_ptr());
}

torch::Tensor onednn_backward_data_bf16(const OnednnConv& conv, const torch::Tensor& dy,
                                        const torch::Tensor& w) {
  return backward_data(conv, {ElementType::kFloat32, ElementType::kBfloat16, ElementType::kBfloat16},
                       dy.data_ptr(), w.data_ptr());
}

torch::Tensor onednn_backward_weights_bf16(const OnednnConv& conv, const torch::Tensor& x,
                                           const torch::Tensor& dy) {
  return backward_weights(conv, {ElementType::kBfloat16, ElementType::kFloat32, ElementType::kBfloat16},
                          x.data_ptr(), dy.data_ptr());
}

torch::Tensor onednn_forward_bytes(const OnednnConv& conv, const std::uint8_t* source, bool source_is_signed,
                                   const std::int8_t* weights) {
  return forward(conv,
                 {source_is_signed ? ElementType::kInt8 : ElementType::kUint8, ElementType::kInt8,
                  ElementType::kFloat32},
                 source, weights);
}

bool onednn_bytes_are_exact() {
  return onednn_products().bytes_are_exact();
}

bool onednn_has_bf16() {
  return onednn_products().has_bf16();
}

}  // namespace intact
