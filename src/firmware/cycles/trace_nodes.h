// Modelled cycles of a network's nodes.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "firmware/cycles/call_cycles.h"
#include "firmware/qemu_runner.h"

namespace intact {

// The nodes of a valid blob in one run on `input`. steps: the node of each step of a run, all nodes in it.
// Throws as run_on_core does.
std::vector<CallCycles> trace_nodes(Core core, std::span<const std::uint8_t> blob,
                                    const std::vector<std::uint8_t>& input,
                                    std::span<const std::uint32_t> steps, int stall_seconds);

}  // namespace intact
