#include "quant/quantizer_law.h"

#include <cmath>
#include <limits>

#include "core/error.h"
#include "integer/derive.h"
#include "quant/magnitude.h"

namespace intact {
namespace {

RoundClampLaw clip_of(const Grid& grid) {
  RoundClampLaw law;
  law.lo = static_cast<float>(grid.qmin - grid.z);
  law.hi = static_cast<float>(grid.qmax - grid.z);
  return law;
}

}  // namespace

RoundClampLaw strict_law(const Grid& grid, ScaleGradient gradient) {
  RoundClampLaw law = clip_of(grid);
  law.pass_lo = law.lo;
  law.pass_hi = law.hi;
  law.scale_gradient = gradient;
  law.fixed_ceiling = grid.kind == GridKind::kUnsigned && grid.qmax < (1 << grid.bits) - 1;
  return law;
}

RoundClampLaw wide_law(const Grid& grid) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  RoundClampLaw law = clip_of(grid);
  law.pass_lo = law.lo == 0.0F ? 0.0F : std::nextafter(law.lo - 0.5F, -kInfinity);
  law.pass_hi = std::nextafter(law.hi + 0.5F, kInfinity);
  return law;
}

Grid clip_at_ceiling(Grid grid, std::optional<double> ceiling, const torch::Tensor& s) {
  if (!ceiling) return grid;
  const double scale = static_cast<double>(s.item<float>());
  if (std::isfinite(scale)) grid.qmax = clipped_qmax(grid.bits, *ceiling, scale);
  return grid;
}

IntTensor exact_codes(const std::string& quantizer, const torch::Tensor& r, const torch::Tensor& s,
                      const Grid& grid) {
  require_finite(r, quantizer, "values");
  require_finite(s, quantizer, "scale");
  return {round_clamp(r, s, clip_of(grid)), s, grid};
}

void require_channels(const std::string& quantizer, const torch::Tensor& w, int64_t channels) {
  if (w.dim() >= 1 && w.size(0) == channels) return;
  throw Error(quantizer + ": made for " + std::to_string(channels) + " output channels, but the weight has " +
              (w.dim() >= 1 ? std::to_string(w.size(0)) : std::string("no dimensions")));
}

void throw_not_initialized(const std::string& quantizer) {
  throw Error(quantizer +
              ": its range is not known yet; observe a batch (calibration) or train before evaluating");
}

}  // namespace intact
