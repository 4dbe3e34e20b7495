// What quantizers have in common: grids as clips, and the checks before freeze().
#pragma once

#include <optional>
#include <string>

#include "quant/int_tensor.h"
#include "quant/quantizer.h"
#include "quant/round_clamp.h"

namespace intact {

// Gradient passes strictly within the clip, as LSQ and PACT define it: lo < r / s < hi.
RoundClampLaw strict_law(const Grid& grid, ScaleGradient gradient);

// Gradient passes wherever the clip costs no more than rounding does, lo - 1/2 <= r / s <= hi + 1/2: with a
// range that comes from the data itself, the largest value would never receive any otherwise. A clip at real
// 0 is a rectifier, whose gradient is 0 from there down: 0 < r / s.
RoundClampLaw wide_law(const Grid& grid);

// The present grid of a rectifier with a real ceiling (ReLU6): qmax = min(2^bits - 1, floor(ceiling / s +
// 1/2)), at least 1. Without ceiling, or with a scale that is not finite, the grid as it is.
Grid clip_at_ceiling(Grid grid, std::optional<double> ceiling, const torch::Tensor& s);

// What to_int() does for every quantizer with a scale: refuses values and scales that are not finite, then
// rounds.
IntTensor exact_codes(const std::string& quantizer, const torch::Tensor& r, const torch::Tensor& s,
                      const Grid& grid);

// Throws Error unless w has `channels` entries along dimension 0.
void require_channels(const std::string& quantizer, const torch::Tensor& w, int64_t channels);

// Throws Error that says to observe or train first.
[[noreturn]] void throw_not_initialized(const std::string& quantizer);

}  // namespace intact
