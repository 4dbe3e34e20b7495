#pragma once

#include <torch/types.h>

namespace intact {

// Integers within a byte's range, [N, C, H, W] float32, as bytes in channels-last order (two's complement):
// 1-dim, uint8.
torch::Tensor to_bytes(const torch::Tensor& t);

}  // namespace intact
