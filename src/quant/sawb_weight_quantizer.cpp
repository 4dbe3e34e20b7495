#include "quant/sawb_weight_quantizer.h"

#include <array>

#include "core/error.h"
#include "quant/magnitude.h"
#include "quant/positive_scale.h"
#include "quant/quantizer_law.h"

namespace intact {
namespace {

constexpr const char* kName = "sawb weight quantizer";

struct Coefficients {
  int bits;
  double c1, c2;
};
constexpr std::array kCoefficients{Coefficients{2, 3.212, -2.178}, Coefficients{3, 7.509, -6.892},
                                   Coefficients{4, 12.68, -12.80}, Coefficients{5, 17.74, -18.64},
                                   Coefficients{8, 31.76, -35.04}};

}  // namespace

SawbWeightQuantizer::SawbWeightQuantizer(int bits, std::optional<int64_t> channels)
    : grid_(Grid::weight_grid(bits)), channels_(channels) {
  for (const Coefficients& c : kCoefficients) {
    if (c.bits != bits) continue;
    c1_ = c.c1;
    c2_ = c.c2;
    return;
  }
  throw Error("sawb has coefficients for 2, 3, 4, 5 and 8 bits, not for " + std::to_string(bits));
}

torch::Tensor SawbWeightQuantizer::scale_of(const torch::Tensor& w) const {
  if (channels_) require_channels(kName, w, *channels_);
  const torch::NoGradGuard no_grad;
  const torch::Tensor mean = mean_magnitude(w, channels_.has_value());
  const torch::Tensor square = mean_magnitude(w.detach().square(), channels_.has_value());
  const auto levels = static_cast<float>((1 << grid_.bits) - 1);
  return positive_scale((square.sqrt() * c1_ + mean * c2_) * 2.0, {levels, 1.0F});
}

IntTensor SawbWeightQuantizer::forward(const torch::Tensor& w) {
  const torch::Tensor s = scale_of(w);
  return {round_clamp_ste(w, s, wide_law(grid_)), s, grid_};
}

IntTensor SawbWeightQuantizer::to_int(const torch::Tensor& w) const {
  return exact_codes(kName, w, scale_of(w), grid_);
}

torch::Tensor SawbWeightQuantizer::scale() const {
  throw Error(std::string(kName) + ": the scale is that of the weights at hand; use to_int(w).s");
}

}  // namespace intact
