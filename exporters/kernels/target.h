// The cores that a blob can be laid out for. A blob for one runs, with the same integers, on all others.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace intact {

enum class Target : std::uint8_t { kGeneric, kCortexM4, kCortexM55, kCortexM0, kRv32 };

inline constexpr std::array kAllTargets{Target::kGeneric, Target::kCortexM4, Target::kCortexM55,
                                        Target::kCortexM0, Target::kRv32};

std::string_view to_string(Target target);   // "generic", "cortex-m4", "cortex-m55", "cortex-m0", "rv32"
Target parse_target(std::string_view name);  // throws Error listing the names

// The target whose kernels suit a core of src/firmware best: Cortex-M7 and M33 have the M4's instructions,
// the Cortex-M3 has neither. Throws Error where it knows no such core.
Target target_of_core(std::string_view core);

}  // namespace intact
