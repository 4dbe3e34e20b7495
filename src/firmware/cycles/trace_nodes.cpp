#include "firmware/cycles/trace_nodes.h"

#include <algorithm>

#include "firmware/cycles/trace_calls.h"
#include "firmware/job_file.h"
#include "firmware/temporary_folder.h"

namespace intact {

std::vector<CallCycles> trace_nodes(Core core, std::span<const std::uint8_t> blob,
                                    const std::vector<std::uint8_t>& input,
                                    std::span<const std::uint32_t> steps, int stall_seconds) {
  const TemporaryFolder folder;
  write_job(folder.path(), blob, std::span(&input, 1), 0, input.size());
  const std::vector<CallCycles> calls =
      trace_calls(core, firmware_path(core), folder.path(), "intact_run_step", steps.size(), stall_seconds);
  std::vector<CallCycles> nodes(*std::max_element(steps.begin(), steps.end()) + std::size_t{1});
  for (std::size_t i = 0; i < steps.size(); ++i) {
    nodes[steps[i]].instructions += calls.at(i).instructions;
    nodes[steps[i]].cycles += calls.at(i).cycles;
  }
  return nodes;
}

}  // namespace intact
