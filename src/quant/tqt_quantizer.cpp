#include "quant/tqt_quantizer.h"

#include <torch/autograd.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "quant/magnitude.h"

namespace intact {
namespace {

constexpr const char* kName = "tqt quantizer";
constexpr float kFarthest = 20.0F;  // s stays within 2^-20 .. 2^20

float power_of_two(float l, int shift) {
  if (std::isnan(l)) return l;
  const float exponent = std::clamp(std::ceil(l) - static_cast<float>(shift), -kFarthest, kFarthest);
  return std::ldexp(1.0F, static_cast<int>(exponent));
}

torch::Tensor powers(const torch::Tensor& l, int shift) {
  torch::Tensor s = torch::empty_like(l);
  for (int64_t i = 0; i < l.numel(); ++i)
    s.data_ptr<float>()[i] = power_of_two(l.data_ptr<float>()[i], shift);
  return s;
}

// s of l, straight through the ceiling: ds/dl = s ln 2.
class PowersFunction : public torch::autograd::Function<PowersFunction> {
 public:
  static torch::Tensor forward(torch::autograd::AutogradContext* context, const torch::Tensor& l, int shift) {
    torch::Tensor s = powers(l, shift);
    context->save_for_backward({s});
    return s;
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list grads) {
    return {grads[0] * context->get_saved_variables()[0] * std::numbers::ln2, torch::Tensor()};
  }
};

int shift_of(const Grid& grid) {
  return grid.kind == GridKind::kUnsigned ? grid.bits : grid.bits - 1;
}

RoundClampLaw law_of(const Grid& grid) {
  RoundClampLaw law = wide_law(grid);
  law.scale_gradient = ScaleGradient::kStep;
  law.fixed_ceiling = strict_law(grid, ScaleGradient::kStep).fixed_ceiling;
  return law;
}

}  // namespace

TqtQuantizer::TqtQuantizer(const Grid& grid, std::optional<int64_t> channels, std::optional<double> ceiling)
    : full_grid_(grid),
      channels_(channels),
      ceiling_(ceiling),
      threshold_(register_parameter("threshold", channels ? torch::zeros({*channels}) : torch::zeros({}))),
      observed_(register_buffer("observed", torch::zeros({}, torch::kInt64))) {}

void TqtQuantizer::check(const torch::Tensor& r) const {
  if (channels_) require_channels(kName, r, *channels_);
}

RoundClampForm TqtQuantizer::form() {
  const torch::Tensor s = PowersFunction::apply(threshold_, shift_of(full_grid_));
  const Grid present = clip_at_ceiling(full_grid_, ceiling_, s);
  return {s, law_of(present), present};
}

IntTensor TqtQuantizer::forward(const torch::Tensor& r) {
  check(r);
  if (!initialized()) {
    if (!is_training()) throw_not_initialized(kName);
    observe(r);
  }
  const RoundClampForm present = form();
  return {round_clamp_ste(r, present.s, present.law), present.s, present.grid};
}

std::optional<RoundClampForm> TqtQuantizer::round_clamp_form(int64_t /*sample_size*/) {
  if (!initialized()) return std::nullopt;
  return form();
}

IntTensor TqtQuantizer::to_int(const torch::Tensor& r) const {
  check(r);
  return exact_codes(kName, r, scale(), grid());
}

torch::Tensor TqtQuantizer::scale() const {
  if (!initialized()) throw_not_initialized(kName);
  const torch::NoGradGuard no_grad;
  return powers(threshold_, shift_of(full_grid_));
}

Grid TqtQuantizer::grid() const {
  return ceiling_ ? clip_at_ceiling(full_grid_, ceiling_, scale()) : full_grid_;
}

void TqtQuantizer::observe(const torch::Tensor& r) {
  const torch::NoGradGuard no_grad;
  check(r);
  require_finite(r, kName, "values");
  torch::Tensor clipped = full_grid_.kind == GridKind::kUnsigned ? r.clamp_min(0.0) : r;
  if (ceiling_) clipped = clipped.clamp_max(*ceiling_);
  const torch::Tensor step =
      mean_magnitude(clipped, channels_.has_value()) * (2.0 / std::sqrt(full_grid_.qmax));
  // Half an octave down: the ceiling adds half an octave on average.
  const torch::Tensor start =
      step.clamp_min(0x1p-20).log2() + static_cast<double>(shift_of(full_grid_)) - 0.5;
  const int64_t before = channels_ ? 0 : observed_.item<int64_t>();
  threshold_.mul_(static_cast<double>(before) / static_cast<double>(before + 1)).add_(start / (before + 1));
  observed_.fill_(before + 1);
}

bool TqtQuantizer::initialized() const {
  return observed_.item<int64_t>() > 0;
}

}  // namespace intact
