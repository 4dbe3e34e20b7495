#include "quant/binary_activation_quantizer.h"

#include <cmath>

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

std::optional<RoundClampForm> BinaryActivationQuantizer::round_clamp_form(int64_t /*sample_size*/) {
  if (slope_ != StraightThrough::kClipped) return std::nullopt;
  RoundClampLaw law;
  law.lo = -1.0F;
  law.hi = 1.0F;
  law.pass_hi = std::nextafter(1.0F, 2.0F);  // passes where |r| <= 1
  law.pass_lo = -law.pass_hi;
  RoundClampForm form{scale(), law, grid()};
  form.sign = true;
  return form;
}

torch::Tensor BinaryActivationQuantizer::scale() const {
  return torch::ones({}, torch::kFloat32);
}

}  // namespace intact
