#include "firmware/cycles/trace_calls.h"

#include <cstdint>
#include <span>
#include <string_view>

#include "core/error.h"
#include "firmware/emulation.h"
#include "firmware/qemu_machine.h"

namespace intact {

std::vector<CallCycles> trace_calls(Core core, const std::string& elf, const std::filesystem::path& folder,
                                    const std::string& function, std::size_t count, int stall_seconds,
                                    const CortexM4Timing& timing) {
  static constexpr const char* kLog = "execution.log";
  const std::string path = std::filesystem::absolute(elf).string();
  const ElfImage image(path);
  CallCycleCounter counter(image, function, timing);
  ExecutionLog log([&](const ExecutedBlock& block) {
    if (counter.calls().size() < count) counter.add(block);
  });
  Emulation emulation(core, traced_command_line(core, path, kLog), folder, kLog, stall_seconds);
  std::vector<std::uint8_t> buffer(1 << 20);
  while (counter.calls().size() < count) {
    std::span<std::uint8_t> got = buffer;
    if (!emulation.read_some(got)) {
      log.finish();
      break;
    }
    log.append({reinterpret_cast<const char*>(got.data()), got.size()});
  }
  if (counter.calls().size() < count)
    emulation.fail("called " + function + " " + std::to_string(counter.calls().size()) + " times, not " +
                   std::to_string(count));
  return counter.calls();
}

}  // namespace intact
