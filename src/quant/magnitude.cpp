#include "quant/magnitude.h"

#include <ATen/Parallel.h>

#include <array>
#include <cmath>
#include <sstream>
#include <vector>

#include "core/error.h"
#include "quant/dense_layout.h"

namespace intact {
namespace {

constexpr int64_t kLanes = 8;

float max_of(const float* w, int64_t n) {
  float result = 0;
  for (int64_t i = 0; i < n; ++i) {
    const float size = std::fabs(w[i]);
    result = size > result ? size : result;
  }
  return result;
}

// Eight interleaved sums, added in order: vectorizes without changing the result.
float mean_of(const float* w, int64_t n) {
  std::array<double, kLanes> sums{};
  int64_t i = 0;
  for (; i + kLanes <= n; i += kLanes) {
    for (int64_t lane = 0; lane < kLanes; ++lane) {
      sums[static_cast<size_t>(lane)] += static_cast<double>(std::fabs(w[i + lane]));
    }
  }
  for (int64_t lane = 0; i + lane < n; ++lane) {
    sums[static_cast<size_t>(lane)] += static_cast<double>(std::fabs(w[i + lane]));
  }
  double total = 0;
  for (const double sum : sums) total += sum;
  return static_cast<float>(total / static_cast<double>(n));
}

template <class F>
torch::Tensor per_group(const torch::Tensor& weights, bool by_channel, const F& f) {
  const torch::NoGradGuard no_grad;
  const torch::Tensor w = dense(weights, by_channel).contiguous();  // one order of summation for every layout
  if (w.numel() == 0) throw Error("a quantizer was given an empty tensor");
  torch::Tensor result =
      by_channel ? torch::empty({w.size(0)}, torch::kFloat32) : torch::empty({}, torch::kFloat32);
  const float* from = w.data_ptr<float>();
  float* to = result.data_ptr<float>();
  const int64_t size = w.numel() / result.numel();
  at::parallel_for(0, result.numel(), 1 + 32768 / size, [&](int64_t begin, int64_t end) {
    for (int64_t group = begin; group < end; ++group) to[group] = f(from + group * size, size);
  });
  return result;
}

}  // namespace

torch::Tensor max_magnitude(const torch::Tensor& w, bool by_channel) {
  return per_group(w, by_channel, max_of);
}

torch::Tensor mean_magnitude(const torch::Tensor& w, bool by_channel) {
  return per_group(w, by_channel, mean_of);
}

void require_finite(const torch::Tensor& t, std::string_view quantizer, std::string_view part) {
  const torch::NoGradGuard no_grad;
  const torch::Tensor x = dense(t, false);
  const float* from = x.data_ptr<float>();
  int64_t wrong = 0;
  for (int64_t i = 0; i < x.numel(); ++i) wrong += std::isfinite(from[i]) ? 0 : 1;
  if (wrong == 0) return;

  const torch::Tensor logical = t.contiguous();
  int64_t first = 0;
  while (std::isfinite(logical.data_ptr<float>()[first])) ++first;
  std::vector<int64_t> index(static_cast<size_t>(t.dim()));
  int64_t rest = first;
  for (int64_t d = t.dim(); d-- > 0; rest /= t.size(d)) index[static_cast<size_t>(d)] = rest % t.size(d);
  std::ostringstream message;
  message << quantizer << ", " << part << ": element [";
  for (size_t d = 0; d < index.size(); ++d) message << (d == 0 ? "" : ", ") << index[d];
  message << "] is " << logical.data_ptr<float>()[first] << " (" << wrong << " of " << t.numel()
          << " are not finite): training has diverged; lower the learning rate, or resume from an earlier "
             "checkpoint";
  throw Error(message.str());
}

}  // namespace intact
