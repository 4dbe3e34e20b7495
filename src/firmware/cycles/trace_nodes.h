// Modelled cycles of a network's nodes.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "firmware/cycles/call_cycles.h"
#include "firmware/qemu_runner.h"

namespace intact {

// Each intact_run_node of one run on `input`, for the first `nodes` nodes of a valid blob. Throws as
// run_on_core does.
std::vector<CallCycles> trace_nodes(Core core, std::span<const std::uint8_t> blob,
                                    const std::vector<std::uint8_t>& input, std::size_t nodes,
                                    int stall_seconds);

}  // namespace intact
