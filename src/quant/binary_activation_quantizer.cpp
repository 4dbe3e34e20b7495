#include "quant/binary_activation_quantizer.h"

#include "quant/binarize.h"
#include "quant/magnitude.h"

namespace intact {

IntTensor BinaryActivationQuantizer::forward(const torch::Tensor& r) {
  const torch::Tensor s = scale();
  return {binarize_ste(r, s, 0.0, {slope_, progress()}), s, grid()};
}

IntTensor BinaryActivationQuantizer::to_int(const torch::Tensor& r) const {
  require_finite(r, "binary activation quantizer", "values");
  return {binarize(r), scale(), grid()};
}

torch::Tensor BinaryActivationQuantizer::scale() const {
  return torch::ones({}, torch::kFloat32);
}

}  // namespace intact
