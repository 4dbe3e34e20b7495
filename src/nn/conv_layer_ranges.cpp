// What cross-layer equalization changes: the ranges of a convolution's channels.
#include "nn/conv_layer.h"

#include "quant/libtorch.h"

namespace intact {

bool ConvLayer::outputs_scale() const {
  return activation_ && inputs().size() == 1 && activation_->is_homogeneous();
}

torch::Tensor ConvLayer::output_ranges() const {
  const torch::NoGradGuard no_grad;
  return affine().factor.abs() * weight_.abs().amax({1, 2, 3});
}

torch::Tensor ConvLayer::input_ranges() const {
  const torch::NoGradGuard no_grad;
  const std::int64_t groups = options_.groups, in = weight_.size(1);
  return weight_.abs().amax({2, 3}).view({groups, -1, in}).amax({1}).view({-1});
}

void ConvLayer::scale_outputs(const torch::Tensor& factor) {
  const torch::NoGradGuard no_grad;
  if (norm_) {
    norm_->gamma.mul_(factor);
    norm_->beta.mul_(factor);
    return;
  }
  weight_.mul_(factor.view({-1, 1, 1, 1}));
  if (bias_.defined()) bias_.mul_(factor);
}

void ConvLayer::scale_inputs(const torch::Tensor& factor) {
  const torch::NoGradGuard no_grad;
  const std::int64_t groups = options_.groups, in = weight_.size(1);
  const torch::Tensor by_filter = factor.view({groups, 1, in}).expand({groups, weight_.size(0) / groups, in});
  weight_.mul_(by_filter.reshape({weight_.size(0), in, 1, 1}));
}

}  // namespace intact
