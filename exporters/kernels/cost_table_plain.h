// TABLE_PLAIN (runtime/intact_table_plain.h): whether the weights allow it, and estimated instructions.
#pragma once

#include <cstdint>
#include <optional>

#include "exporters/kernels/target.h"
#include "integer/graph.h"
#include "runtime/intact_kernels.h"

namespace intact {

// 1 where every field fits 16 bits.
std::optional<std::uint16_t> table_plain_parameter(const intact_conv& c, const Node& node);
std::optional<double> table_plain_instructions(const intact_conv& c, Target target, std::uint64_t scratch);

}  // namespace intact
