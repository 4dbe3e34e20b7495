#include "firmware/qemu_machine.h"

#include <cstdlib>
#include <filesystem>
#include <initializer_list>

#include "core/error.h"
#include "firmware/child_process.h"

namespace intact {

namespace {

QemuMachine cortex_m(const char* name, const char* instruction_set, const std::string& machine) {
  return {name,
          std::string(instruction_set) + ", QEMU " + machine,
          "qemu-system-arm",
          "qemu-system-arm",
          "gcc-arm-none-eabi",
          {"-M", machine}};
}

}  // namespace

const QemuMachine& machine_of(Core core) {
  static const QemuMachine machines[] = {
      cortex_m("cortex-m0", "Armv6-M code", "mps2-an385"),
      cortex_m("cortex-m3", "Armv7-M", "mps2-an385"),
      cortex_m("cortex-m4", "Armv7E-M", "mps2-an386"),
      cortex_m("cortex-m7", "Armv7E-M", "mps2-an500"),
      cortex_m("cortex-m33", "Armv8-M Mainline with DSP", "mps2-an505"),
      cortex_m("cortex-m55", "Armv8.1-M with integer vectors (MVE)", "mps3-an547"),
      {"rv32",
       "RV32IM, QEMU virt",
       "qemu-system-riscv32",
       "qemu-system-misc",
       "gcc-riscv64-unknown-elf",
       {"-M", "virt", "-m", "64M", "-bios", "none"}},
  };
  return machines[static_cast<int>(core)];
}

namespace {

std::vector<std::string> run_with(Core core, const std::string& elf,
                                  std::initializer_list<const char*> options) {
  const QemuMachine& machine = machine_of(core);
  std::vector<std::string> line{machine.program};
  line.insert(line.end(), machine.arguments.begin(), machine.arguments.end());
  for (const char* a : {"-display", "none", "-monitor", "none", "-serial", "none", "-parallel", "none",
                        "-semihosting-config", "enable=on,target=native"})
    line.emplace_back(a);
  line.insert(line.end(), options.begin(), options.end());
  line.insert(line.end(), {"-kernel", elf});
  return line;
}

}  // namespace

std::vector<std::string> command_line(Core core, const std::string& elf) {
  // shift=0: one instruction a nanosecond of the machine's time, so that its clocks count instructions.
  return run_with(core, elf, {"-icount", "shift=0"});
}

std::vector<std::string> traced_command_line(Core core, const std::string& elf, const std::string& log) {
  return run_with(core, elf, {"-d", "in_asm,exec,nochain", "-D", log.c_str()});
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
