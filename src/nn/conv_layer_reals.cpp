// What calibration after training looks at: a convolution layer's reals.
#include "nn/conv_layer.h"

#include "quant/libtorch.h"

#include "nn/float_conv.h"

namespace intact {
namespace {

torch::Tensor by_channel(const torch::Tensor& t) {
  return t.view({1, -1, 1, 1});
}

torch::Tensor by_filter(const torch::Tensor& t) {
  return t.view({-1, 1, 1, 1});
}

}  // namespace

ConvLayer::Affine ConvLayer::affine() const {
  const torch::NoGradGuard no_grad;
  if (norm_) {
    const torch::Tensor factor = norm_->gamma / torch::sqrt(norm_->variance + BatchNorm::kEps);
    return {factor, norm_->beta - norm_->mean * factor};
  }
  const torch::Tensor one = torch::ones({options_.out.c});
  return {one, bias_.defined() ? bias_.detach().clone() : torch::zeros_like(one)};
}

torch::Tensor ConvLayer::float_reals(const std::vector<torch::Tensor>& in) const {
  const torch::NoGradGuard no_grad;
  const auto [factor, offset] = affine();
  const torch::Tensor a =
      float_conv(in[0], weight_ * by_filter(factor), {options_.window, options_.groups, 0.0});
  const torch::Tensor y = a + by_channel(offset);
  return in.size() > 1 ? y + in[1] : y;
}

torch::Tensor ConvLayer::quantized_reals(const std::vector<IntTensor>& in,
                                         const torch::Tensor& weight) const {
  const auto [factor, offset] = affine();
  const IntTensor& x = in[0];
  const torch::Tensor a = float_conv(x.v, weight * by_filter(factor * x.s.detach()), geometry(x.grid));
  const torch::Tensor y = a + by_channel(offset);
  return in.size() > 1 ? y + in[1].v * in[1].s.detach() : y;
}

torch::Tensor ConvLayer::rectify(const torch::Tensor& reals) const {
  return activation_ ? activation_->apply_float(reals) : reals;
}

void ConvLayer::set_weight(const torch::Tensor& weight) {
  const torch::NoGradGuard no_grad;
  weight_.copy_(weight);
}

bool ConvLayer::add_offset(const torch::Tensor& change) {
  const torch::NoGradGuard no_grad;
  torch::Tensor offset = norm_ ? norm_->beta : bias_;
  if (!offset.defined()) return false;
  offset.add_(change);
  return true;
}

}  // namespace intact
