// Estimated instructions of the kernels for Armv8.1-M with MVE, fitted to what scripts/mcu_bench.sh counts.
#pragma once

#include <cstdint>
#include <optional>

#include "exporters/kernels/target.h"
#include "runtime/intact_kernels.h"

namespace intact {

std::optional<double> direct8_instructions(const intact_conv& c, Target target, std::uint64_t scratch);
std::optional<double> depthwise8_instructions(const intact_conv& c, Target target, std::uint64_t scratch);
std::optional<double> pattern_instructions(const intact_conv& c, Target target, std::uint64_t scratch);

}  // namespace intact
