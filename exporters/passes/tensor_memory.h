// Bytes that a tensor takes in the arena (FORMAT.md section 4).
#pragma once

#include <cstdint>

#include "exporters/passes/lowered.h"
#include "integer/graph.h"

namespace intact {

inline constexpr std::uint32_t kArenaAlignment = 16;

constexpr std::uint64_t align_arena(std::uint64_t bytes) {
  return (bytes + kArenaAlignment - 1) / kArenaAlignment * kArenaAlignment;
}

// One pixel's channel vector, padded to whole bytes, at 1 bit to whole 32-bit words.
std::uint32_t pixel_bytes(const TensorInfo& tensor);

// Throws Error naming the tensor when it does not stay below 2^31.
std::uint32_t tensor_bytes(const TensorInfo& tensor);

// Rows of a tensor that there is memory for, and their bytes: fewer than the whole tensor's within streams.
std::uint32_t rows_in_memory(const Lowered& lowered, std::size_t tensor);
std::uint32_t bytes_in_memory(const Lowered& lowered, std::size_t tensor);

// What FORMAT.md section 5 demands for a node: 2 kernel_h kernel_w channels_in / groups for a convolution,
// rounded up to the alignment.
std::uint32_t required_scratch(const Graph& graph, const Node& node);

}  // namespace intact
