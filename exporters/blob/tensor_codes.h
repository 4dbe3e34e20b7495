// A tensor's logical values to its bytes in the arena and back (FORMAT.md section 4).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "integer/graph.h"

namespace intact {

// values: height, width, channel. Throws Error when there are not shape.elements() of them.
std::vector<std::uint8_t> pack_tensor(const TensorInfo& tensor, std::span<const std::int32_t> values);

// Throws Error when there are not tensor_bytes(tensor) bytes. Padding bits are ignored.
std::vector<std::int32_t> unpack_tensor(const TensorInfo& tensor, std::span<const std::uint8_t> bytes);

}  // namespace intact
