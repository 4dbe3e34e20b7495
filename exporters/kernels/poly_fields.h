// Parameters of the polynomial kernels: widths of fields and read-outs, proved to be enough from the actual
// weights.
#pragma once

#include <cstdint>
#include <optional>

#include "integer/graph.h"
#include "runtime/intact_kernels.h"

namespace intact {

// Of INTACT_CONV_POLY_ROW: the fewest runs that keep the promise in runtime/plan_poly_row.h; nothing where no
// number of runs does.
std::optional<std::uint16_t> poly_row_parameter(const intact_conv& conv, const Node& node);

}  // namespace intact
