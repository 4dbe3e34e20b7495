// The weight layouts of FORMAT.md section 6. Each is a bijection between weights and bytes with zero padding
// bits.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "exporters/passes/lowered.h"

namespace intact {

// Extents of a convolution's weights [out][positions][in]; positions = kernel_h kernel_w, in = channels_in /
// groups.
struct WeightExtents {
  std::size_t out = 1, positions = 1, in = 1;

  std::size_t taps() const { return positions * in; }
  std::size_t count() const { return out * taps(); }
};

WeightExtents weight_extents(const Graph& graph, const Node& node);

std::size_t packed_weight_bytes(WeightLayout layout, const WeightExtents& extents, const Grid& grid);

// Throws Error when the number of weights is not extents.count(), or the layout does not take the grid.
std::vector<std::uint8_t> pack_weights(WeightLayout layout, const WeightExtents& extents, const Grid& grid,
                                       std::span<const std::int8_t> weights);

// Throws Error on a wrong length and on nonzero padding bits.
std::vector<std::int8_t> unpack_weights(WeightLayout layout, const WeightExtents& extents, const Grid& grid,
                                        std::span<const std::uint8_t> bytes);

}  // namespace intact
