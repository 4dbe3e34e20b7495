#include "quant/lsq_quantizer.h"

#include <algorithm>
#include <cmath>

#include "quant/magnitude.h"
#include "quant/observer.h"
#include "quant/positive_scale.h"

namespace intact {

std::shared_ptr<LsqQuantizer> LsqQuantizer::for_weights(int bits, std::optional<int64_t> channels) {
  return std::make_shared<LsqQuantizer>(Role::kWeights, Grid::weight_grid(bits), channels, std::nullopt);
}

std::shared_ptr<LsqQuantizer> LsqQuantizer::for_activations(const Grid& grid, std::optional<double> ceiling) {
  return std::make_shared<LsqQuantizer>(Role::kActivations, grid, std::nullopt, ceiling);
}

LsqQuantizer::LsqQuantizer(Role role, const Grid& grid, std::optional<int64_t> channels,
                           std::optional<double> ceiling)
    : role_(role),
      name_(role == Role::kWeights ? "lsq weight quantizer" : "lsq activation quantizer"),
      full_grid_(grid),
      channels_(channels),
      ceiling_(ceiling),
      step_(register_parameter("step", channels ? torch::ones({*channels}) : torch::ones({}))),
      observed_(register_buffer("observed", torch::zeros({}, torch::kInt64))) {}

void LsqQuantizer::check(const torch::Tensor& r) const {
  if (channels_) require_channels(name_, r, *channels_);
}

// 1 / sqrt(N qmax), N the elements that share a step: of a channel, a weight tensor, or a sample's
// activations.
float LsqQuantizer::gradient_scale(int64_t n) const {
  const double elements = static_cast<double>(std::max<int64_t>(1, n));
  return static_cast<float>(1.0 / std::sqrt(elements * full_grid_.qmax));
}

int64_t LsqQuantizer::elements_of_step(const torch::Tensor& r) const {
  int64_t parts = 1;
  if (channels_) parts = *channels_;
  if (role_ == Role::kActivations && r.dim() > 0) parts = r.size(0);
  return r.numel() / std::max<int64_t>(1, parts);
}

RoundClampForm LsqQuantizer::form(int64_t elements) {
  const torch::Tensor s = positive_scale_ste(step_, {1.0F, gradient_scale(elements)});
  const Grid present = clip_at_ceiling(full_grid_, ceiling_, s);
  return {s, strict_law(present, ScaleGradient::kStep), present};
}

IntTensor LsqQuantizer::forward(const torch::Tensor& r) {
  check(r);
  if (!initialized()) {
    if (!is_training()) throw_not_initialized(name_);
    observe(r);
  }
  const RoundClampForm present = form(elements_of_step(r));
  return {round_clamp_ste(r, present.s, present.law), present.s, present.grid};
}

std::optional<RoundClampForm> LsqQuantizer::round_clamp_form(int64_t sample_size) {
  if (!initialized()) return std::nullopt;
  return form(sample_size);
}

IntTensor LsqQuantizer::to_int(const torch::Tensor& r) const {
  check(r);
  return exact_codes(name_, r, scale(), grid());
}

torch::Tensor LsqQuantizer::scale() const {
  if (!initialized()) throw_not_initialized(name_);
  return positive_scale(step_, {});
}

Grid LsqQuantizer::grid() const {
  return ceiling_ ? clip_at_ceiling(full_grid_, ceiling_, scale()) : full_grid_;
}

torch::Tensor LsqQuantizer::start_of(const torch::Tensor& clipped) const {
  const bool by_channel = channels_.has_value();
  if (!start_) return mean_magnitude(clipped, by_channel) * (2.0 / std::sqrt(full_grid_.qmax));
  // The positive end of signed activations may be half a step beyond the last code, as in
  // uniform_activation_quantizer.h.
  const bool half = role_ == Role::kActivations && full_grid_.kind == GridKind::kSigned;
  const double steps = full_grid_.qmax + (half ? 0.5 : 0.0);
  return clip_of(*start_, clipped, steps, by_channel) / steps;
}

bool LsqQuantizer::start_at_clip_of(ObserverKind kind) {
  start_ = kind;
  return true;
}

void LsqQuantizer::observe(const torch::Tensor& r) {
  const torch::NoGradGuard no_grad;
  check(r);
  require_finite(r, name_, "values");
  const bool rectified = full_grid_.kind == GridKind::kUnsigned;
  torch::Tensor clipped = rectified ? r.clamp_min(0.0) : r;
  if (ceiling_) clipped = clipped.clamp_max(*ceiling_);
  const torch::Tensor start = start_of(clipped);
  const int64_t before = role_ == Role::kWeights ? 0 : observed_.item<int64_t>();
  if (before > 0 && start_ == ObserverKind::kMinMax) {
    step_.copy_(torch::maximum(step_, start));
  } else {
    step_.mul_(static_cast<double>(before) / static_cast<double>(before + 1)).add_(start / (before + 1));
  }
  observed_.fill_(before + 1);
}

bool LsqQuantizer::initialized() const {
  return observed_.item<int64_t>() > 0;
}

}  // namespace intact
