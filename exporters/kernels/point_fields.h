// Parameters of the kernels that put pixels and output channels into fields, proved from the actual weights.
#pragma once

#include <cstdint>
#include <optional>

#include "integer/graph.h"
#include "runtime/intact_kernels.h"

namespace intact {

// The largest bit pattern of the input's grid, the decoder's flip applied.
std::int64_t largest_pattern(const intact_conv& conv);

// Of INTACT_CONV_POLY_POINT: the fewest runs that keep the promise in runtime/plan_poly_point.h; nothing
// where no number of runs does.
std::optional<std::uint16_t> poly_point_parameter(const intact_conv& conv, const Node& node);

}  // namespace intact
