#include "quant/uniform_weight_quantizer.h"

#include "core/error.h"
#include "quant/magnitude.h"
#include "quant/positive_scale.h"
#include "quant/quantizer_law.h"

namespace intact {
namespace {

constexpr const char* kName = "uniform weight quantizer";
constexpr double kMomentum = 0.1;

}  // namespace

UniformWeightQuantizer::UniformWeightQuantizer(int bits, std::optional<int64_t> channels,
                                               ObserverKind observer)
    : grid_(Grid::weight_grid(bits)), channels_(channels), kind_(observer) {
  if (observer != ObserverKind::kMinMax) {
    observer_ = register_module("observer", make_observer(observer, channels.value_or(0), kMomentum));
  }
}

torch::Tensor UniformWeightQuantizer::scale_of(const torch::Tensor& w) const {
  if (channels_) require_channels(kName, w, *channels_);
  if (observer_) return scale();
  return positive_scale(max_magnitude(w, channels_.has_value()), {static_cast<float>(grid_.qmax), 1.0F});
}

IntTensor UniformWeightQuantizer::forward(const torch::Tensor& w) {
  if (observer_ && is_training() && (observing() || !initialized())) observe(w);
  const torch::Tensor s = scale_of(w);
  return {round_clamp_ste(w, s, wide_law(grid_)), s, grid_};
}

IntTensor UniformWeightQuantizer::to_int(const torch::Tensor& w) const {
  return exact_codes(kName, w, scale_of(w), grid_);
}

torch::Tensor UniformWeightQuantizer::scale() const {
  if (!observer_)
    throw Error(std::string(kName) +
                ": with min_max the scale is that of the weights at hand; use to_int(w).s");
  if (!initialized()) throw_not_initialized(kName);
  return positive_scale(observer_->high(), {static_cast<float>(grid_.qmax), 1.0F});
}

void UniformWeightQuantizer::observe(const torch::Tensor& w) {
  if (!observer_) return;
  if (channels_) require_channels(kName, w, *channels_);
  require_finite(w, kName, "values");
  const torch::Tensor high = clip_of(kind_, w, grid_.qmax, channels_.has_value());
  observer_->update(-high, high);
}

bool UniformWeightQuantizer::initialized() const {
  return !observer_ || observer_->initialized();
}

}  // namespace intact
