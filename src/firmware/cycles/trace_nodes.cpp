#include "firmware/cycles/trace_nodes.h"

#include "firmware/cycles/trace_calls.h"
#include "firmware/job_file.h"
#include "firmware/temporary_folder.h"

namespace intact {

std::vector<CallCycles> trace_nodes(Core core, std::span<const std::uint8_t> blob,
                                    const std::vector<std::uint8_t>& input, std::size_t nodes,
                                    int stall_seconds) {
  const TemporaryFolder folder;
  write_job(folder.path(), blob, std::span(&input, 1), 0, input.size());
  return trace_calls(core, firmware_path(core), folder.path(), "intact_run_node", nodes, stall_seconds);
}

}  // namespace intact
