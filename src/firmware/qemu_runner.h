// Runs a blob on an emulated core: the C runtime cross-compiled, on QEMU, through the harness in this folder.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/intact.h"

namespace intact {

enum class Core { kCortexM0, kCortexM3, kCortexM4, kCortexM7, kCortexM33, kCortexM55, kRv32 };

inline constexpr Core kAllCores[] = {Core::kCortexM0,  Core::kCortexM3,  Core::kCortexM4, Core::kCortexM7,
                                     Core::kCortexM33, Core::kCortexM55, Core::kRv32};

std::string_view to_string(Core core);    // "cortex-m0", "cortex-m3", ..., "rv32"
Core parse_core(std::string_view name);   // throws Error listing the names
std::string core_description(Core core);  // instruction set and machine, for reports

struct DeviceOptions {
  bool every_node = true;          // false: only the last node's output comes back
  bool count_instructions = true;  // one run of the first input, timed
  bool count_nodes = false;        // one run of the first input, each node by itself
  bool model_cycles = false;       // the same, priced with the Cortex-M4's timing; for that core alone
  bool selftest = true;            // the blob's golden vectors, on the core
  int stall_seconds = 120;         // give up when nothing came back for so long
};

struct DeviceResult {
  std::uint64_t instructions = 0;                // executed in one intact_run, exactly; the same each time
  std::vector<std::uint64_t> node_instructions;  // of each node, all its steps; empty without count_nodes
  // Of each node, after the timing in its reference manual (cycles/cortex_m4_timing.h): a model.
  // Empty without model_cycles and for other cores.
  std::vector<std::uint64_t> node_cycles;
  bool crc_ok = false;  // intact_check_crc on the core
  bool selftest_ok = false;
  intact_status selftest_status = INTACT_E_GOLDEN;  // INTACT_E_GOLDEN: the blob has none, or selftest was off
  intact_mismatch first_mismatch{};                 // with INTACT_E_MISMATCH
};

// Logical values (height, width, channel) of one node's output for one sample; samples and nodes ascend. The
// span is the runner's.
using NodeSink =
    std::function<void(std::size_t sample, std::size_t node, std::span<const std::int32_t> values)>;

// `inputs`: the input tensor's bytes, one vector a sample. Values stream back while the core runs. Throws
// Error if QEMU or the core's firmware is missing (naming the Debian package), if the runtime on the core
// refuses the blob, or if the core fails or stalls.
DeviceResult run_on_core(Core core, std::span<const std::uint8_t> blob,
                         std::span<const std::vector<std::uint8_t>> inputs, const NodeSink& sink,
                         const DeviceOptions& options = {});

// Empty if run_on_core can run this core here, else what is missing.
std::string missing_for(Core core);

// Any firmware of a core's machine: runs `elf` in `folder` until it exits, and returns what it printed.
// Throws as above, also where the exit status is not 0.
std::string run_firmware(Core core, const std::string& elf, const std::string& folder,
                         int timeout_seconds = 120);

// The cross-built harness of a core: in the folder of the environment variable INTACT_FIRMWARE_DIR, else of
// the build.
std::string firmware_path(Core core);

}  // namespace intact
