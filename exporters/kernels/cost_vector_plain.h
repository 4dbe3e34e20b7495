// Fully connected layers by 32-bit multiplications with packed weights: estimated instructions, fitted to
// what scripts/mcu_bench.sh counts.
#pragma once

#include <cstdint>
#include <optional>

#include "exporters/kernels/target.h"
#include "runtime/intact_kernels.h"

namespace intact {

std::optional<double> vector_plain_instructions(const intact_conv& c, Target target, std::uint64_t scratch);

}  // namespace intact
