#include "nn/requantize_tensor.h"

#include <ATen/Parallel.h>
#include "quant/libtorch.h"

#include <algorithm>

#include "core/error.h"
#include "nn/lanes.h"
#include "quant/target_clones.h"

namespace intact {
namespace {

constexpr std::int64_t kGrain = 16384;  // elements worth a thread

// Of `lanes` elements, by lane (lanes.h): element i of each run of `lanes` has m[i],
// b[i].
struct Law {
  std::int64_t lanes;
  const std::int32_t *m, *b;
  int k, r;
  std::int32_t m_res, qmin, qmax, z;
};

// acc 2^k fits an int32, and so does t: ARITHMETIC section 3; its parts are added modulo 2^32. C++20 defines
// >> of negative integers as floor division.
template <bool kResidual, bool kBipolar, typename T>
[[gnu::always_inline]] inline void requantize_run(const Law& law, const T* __restrict acc,
                                                  const float* __restrict res, float* __restrict y,
                                                  std::int64_t n) {
  const Law q = law;
  for (std::int64_t i = 0; i < n; ++i) {
    const auto scaled =
        static_cast<std::int32_t>(static_cast<std::uint32_t>(static_cast<std::int32_t>(acc[i])) << q.k);
    auto sum = static_cast<std::uint32_t>((std::int64_t{scaled} * q.m[i]) >> 32) +
               static_cast<std::uint32_t>(q.b[i]);
    if constexpr (kResidual)
      sum +=
          static_cast<std::uint32_t>(static_cast<std::int32_t>(res[i])) * static_cast<std::uint32_t>(q.m_res);
    const auto t = static_cast<std::int32_t>(sum);
    if constexpr (kBipolar) {
      y[i] = t >= 0 ? 1.0F : -1.0F;
    } else {
      std::int32_t code = t >> q.r;
      code = code < q.qmin ? q.qmin : code;
      code = code > q.qmax ? q.qmax : code;
      y[i] = static_cast<float>(code - q.z);
    }
  }
}

template <bool kResidual, bool kBipolar, typename T>
[[gnu::always_inline]] inline void requantize_runs(const Law& law, const T* acc, const float* res, float* y,
                                                   std::int64_t count) {
  for (std::int64_t i = 0; i < count; i += law.lanes) {
    requantize_run<kResidual, kBipolar>(law, acc + i, kResidual ? res + i : nullptr, y + i,
                                        std::min(law.lanes, count - i));
  }
}

INTACT_TARGET_CLONES
void runs_of_floats(const Law& q, const float* acc, float* y, std::int64_t count) {
  requantize_runs<false, false>(q, acc, nullptr, y, count);
}

INTACT_TARGET_CLONES
void runs_of_floats_residual(const Law& q, const float* acc, const float* res, float* y, std::int64_t count) {
  requantize_runs<true, false>(q, acc, res, y, count);
}

// Rarer: binary outputs, and sums beyond float32.
void requantize_elements(const Law& q, bool bipolar, const float* acc, const float* res, float* y,
                         std::int64_t count) {
  if (bipolar) {
    res ? requantize_runs<true, true>(q, acc, res, y, count)
        : requantize_runs<false, true>(q, acc, res, y, count);
  } else {
    res ? runs_of_floats_residual(q, acc, res, y, count) : runs_of_floats(q, acc, y, count);
  }
}

void requantize_elements(const Law& q, bool bipolar, const double* acc, const float* res, float* y,
                         std::int64_t count) {
  if (bipolar) {
    res ? requantize_runs<true, true>(q, acc, res, y, count)
        : requantize_runs<false, true>(q, acc, res, y, count);
  } else {
    res ? requantize_runs<true, false>(q, acc, res, y, count)
        : requantize_runs<false, false>(q, acc, res, y, count);
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
  if (pixels == 0) return y.permute({0, 3, 1, 2});
  const std::int64_t lanes = lanes_for(channels);
  const std::vector<std::int32_t> m = by_lane<std::int32_t>(q.m, lanes),
                                  b = by_lane<std::int32_t>(q.b, lanes);
  const Law law{lanes, m.data(), b.data(), q.k, q.r, q.m_res, out.qmin, out.qmax, out.z};
  const bool bipolar = out.kind == GridKind::kBipolar;
  const float* r = res.defined() ? res.data_ptr<float>() : nullptr;
  float* to = y.data_ptr<float>();
  const std::int64_t runs = (a.numel() + lanes - 1) / lanes;
  at::parallel_for(0, runs, std::max<std::int64_t>(1, kGrain / lanes),
                   [&](std::int64_t first, std::int64_t last) {
                     const std::int64_t at = first * lanes, count = std::min(last * lanes, a.numel()) - at;
                     const auto requantize_from = [&](const auto* from) {
                       requantize_elements(law, bipolar, from + at, r ? r + at : nullptr, to + at, count);
                     };
                     if (a.scalar_type() == torch::kFloat64) {
                       requantize_from(a.data_ptr<double>());
                     } else {
                       requantize_from(a.data_ptr<float>());
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
