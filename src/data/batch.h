// Order of an epoch and assembly of a batch, as functions of (seed, epoch, sample) alone.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "data/dataset.h"

namespace intact {

// A permutation of 0 .. n - 1 (Fisher-Yates).
std::vector<std::int32_t> epoch_order(std::size_t n, std::uint64_t seed, std::uint64_t epoch);

// Writes indices.size() augmented images (NHWC) and labels. fill: the byte that stands for real 0 (the
// input's zero point).
void assemble_batch(const Dataset& data, std::span<const std::int32_t> indices, const AugmentConfig& augment,
                    std::uint8_t fill, std::uint64_t seed, std::uint64_t epoch, std::uint8_t* images,
                    std::int64_t* labels);

}  // namespace intact
