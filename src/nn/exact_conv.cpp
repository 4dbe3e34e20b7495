#include "nn/exact_conv.h"

#include <ATen/Parallel.h>
#include "nn/float_conv.h"
#include "quant/libtorch.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <vector>

namespace intact {
namespace {

constexpr double kFloatExact = 0x1p24;  // integers of smaller magnitude add exactly in float32

enum class Algorithm { kLibrary, kUnfold, kDouble };

// Patches times weights; its sums are plain dot products. Works in any dtype, int64 included.
torch::Tensor unfold_conv(const torch::Tensor& x, const torch::Tensor& w, const ConvGeometry& g) {
  const Window& win = g.window;
  const torch::Tensor padded = pad_input(x, g);
  const std::int64_t n = x.size(0), c = x.size(1), o = w.size(0);
  const std::int64_t oh = output_extent(static_cast<int>(x.size(2)), win.kernel_h, win.stride_h,
                                        win.dilation_h, win.pad_top, win.pad_bottom);
  const std::int64_t ow = output_extent(static_cast<int>(x.size(3)), win.kernel_w, win.stride_w,
                                        win.dilation_w, win.pad_left, win.pad_right);
  std::vector<torch::Tensor> taps;  // each [N, C, oh, ow], by kernel position
  taps.reserve(static_cast<std::size_t>(win.kernel_h * win.kernel_w));
  for (int ky = 0; ky < win.kernel_h; ++ky) {
    for (int kx = 0; kx < win.kernel_w; ++kx) {
      const std::int64_t y0 = static_cast<std::int64_t>(ky) * win.dilation_h;
      const std::int64_t x0 = static_cast<std::int64_t>(kx) * win.dilation_w;
      taps.push_back(padded.slice(2, y0, y0 + (oh - 1) * win.stride_h + 1, win.stride_h)
                         .slice(3, x0, x0 + (ow - 1) * win.stride_w + 1, win.stride_w));
    }
  }
  const std::int64_t cg = c / g.groups, k = cg * win.kernel_h * win.kernel_w;
  const torch::Tensor columns = torch::stack(taps, 2)  // [N, C, taps, oh, ow]
                                    .reshape({n, g.groups, k, oh * ow});
  const torch::Tensor rows = w.reshape({1, g.groups, o / g.groups, k});
  return torch::matmul(rows, columns).reshape({n, o, oh, ow});
}

torch::Tensor run(Algorithm algorithm, const torch::Tensor& x, const torch::Tensor& w,
                  const ConvGeometry& g) {
  switch (algorithm) {
    case Algorithm::kLibrary:
      return float_conv(x, w, g);
    case Algorithm::kUnfold:
      return unfold_conv(x, w, g).contiguous(x.suggest_memory_format());
    case Algorithm::kDouble:
      break;
  }
  return unfold_conv(x.to(torch::kFloat64), w.to(torch::kFloat64), g).contiguous(x.suggest_memory_format());
}

// Everything that a back end may choose its algorithm by.
std::vector<std::int64_t> probe_key(const torch::Tensor& x, const torch::Tensor& w, const ConvGeometry& g) {
  const Window& n = g.window;
  std::vector<std::int64_t> key{n.stride_h,
                                n.stride_w,
                                n.dilation_h,
                                n.dilation_w,
                                n.pad_top,
                                n.pad_left,
                                n.pad_bottom,
                                n.pad_right,
                                g.groups,
                                g.pad_value != 0,
                                at::get_num_threads(),
                                at::globalContext().userEnabledMkldnn(),
                                static_cast<std::int64_t>(x.device().type()),
                                x.requires_grad(),
                                w.requires_grad(),
                                static_cast<std::int64_t>(x.suggest_memory_format()),
                                static_cast<std::int64_t>(w.suggest_memory_format())};
  for (const auto& t : {x, w}) key.insert(key.end(), t.sizes().begin(), t.sizes().end());
  return key;
}

std::mutex probe_mutex;
std::map<std::vector<std::int64_t>, Algorithm> probed;
std::int64_t failed_probes = 0;

// Full amplitude with the weights at hand: activations at +-vmax or random in between, checked on some
// samples of the batch (a back end chooses by the batch's size, not sample by sample).
bool probe(Algorithm algorithm, const torch::Tensor& x, const torch::Tensor& w, const ConvGeometry& g,
           std::int64_t vmax) {
  torch::NoGradGuard no_grad;
  torch::Tensor ramp = torch::arange(x.numel(), torch::kInt64);
  ramp = (ramp * std::int64_t{2654435761} + std::int64_t{12345}) %
         (4 * vmax + 2);  // half of them beyond the range, then clamped to the ends
  const torch::Tensor amplitude = (ramp - 2 * vmax)
                                      .clamp(-vmax, vmax)
                                      .reshape(x.sizes())
                                      .to(torch::kFloat32)
                                      .contiguous(x.suggest_memory_format());
  const torch::Tensor got = run(algorithm, amplitude, w.detach(), g);
  const std::int64_t n = x.size(0), step = std::max<std::int64_t>(1, n / 6);
  for (std::int64_t i = 0; i < n; i += step) {
    const torch::Tensor want =
        unfold_conv(amplitude.slice(0, i, i + 1).to(torch::kInt64), w.detach().to(torch::kInt64), g);
    if (!torch::equal(got.slice(0, i, i + 1).to(torch::kFloat64), want.to(torch::kFloat64))) return false;
  }
  return true;
}

Algorithm choose(const torch::Tensor& x, const torch::Tensor& w, const ConvGeometry& g, std::int64_t vmax) {
  const std::vector<std::int64_t> key = probe_key(x, w, g);
  {
    std::lock_guard lock(probe_mutex);
    if (auto it = probed.find(key); it != probed.end()) return it->second;
  }
  Algorithm chosen = Algorithm::kDouble;
  std::int64_t failures = 0;
  for (Algorithm a : {Algorithm::kLibrary, Algorithm::kUnfold}) {
    if (probe(a, x, w, g, vmax)) {
      chosen = a;
      break;
    }
    ++failures;
  }
  std::lock_guard lock(probe_mutex);
  failed_probes += failures;
  return probed.emplace(key, chosen).first->second;
}

}  // namespace

torch::Tensor pad_input(const torch::Tensor& x, const ConvGeometry& g) {
  const Window& w = g.window;
  if (w.pad_top == 0 && w.pad_left == 0 && w.pad_bottom == 0 && w.pad_right == 0) return x;
  return torch::constant_pad_nd(x, {w.pad_left, w.pad_right, w.pad_top, w.pad_bottom}, g.pad_value);
}

torch::Tensor exact_conv(const torch::Tensor& x, const torch::Tensor& w, const ConvGeometry& geometry,
                         std::int64_t vmax) {
  // max_c sum |w_c|, in double: integers, exact.
  const torch::Tensor magnitude = w.detach().to(torch::kFloat64).abs();
  const double bound = magnitude.sum({1, 2, 3}).max().item<double>() * static_cast<double>(vmax);
  if (bound < kFloatExact) return run(choose(x, w, geometry, vmax), x, w, geometry);
  if (geometry.groups != 1) return run(Algorithm::kDouble, x, w, geometry);

  // Runs of input channels whose part of every sum stays below 2^24, added in float64.
  const torch::Tensor per_input = magnitude.sum({2, 3}).contiguous();  // [O, C]
  const std::int64_t channels = x.size(1);
  torch::Tensor total;
  for (std::int64_t first = 0; first < channels;) {
    torch::Tensor sums = torch::zeros({w.size(0)}, torch::kFloat64);
    std::int64_t last = first;
    while (last < channels) {
      const torch::Tensor next = sums + per_input.select(1, last);
      if (next.max().item<double>() * static_cast<double>(vmax) >= kFloatExact) break;
      sums = next;
      ++last;
    }
    const bool fits = last > first;
    if (!fits) last = first + 1;
    const torch::Tensor xs = x.slice(1, first, last).contiguous(x.suggest_memory_format());
    const torch::Tensor ws = w.slice(1, first, last).contiguous(w.suggest_memory_format());
    const Algorithm algorithm = fits ? choose(xs, ws, geometry, vmax) : Algorithm::kDouble;
    const torch::Tensor part = run(algorithm, xs, ws, geometry).to(torch::kFloat64);
    total = total.defined() ? total + part : part;
    first = last;
  }
  return total;
}

std::int64_t exact_conv_failed_probes() {
  std::lock_guard lock(probe_mutex);
  return failed_probes;
}

}  // namespace intact
