#include "nn/float_conv.h"

#include <torch/custom_class.h>

#include <utility>
#include <vector>

#include "quant/libtorch.h"

namespace intact {
namespace {

struct Kept : torch::CustomClassHolder {
  OnednnConv conv;
};

class FloatConvFunction : public torch::autograd::Function<FloatConvFunction> {
 public:
  static torch::Tensor forward(torch::autograd::AutogradContext* context, const torch::Tensor& x,
                               const torch::Tensor& w, const ConvGeometry& geometry) {
    const OnednnConv conv = onednn_conv(x, w, geometry);
    keep_conv(*context, conv, x, w);
    return onednn_forward(conv, x, w);
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list grads) {
    const ConvGradients d = kept_gradients(*context, grads[0], conv_gradients);
    return {d.x, d.w, torch::Tensor()};
  }
};

torch::Tensor library_conv(const torch::Tensor& x, const torch::Tensor& w, const ConvGeometry& g) {
  const Window& n = g.window;
  return at::conv2d(x, w, {}, {n.stride_h, n.stride_w}, {n.pad_top, n.pad_left}, {n.dilation_h, n.dilation_w},
                    g.groups);
}

}  // namespace

torch::Tensor float_conv(const torch::Tensor& x, const torch::Tensor& w, const ConvGeometry& geometry) {
  if (geometry.pad_value == 0 && onednn_takes(x, w)) return FloatConvFunction::apply(x, w, geometry);
  const Window& n = geometry.window;
  if (geometry.pad_value == 0 && n.pad_top == n.pad_bottom && n.pad_left == n.pad_right)
    return library_conv(x, w, geometry);
  ConvGeometry inside = geometry;
  inside.pad_value = 0;
  inside.window.pad_top = inside.window.pad_bottom = inside.window.pad_left = inside.window.pad_right = 0;
  return float_conv(pad_input(x, geometry), w, inside);
}

ConvGradients conv_gradients(const OnednnConv& conv, const torch::Tensor& x, const torch::Tensor& w,
                             const torch::Tensor& dy, bool want_x, bool want_w) {
  ConvGradients d;
  if (want_x) d.x = onednn_backward_data(conv, dy, w);
  if (want_w) d.w = onednn_backward_weights(conv, x, dy);
  return d;
}

void keep_conv(torch::autograd::AutogradContext& context, const OnednnConv& conv, const torch::Tensor& x,
               const torch::Tensor& w) {
  auto kept = c10::make_intrusive<Kept>();
  kept->conv = conv;
  context.save_for_backward({x, w});
  context.saved_data["kept"] = c10::IValue::make_capsule(std::move(kept));
}

ConvGradients kept_gradients(torch::autograd::AutogradContext& context, const torch::Tensor& dy,
                             decltype(conv_gradients)* gradients) {
  const auto saved = context.get_saved_variables();
  const auto capsule = context.saved_data["kept"].toCapsule();
  return gradients(static_cast<const Kept&>(*capsule).conv, saved[0], saved[1], dy,
                   context.needs_input_grad(0), context.needs_input_grad(1));
}

}  // namespace intact
