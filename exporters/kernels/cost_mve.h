// Estimated instructions of the kernels for Armv8.1-M with MVE, fitted to what scripts/mcu_bench.sh counts.
#pragma once

#include <cstdint>
#include <optional>

#include "exporters/kernels/target.h"
#include "integer/graph.h"
#include "runtime/intact_kernels.h"

namespace intact {

std::optional<double> direct8_instructions(const intact_conv& c, Target target, std::uint64_t scratch);
std::optional<double> depthwise8_instructions(const intact_conv& c, Target target, std::uint64_t scratch);
// 0 for weights of at most 4 bits; 1 for those of 8 where every transformed kernel row fits signed bytes.
std::optional<std::uint16_t> winograd8_parameter(const intact_conv& c, const Node& node);
std::optional<double> winograd8_instructions(const intact_conv& c, Target target, std::uint64_t scratch);
std::optional<double> pattern_instructions(const intact_conv& c, Target target, std::uint64_t scratch);

std::optional<double> vector8_instructions(const intact_conv& c, Target target, std::uint64_t scratch);

}  // namespace intact
