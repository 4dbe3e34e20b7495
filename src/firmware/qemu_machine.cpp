#include "firmware/qemu_machine.h"

#include <cstdlib>
#include <filesystem>

#include "core/error.h"
#include "firmware/child_process.h"

namespace intact {

const QemuMachine& machine_of(Core core) {
  static const QemuMachine machines[] = {
      {"cortex-m4",
       "Armv7E-M, QEMU mps2-an386",
       "qemu-system-arm",
       "qemu-system-arm",
       "gcc-arm-none-eabi",
       {"-M", "mps2-an386"}},
      {"cortex-m0",
       "Armv6-M code, QEMU mps2-an385",
       "qemu-system-arm",
       "qemu-system-arm",
       "gcc-arm-none-eabi",
       {"-M", "mps2-an385"}},
      {"rv32",
       "RV32IM, QEMU virt",
       "qemu-system-riscv32",
       "qemu-system-misc",
       "gcc-riscv64-unknown-elf",
       {"-M", "virt", "-m", "64M", "-bios", "none"}},
  };
  return machines[static_cast<int>(core)];
}

std::vector<std::string> command_line(Core core, const std::string& elf) {
  const QemuMachine& machine = machine_of(core);
  std::vector<std::string> line{machine.program};
  line.insert(line.end(), machine.arguments.begin(), machine.arguments.end());
  // shift=0: one instruction a nanosecond of the machine's time, so that its clocks count instructions.
  for (const char* a : {"-display", "none", "-monitor", "none", "-serial", "none", "-parallel", "none",
                        "-icount", "shift=0", "-semihosting-config", "enable=on,target=native", "-kernel"})
    line.emplace_back(a);
  line.push_back(elf);
  return line;
}

std::string missing_program(const QemuMachine& machine) {
  return machine.program + " is not in PATH: install it (Debian, Ubuntu: apt install " + machine.package +
         ")";
}

std::string_view to_string(Core core) {
  return machine_of(core).name;
}

std::string core_description(Core core) {
  return machine_of(core).description;
}

Core parse_core(std::string_view name) {
  std::string names;
  for (const Core core : kAllCores) {
    if (to_string(core) == name) return core;
    names += (names.empty() ? "" : ", ") + std::string(to_string(core));
  }
  throw Error("no core is called '" + std::string(name) + "': take one of " + names);
}

std::string firmware_path(Core core) {
  const char* folder = std::getenv("INTACT_FIRMWARE_DIR");
  const std::filesystem::path in = folder != nullptr && *folder != '\0' ? folder : INTACT_FIRMWARE_DIR;
  return (in / ("intact-" + machine_of(core).name + ".elf")).string();
}

std::string missing_for(Core core) {
  const QemuMachine& machine = machine_of(core);
  if (find_in_path(machine.program).empty()) return missing_program(machine);
  const std::string elf = firmware_path(core);
  if (!std::filesystem::is_regular_file(elf))
    return "there is no firmware " + elf + ": install the cross compiler (Debian, Ubuntu: apt install " +
           machine.compiler_package + ") and build again, or set INTACT_FIRMWARE_DIR";
  return "";
}

}  // namespace intact
