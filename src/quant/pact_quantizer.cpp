#include "quant/pact_quantizer.h"

#include <cmath>

#include "core/error.h"
#include "quant/magnitude.h"
#include "quant/observer.h"
#include "quant/positive_scale.h"
#include "quant/quantizer_law.h"

namespace intact {
namespace {

constexpr const char* kName = "pact activation quantizer";

PositiveScaleLaw scale_law(const Grid& grid) {
  return {static_cast<float>(grid.qmax), 1.0F};
}

}  // namespace

PactQuantizer::PactQuantizer(int bits, double alpha, double decay, std::optional<double> ceiling)
    : full_grid_(Grid::unsigned_grid(bits)), ceiling_(ceiling), decay_(decay) {
  if (!(alpha > 0.0) || !std::isfinite(alpha)) {
    throw Error("pact_alpha, the initial clip, must be above 0, not " + std::to_string(alpha));
  }
  if (!(decay >= 0.0) || !std::isfinite(decay)) {
    throw Error("pact_decay must not be negative, but is " + std::to_string(decay));
  }
  alpha_ = register_parameter("alpha", torch::full({}, alpha, torch::kFloat32));
}

IntTensor PactQuantizer::forward(const torch::Tensor& r) {
  const RoundClampForm form = *round_clamp_form(0);
  return {round_clamp_ste(r, form.s, form.law), form.s, form.grid};
}

std::optional<RoundClampForm> PactQuantizer::round_clamp_form(int64_t) {
  const torch::Tensor s = positive_scale_ste(alpha_, scale_law(full_grid_));
  const Grid present = clip_at_ceiling(full_grid_, ceiling_, s);
  return RoundClampForm{s, strict_law(present, ScaleGradient::kClip), present};
}

IntTensor PactQuantizer::to_int(const torch::Tensor& r) const {
  return exact_codes(kName, r, scale(), grid());
}

torch::Tensor PactQuantizer::scale() const {
  return positive_scale(alpha_, scale_law(full_grid_));
}

Grid PactQuantizer::grid() const {
  return clip_at_ceiling(full_grid_, ceiling_, scale());
}

bool PactQuantizer::start_at_clip_of(ObserverKind kind) {
  start_ = kind;
  observed_ = 0;
  return true;
}

void PactQuantizer::observe(const torch::Tensor& r) {
  if (!start_) return;
  const torch::NoGradGuard no_grad;
  require_finite(r, kName, "values");
  torch::Tensor clipped = r.clamp_min(0.0);
  if (ceiling_) clipped = clipped.clamp_max(*ceiling_);
  const torch::Tensor clip = clip_of(*start_, clipped, full_grid_.qmax, false);
  if (*start_ == ObserverKind::kMinMax && observed_ > 0) {
    alpha_.copy_(torch::maximum(alpha_, clip));
  } else {
    alpha_.add_((clip - alpha_) / static_cast<double>(observed_ + 1));
  }
  ++observed_;
}

torch::Tensor PactQuantizer::regularizer() const {
  return alpha_.square() * (0.5 * decay_);
}

}  // namespace intact
