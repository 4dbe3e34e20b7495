// The random pieces that a random graph is put together from.
#pragma once

#include <cstdint>
#include <vector>

#include "core/random.h"
#include "integer/graph.h"
#include "tests/support/random_graph.h"

namespace intact::test {

// Uniform in low .. high, both included.
int between(RandomStream& rng, int low, int high);
bool chance(RandomStream& rng, double probability);
// Uniform in [low, high).
double real_between(RandomStream& rng, double low, double high);

template <typename T>
const T& pick(RandomStream& rng, const std::vector<T>& from) {
  return from[rng.below(static_cast<std::uint32_t>(from.size()))];
}

// 1 .. most, favouring the sides of word and byte boundaries.
int random_channels(RandomStream& rng, int most);

Grid random_activation_grid(RandomStream& rng, const RandomGraphOptions& options);
Grid random_weight_grid(RandomStream& rng, const RandomGraphOptions& options);

// `channels` rows of `taps` codes. extreme: some rows all at one end, all zero (not bipolar) or with a single
// tap.
std::vector<std::int8_t> random_weights(RandomStream& rng, const Grid& grid, int channels, std::int64_t taps,
                                        bool extreme);

// A window that fits over `in`. Pooling: no dilation, padding below the kernel.
Window random_window(RandomStream& rng, const Shape& in, bool pooling, bool dilation);

// A window whose output has the input's height and width; its padding may be uneven.
Window random_same_window(RandomStream& rng, bool dilation);

Shape output_shape(const Shape& in, const Window& window, int channels);

}  // namespace intact::test
