// The cores that a blob can be laid out for. A blob for one runs, with the same integers, on all others.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace intact {

enum class Target : std::uint8_t { kGeneric, kCortexM4, kCortexM55, kCortexM0, kRv32, kCortexM3 };

inline constexpr std::array kAllTargets{Target::kGeneric,  Target::kCortexM4, Target::kCortexM55,
                                        Target::kCortexM0, Target::kRv32,     Target::kCortexM3};

std::string_view to_string(Target target);   // "generic" or a core's name, such as "cortex-m4"
Target parse_target(std::string_view name);  // throws Error listing the names

// The target whose kernels suit a core of src/firmware best: Cortex-M7 and M33 have the M4's instructions.
// Throws Error where it knows no such core.
Target target_of_core(std::string_view core);

}  // namespace intact
