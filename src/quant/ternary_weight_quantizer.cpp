#include "quant/ternary_weight_quantizer.h"

#include <vector>

#include "core/error.h"
#include "quant/libtorch.h"
#include "quant/magnitude.h"
#include "quant/positive_scale.h"
#include "quant/quantizer_law.h"

namespace intact {
namespace {

constexpr const char* kName = "ternary weight quantizer";
constexpr double kThreshold = 0.7;

// Per-channel values along dimension 0 of w.
torch::Tensor spread(const torch::Tensor& per_channel, const torch::Tensor& w) {
  if (per_channel.dim() == 0) return per_channel;
  std::vector<int64_t> shape(static_cast<std::size_t>(w.dim()), 1);
  shape[0] = w.size(0);
  return per_channel.view(shape);
}

// Means are of magnitudes in double (mean_magnitude), so that thread counts change nothing: the mean beyond
// delta is the ratio of two means over all weights, of |w| where it is beyond and of 1 where it is.
IntTensor ternarize(const torch::Tensor& w, bool by_channel) {
  const torch::NoGradGuard no_grad;
  const torch::Tensor delta = mean_magnitude(w, by_channel) * kThreshold;
  const torch::Tensor beyond = w.abs().gt(spread(delta, w)).to(torch::kFloat32);
  const torch::Tensor share = mean_magnitude(beyond, by_channel);
  const torch::Tensor mean =
      mean_magnitude(w * beyond, by_channel) / torch::where(share.eq(0), torch::ones_like(share), share);
  return {torch::sign(w) * beyond, positive_scale(mean, {}), Grid::weight_grid(2)};
}

}  // namespace

IntTensor TernaryWeightQuantizer::forward(const torch::Tensor& w) {
  if (channels_) require_channels(kName, w, *channels_);
  IntTensor q = ternarize(w.detach(), channels_.has_value());
  const torch::Tensor u = w / spread(q.s, w);
  q.v = q.v + (u - u.detach());  // adds 0, with u's gradient
  return q;
}

IntTensor TernaryWeightQuantizer::to_int(const torch::Tensor& w) const {
  if (channels_) require_channels(kName, w, *channels_);
  require_finite(w, kName, "values");
  return ternarize(w.detach(), channels_.has_value());
}

torch::Tensor TernaryWeightQuantizer::scale() const {
  throw Error(std::string(kName) + ": the scale is that of the weights at hand; use to_int(w).s");
}

}  // namespace intact
