#include "nn/activation.h"

#include "quant/libtorch.h"

#include <cmath>
#include <limits>
#include <optional>

#include "core/error.h"

namespace intact {

Activation::Activation(ActivationKind kind, const ActivationQuantConfig& config, bool rectified_input)
    : kind_(kind),
      binary_(config.quantizer == QuantizerKind::kBinary),
      quantizer_(make_activation_quantizer(
          config, rectified_input || kind != ActivationKind::kNone,
          kind == ActivationKind::kRelu6 ? std::optional<double>(6.0) : std::nullopt)) {}

torch::Tensor Activation::rectify(const torch::Tensor& y) const {
  switch (kind_) {
    case ActivationKind::kRelu:
      return torch::relu(y);
    case ActivationKind::kRelu6:
      return torch::clamp(y, 0.0, 6.0);
    case ActivationKind::kNone:
      break;
  }
  return y;
}

torch::Tensor Activation::apply_float(const torch::Tensor& y) const {
  if (binary_ && kind_ == ActivationKind::kNone) return torch::clamp(y, -1.0, 1.0);
  return rectify(y);
}

Activation::Clamp Activation::float_clamp() const {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  switch (kind_) {
    case ActivationKind::kRelu:
      return {0.0F, kInfinity};
    case ActivationKind::kRelu6:
      return {0.0F, 6.0F};
    case ActivationKind::kNone:
      break;
  }
  return binary_ ? Clamp{-1.0F, 1.0F} : Clamp{-kInfinity, kInfinity};
}

bool Activation::is_homogeneous() const {
  const Clamp clamp = float_clamp();
  return (clamp.lo == 0 || std::isinf(clamp.lo)) && std::isinf(clamp.hi);
}

void Activation::observe(const torch::Tensor& y) const {
  torch::NoGradGuard no_grad;
  quantizer_->observe(rectify(y.detach()));
}

IntTensor Activation::quantize(const torch::Tensor& y) const {
  if (!quantizer_->initialized()) observe(y);
  return quantizer_->forward(y);  // the grid's lower end is the rectifier, its upper end ReLU6's 6
}

TensorInfo Activation::info(const std::string& layer, const Shape& shape) const {
  if (!quantizer_->initialized()) {
    throw Error("layer " + layer +
                ": its activation quantizer has no range yet; add a calibrate or qat phase");
  }
  return TensorInfo{layer, shape, quantizer_->grid(), quantizer_->scale().item<double>()};
}

}  // namespace intact
