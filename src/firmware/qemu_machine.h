// The emulated machine of each core.
#pragma once

#include <string>
#include <vector>

#include "firmware/qemu_runner.h"

namespace intact {

struct QemuMachine {
  std::string name;  // of the core
  std::string description;
  std::string program;  // QEMU's
  std::string package;  // Debian's and Ubuntu's package with it
  std::string compiler_package;
  std::vector<std::string> arguments;
};

const QemuMachine& machine_of(Core core);

// QEMU's command line that runs `elf`.
std::vector<std::string> command_line(Core core, const std::string& elf);

// The same without counted time, writing the log that cycles/execution_log.h reads to the file `log`.
std::vector<std::string> traced_command_line(Core core, const std::string& elf, const std::string& log);

// What to say when `program` is not there.
std::string missing_program(const QemuMachine& machine);

}  // namespace intact
