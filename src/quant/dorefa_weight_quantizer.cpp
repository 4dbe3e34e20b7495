#include "quant/dorefa_weight_quantizer.h"

#include <vector>

#include "core/error.h"
#include "quant/libtorch.h"
#include "quant/magnitude.h"
#include "quant/quantizer_law.h"

namespace intact {
namespace {

constexpr const char* kName = "dorefa weight quantizer";
constexpr double kSmallest = 1e-12;  // of max|tanh|: all-zero weights stay zero

}  // namespace

DorefaWeightQuantizer::DorefaWeightQuantizer(int bits, std::optional<int64_t> channels)
    : grid_(Grid::weight_grid(bits)), channels_(channels) {}

torch::Tensor DorefaWeightQuantizer::transform(const torch::Tensor& w) const {
  if (channels_) require_channels(kName, w, *channels_);
  const torch::Tensor t = torch::tanh(w);
  torch::Tensor top = max_magnitude(t.detach(), channels_.has_value()).clamp_min(kSmallest);
  if (channels_) {
    std::vector<int64_t> shape(static_cast<std::size_t>(w.dim()), 1);
    shape[0] = *channels_;
    top = top.view(shape);
  }
  return t / top;
}

torch::Tensor DorefaWeightQuantizer::scale() const {
  const auto s = static_cast<float>(1.0 / grid_.qmax);
  return channels_ ? torch::full({*channels_}, s) : torch::full({}, s);
}

IntTensor DorefaWeightQuantizer::forward(const torch::Tensor& w) {
  const torch::Tensor s = scale();
  return {round_clamp_ste(transform(w), s, wide_law(grid_)), s, grid_};
}

IntTensor DorefaWeightQuantizer::to_int(const torch::Tensor& w) const {
  require_finite(w, kName, "values");
  const torch::NoGradGuard no_grad;
  return exact_codes(kName, transform(w), scale(), grid_);
}

}  // namespace intact
