#include "nn/requantize_tensor.h"

#include <ATen/Parallel.h>
#include "quant/libtorch.h"

#include <algorithm>

#include "core/error.h"

namespace intact {
namespace {

// t -> centred output. C++20 defines >> of negative integers as floor division.
inline float to_centred(std::int32_t t, int r, const Grid& out) {
  if (out.kind == GridKind::kBipolar) return t >= 0 ? 1.0F : -1.0F;
  return static_cast<float>(std::clamp(t >> r, out.qmin, out.qmax) - out.z);
}

// One pixel-major run over [first, last) pixels of C channels each. The sum of t wraps nowhere: derivation in
// ARITHMETIC section 3.
template <typename T>
void requantize_pixels(const T* acc, const float* res, float* y, std::int64_t first, std::int64_t last,
                       std::int64_t channels, const Requantization& q, const Grid& out) {
  const bool one = q.m.size() == 1;
  for (std::int64_t p = first; p < last; ++p) {
    const std::int64_t base = p * channels;
    for (std::int64_t c = 0; c < channels; ++c) {
      const std::size_t i = one ? 0 : static_cast<std::size_t>(c);
      const std::int64_t scaled = static_cast<std::int64_t>(acc[base + c]) << q.k;
      std::int64_t t = ((scaled * q.m[i]) >> 32) + q.b[i];
      if (res != nullptr) t += static_cast<std::int64_t>(res[base + c]) * q.m_res;
      y[base + c] = to_centred(static_cast<std::int32_t>(t), q.r, out);
    }
  }
}

}  // namespace

torch::Tensor requantize(const torch::Tensor& acc, const Requantization& q, const Grid& out,
                         const torch::Tensor& v_res) {
  // Pixel-major storage: [N, H, W, C] contiguous.
  const torch::Tensor a = acc.detach().permute({0, 2, 3, 1}).contiguous();
  const torch::Tensor res =
      v_res.defined() ? v_res.detach().permute({0, 2, 3, 1}).contiguous() : torch::Tensor();
  const std::int64_t channels = a.size(3), pixels = channels == 0 ? 0 : a.numel() / channels;
  if (q.m.size() != 1 && static_cast<std::int64_t>(q.m.size()) != channels) {
    throw Error("requantize: " + std::to_string(q.m.size()) + " multipliers for " + std::to_string(channels) +
                " channels");
  }
  torch::Tensor y = torch::empty(a.sizes(), torch::kFloat32);
  const float* r = res.defined() ? res.data_ptr<float>() : nullptr;
  float* to = y.data_ptr<float>();
  const std::int64_t grain = std::max<std::int64_t>(1, 16384 / std::max<std::int64_t>(1, channels));
  at::parallel_for(0, pixels, grain, [&](std::int64_t first, std::int64_t last) {
    if (a.scalar_type() == torch::kFloat64) {
      requantize_pixels(a.data_ptr<double>(), r, to, first, last, channels, q, out);
    } else {
      requantize_pixels(a.data_ptr<float>(), r, to, first, last, channels, q, out);
    }
  });
  return y.permute({0, 3, 1, 2});
}

torch::Tensor requantized_add(const std::vector<torch::Tensor>& inputs, const Requantization& q,
                              const Grid& out) {
  torch::Tensor sum;  // |sum| < 2^31, exact in float64
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const torch::Tensor term = inputs[i].detach().to(torch::kFloat64) * static_cast<double>(q.m.at(i));
    sum = sum.defined() ? sum + term : term;
  }
  sum = sum + static_cast<double>(q.b.at(0));
  if (out.kind == GridKind::kBipolar) return torch::where(sum >= 0, 1.0, -1.0).to(torch::kFloat32);
  const torch::Tensor y =
      torch::floor(sum / static_cast<double>(1 << q.r));  // a power of two: the quotient is exact
  return (y.clamp(out.qmin, out.qmax) - out.z).to(torch::kFloat32);
}

torch::Tensor logits(const torch::Tensor& acc, const Requantization& q) {
  const torch::Tensor b = torch::tensor(std::vector<double>(q.b.begin(), q.b.end()), torch::kFloat64);
  return acc.detach().to(torch::kFloat64) + b.view({1, -1, 1, 1});
}

}  // namespace intact
