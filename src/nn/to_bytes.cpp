#include "nn/to_bytes.h"

#include <ATen/Parallel.h>

#include "quant/libtorch.h"
#include "quant/target_clones.h"

namespace intact {
namespace {

constexpr std::int64_t kGrain = 65536;  // elements worth a thread

INTACT_TARGET_CLONES
void convert(const float* __restrict from, std::uint8_t* __restrict to, std::int64_t n) {
  for (std::int64_t i = 0; i < n; ++i) to[i] = static_cast<std::uint8_t>(static_cast<std::int32_t>(from[i]));
}

}  // namespace

torch::Tensor to_bytes(const torch::Tensor& t) {
  const torch::Tensor values = t.contiguous(torch::MemoryFormat::ChannelsLast);
  torch::Tensor bytes = torch::empty({values.numel()}, torch::kUInt8);
  const float* from = values.data_ptr<float>();
  std::uint8_t* to = bytes.data_ptr<std::uint8_t>();
  at::parallel_for(0, values.numel(), kGrain, [&](std::int64_t begin, std::int64_t end) {
    convert(from + begin, to + begin, end - begin);
  });
  return bytes;
}

}  // namespace intact
