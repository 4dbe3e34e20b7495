// Runs a program on an emulated core and follows its execution.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "firmware/cycles/call_cycles.h"
#include "firmware/qemu_runner.h"

namespace intact {

// Runs `elf` in `folder` until `function` has returned `count` times, and prices those calls. For Cortex-M4
// code. Throws Error where it ends or stalls before.
std::vector<CallCycles> trace_calls(Core core, const std::string& elf, const std::filesystem::path& folder,
                                    const std::string& function, std::size_t count, int stall_seconds,
                                    const CortexM4Timing& timing = {});

}  // namespace intact
