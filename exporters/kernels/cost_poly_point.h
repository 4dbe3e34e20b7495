// Estimated instructions of the kernel poly_point, fitted to what mcu_bench counts on the Cortex-M4.
#pragma once

#include <cstdint>
#include <optional>

#include "exporters/kernels/target.h"
#include "runtime/intact_kernels.h"

namespace intact {

std::optional<double> poly_point_instructions(const intact_conv& c, Target target, std::uint64_t scratch);

}  // namespace intact
