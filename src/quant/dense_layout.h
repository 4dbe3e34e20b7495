// Kernels walk memory linearly, so any dense layout (contiguous, channels-last) is read as it lies and kept
// in the output.
#pragma once

#include <torch/types.h>

namespace intact {

// The tensor itself if its elements fill one block of memory and, with channels, each index of dimension 0 a
// block of its own; else a copy that does, in the memory format that the tensor suggests. Throws Error unless
// float32 on the CPU.
torch::Tensor dense(const torch::Tensor& t, bool by_channel);

// `t` in the memory layout of the dense tensor `model` (same shape), copied only if it lies otherwise.
torch::Tensor in_layout_of(const torch::Tensor& t, const torch::Tensor& model);

}  // namespace intact
