#include "quant/binary_weight_quantizer.h"

#include "core/error.h"
#include "quant/binarize.h"
#include "quant/magnitude.h"
#include "quant/positive_scale.h"
#include "quant/quantizer_law.h"

namespace intact {
namespace {

constexpr const char* kName = "binary weight quantizer";

}  // namespace

torch::Tensor BinaryWeightQuantizer::scale_of(const torch::Tensor& w) const {
  if (channels_) require_channels(kName, w, *channels_);
  return positive_scale(mean_magnitude(w, channels_.has_value()), {});
}

IntTensor BinaryWeightQuantizer::forward(const torch::Tensor& w) {
  const torch::Tensor s = scale_of(w);
  const double n = static_cast<double>(w.numel() / s.numel());
  return {binarize_ste(w, s, 1.0 / n, {slope_, progress()}), s, grid()};
}

IntTensor BinaryWeightQuantizer::to_int(const torch::Tensor& w) const {
  require_finite(w, kName, "values");
  return {binarize(w), scale_of(w), grid()};
}

torch::Tensor BinaryWeightQuantizer::scale() const {
  throw Error(std::string(kName) + ": the scale is that of the weights at hand; use to_int(w).s");
}

}  // namespace intact
