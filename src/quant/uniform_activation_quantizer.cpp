#include "quant/uniform_activation_quantizer.h"

#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "quant/dense_layout.h"
#include "quant/magnitude.h"
#include "quant/positive_scale.h"
#include "quant/quantizer_law.h"

namespace intact {
namespace {

constexpr const char* kName = "uniform activation quantizer";

Grid full_grid_of(int bits, UniformRange range) {
  if (range == UniformRange::kAsymmetric && bits < 2) {
    throw Error("an asymmetric range has 2 to 8 bits, not " + std::to_string(bits));
  }
  return range == UniformRange::kSigned ? Grid::signed_grid(bits) : Grid::unsigned_grid(bits);
}

}  // namespace

UniformActivationQuantizer::UniformActivationQuantizer(int bits, UniformRange range,
                                                       std::optional<double> ceiling, ObserverKind observer,
                                                       double momentum)
    : full_grid_(full_grid_of(bits, range)),
      range_(range),
      ceiling_(ceiling),
      kind_(observer),
      observer_(register_module("observer", make_observer(observer, 0, momentum))) {}

IntTensor UniformActivationQuantizer::forward(const torch::Tensor& r) {
  if (must_observe()) observe(r);
  const torch::Tensor s = scale();
  const Grid present = grid();
  return {round_clamp_ste(r, s, wide_law(present)), s, present};
}

bool UniformActivationQuantizer::must_observe() const {
  return is_training() && (observing() || !initialized());
}

std::optional<RoundClampForm> UniformActivationQuantizer::round_clamp_form(int64_t) {
  if (must_observe() || !initialized()) return std::nullopt;
  const Grid present = grid();
  return RoundClampForm{scale(), wide_law(present), present};
}

IntTensor UniformActivationQuantizer::to_int(const torch::Tensor& r) const {
  return exact_codes(kName, r, scale(), grid());
}

torch::Tensor UniformActivationQuantizer::scale() const {
  if (!initialized()) throw_not_initialized(kName);
  const torch::NoGradGuard no_grad;
  const torch::Tensor& low = observer_->low();
  const torch::Tensor& high = observer_->high();
  const float steps = static_cast<float>(full_grid_.qmax);
  switch (range_) {
    case UniformRange::kUnsigned:
      return positive_scale(high, {steps, 1.0F});
    case UniformRange::kSigned:
      return positive_scale(torch::maximum(-low, high), {steps + 0.5F, 1.0F});
    case UniformRange::kAsymmetric:
      return positive_scale(high - low, {steps, 1.0F});
  }
  throw Error(std::string(kName) + ": unknown range");
}

Grid UniformActivationQuantizer::grid() const {
  if (range_ == UniformRange::kSigned) return full_grid_;
  const torch::Tensor s = scale();
  if (range_ == UniformRange::kUnsigned) return clip_at_ceiling(full_grid_, ceiling_, s);
  Grid grid = full_grid_;
  const float z = std::nearbyint(-observer_->low().item<float>() / s.item<float>());
  grid.z = static_cast<std::int32_t>(std::clamp(z, 0.0F, static_cast<float>(full_grid_.qmax)));
  return grid;
}

// Steps of the grid from 0 to the larger of -low and high.
double UniformActivationQuantizer::steps_to_clip(const torch::Tensor& low, const torch::Tensor& high) const {
  const double steps = full_grid_.qmax;
  if (range_ == UniformRange::kSigned) return steps + 0.5;
  const double top = std::max(-low.item<double>(), high.item<double>());
  return std::max(1.0, steps * top / (high.item<double>() - low.item<double>()));
}

void UniformActivationQuantizer::observe(const torch::Tensor& r) {
  const torch::NoGradGuard no_grad;
  if (r.numel() == 0) throw Error(std::string(kName) + ": an empty batch has no range");
  auto [low, high] = torch::aminmax(dense(r, false).detach());
  if (!std::isfinite(low.item<float>()) || !std::isfinite(high.item<float>())) {
    require_finite(r, kName, "values");
  }
  if (range_ == UniformRange::kUnsigned) {
    low = torch::zeros_like(low);
    high = high.clamp_min(0.0);
    if (ceiling_) high = high.clamp_max(*ceiling_);
  } else if (range_ == UniformRange::kAsymmetric) {
    low = low.clamp_max(0.0);
    high = high.clamp_min(0.0);
  }
  if (kind_ != ObserverKind::kMinMax && kind_ != ObserverKind::kMovingAverage &&
      high.item<float>() > low.item<float>()) {
    const torch::Tensor clip =
        clip_of(kind_, r.clamp(low.item<float>(), high.item<float>()), steps_to_clip(low, high), false);
    low = torch::maximum(low, -clip);
    high = torch::minimum(high, clip);
  }
  observer_->update(low, high);
}

}  // namespace intact
