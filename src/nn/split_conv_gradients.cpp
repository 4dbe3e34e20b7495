#include "nn/split_conv_gradients.h"

#include <ATen/Parallel.h>

#include <bit>
#include <cstdint>

#include "quant/libtorch.h"
#include "quant/target_clones.h"

namespace intact {
namespace {

constexpr auto kLayout = torch::MemoryFormat::ChannelsLast;
constexpr std::int64_t kGrain = 32768;  // elements worth a thread

// To bfloat16, ties to even. NaN may become infinite; training has stopped at a loss that is not finite.
[[gnu::always_inline]] inline std::uint32_t to_bf16(float f) {
  const auto bits = std::bit_cast<std::uint32_t>(f);
  return (bits + 0x7fffU + ((bits >> 16U) & 1U)) >> 16U;
}

// Pixels of `channels` numbers into pixels of as many high parts, then as many low ones.
INTACT_TARGET_CLONES
void split(const float* g, std::uint16_t* to, std::int64_t pixels, std::int64_t channels) {
  for (std::int64_t p = 0; p < pixels; ++p, g += channels, to += 2 * channels) {
#pragma GCC ivdep
    for (std::int64_t c = 0; c < channels; ++c) {
      const std::uint32_t high = to_bf16(g[c]);
      to[c] = static_cast<std::uint16_t>(high);
      to[channels + c] = static_cast<std::uint16_t>(to_bf16(g[c] - std::bit_cast<float>(high << 16U)));
    }
  }
}

// Integers of at most 256: the lower half of their float32 is 0.
INTACT_TARGET_CLONES
void truncate(const float* from, std::uint16_t* to, std::int64_t n) {
#pragma GCC ivdep
  for (std::int64_t i = 0; i < n; ++i)
    to[i] = static_cast<std::uint16_t>(std::bit_cast<std::uint32_t>(from[i]) >> 16U);
}

std::uint16_t* halves(const torch::Tensor& t) {
  return reinterpret_cast<std::uint16_t*>(t.data_ptr<std::int16_t>());
}

torch::Tensor empty_halves(std::int64_t n) {
  return torch::empty({n}, torch::kInt16);
}

torch::Tensor exact_halves(const torch::Tensor& t) {
  const torch::Tensor from = t.contiguous(kLayout);
  torch::Tensor to = empty_halves(from.numel());
  at::parallel_for(0, from.numel(), kGrain, [&](std::int64_t begin, std::int64_t end) {
    truncate(from.data_ptr<float>() + begin, halves(to) + begin, end - begin);
  });
  return to;
}

}  // namespace

bool can_split(const OnednnConv& conv) {
  return conv.groups == 1 && onednn_has_bf16();
}

ConvGradients split_conv_gradients(const OnednnConv& conv, const torch::Tensor& x, const torch::Tensor& w,
                                   const torch::Tensor& dy, bool want_x, bool want_w) {
  // Twice the output channels: the first half meets the high parts, the second the low ones.
  OnednnConv twice = conv;
  twice.weights[0] *= 2;
  twice.target[1] *= 2;
  const torch::Tensor g = dy.contiguous(kLayout);
  const std::int64_t channels = conv.target[1], pixels = g.numel() / channels;
  const torch::Tensor parts = empty_halves(2 * g.numel());
  at::parallel_for(0, pixels, 1 + kGrain / channels, [&](std::int64_t begin, std::int64_t end) {
    split(g.data_ptr<float>() + begin * channels, halves(parts) + 2 * begin * channels, end - begin,
          channels);
  });
  ConvGradients d;
  if (want_x) {
    const torch::Tensor weights = exact_halves(w);
    d.x = onednn_backward_data_bf16(twice, parts, torch::cat({weights, weights}));
  }
  if (want_w) {
    const torch::Tensor both = onednn_backward_weights_bf16(twice, exact_halves(x), parts);
    d.w = both.slice(0, 0, channels) + both.slice(0, channels);
  }
  return d;
}

}  // namespace intact
