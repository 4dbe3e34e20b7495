#include "quant/lsq_plus_quantizer.h"

#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "quant/dense_layout.h"
#include "quant/libtorch.h"
#include "quant/magnitude.h"
#include "quant/positive_scale.h"
#include "quant/quantizer_law.h"

namespace intact {
namespace {

constexpr const char* kName = "lsq_plus activation quantizer";

Grid checked_grid(int bits) {
  if (bits < 2) throw Error("lsq_plus has 2 to 8 bits, not " + std::to_string(bits));
  return Grid::unsigned_grid(bits);
}

float gradient_scale(const torch::Tensor& r, const Grid& grid) {
  const int64_t samples = r.dim() > 0 ? std::max<int64_t>(1, r.size(0)) : 1;
  const double n = static_cast<double>(std::max<int64_t>(1, r.numel() / samples));
  return static_cast<float>(1.0 / std::sqrt(n * grid.qmax));
}

}  // namespace

LsqPlusQuantizer::LsqPlusQuantizer(int bits)
    : full_grid_(checked_grid(bits)),
      step_(register_parameter("step", torch::ones({}))),
      beta_(register_parameter("beta", torch::zeros({}))),
      observed_(register_buffer("observed", torch::zeros({}, torch::kInt64))) {}

IntTensor LsqPlusQuantizer::forward(const torch::Tensor& r) {
  if (!initialized()) {
    if (!is_training()) throw_not_initialized(kName);
    observe(r);
  }
  const float g = gradient_scale(r, full_grid_);
  const torch::Tensor s = positive_scale_ste(step_, {1.0F, g});
  const Grid present = grid();
  torch::Tensor v = round_clamp_ste(r, s, strict_law(present, ScaleGradient::kStep));
  if (torch::GradMode::is_enabled()) {
    const torch::Tensor u = r.detach() / s.detach();
    const torch::Tensor beyond = u.le(present.qmin - present.z).logical_or(u.ge(present.qmax - present.z));
    v = v + beyond.to(torch::kFloat32) *
                ((beta_ - beta_.detach()) * g / s.detach());  // adds 0, with beta's gradient
  }
  return {v, s, present};
}

IntTensor LsqPlusQuantizer::to_int(const torch::Tensor& r) const {
  return exact_codes(kName, r, scale(), grid());
}

torch::Tensor LsqPlusQuantizer::scale() const {
  if (!initialized()) throw_not_initialized(kName);
  return positive_scale(step_.detach(), {});
}

Grid LsqPlusQuantizer::grid() const {
  Grid grid = full_grid_;
  const float z = std::nearbyint(-beta_.item<float>() / scale().item<float>());
  grid.z = static_cast<std::int32_t>(std::clamp(z, 0.0F, static_cast<float>(grid.qmax)));
  return grid;
}

void LsqPlusQuantizer::observe(const torch::Tensor& r) {
  const torch::NoGradGuard no_grad;
  require_finite(r, kName, "values");
  const auto [low, high] = torch::aminmax(dense(r, false).detach());
  const torch::Tensor beta = low.clamp_max(0.0);
  const torch::Tensor step = (high.clamp_min(0.0) - beta) / full_grid_.qmax;
  const auto before = static_cast<double>(observed_.item<int64_t>());
  step_.mul_(before / (before + 1)).add_(step / (before + 1));
  beta_.mul_(before / (before + 1)).add_(beta / (before + 1));
  observed_.add_(1);
}

bool LsqPlusQuantizer::initialized() const {
  return observed_.item<int64_t>() > 0;
}

}  // namespace intact
