// One emulation, and a pipe that it writes.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "firmware/child_process.h"
#include "firmware/pipe_reader.h"
#include "firmware/qemu_runner.h"

namespace intact {

class Emulation {
 public:
  // Runs `command` (qemu_machine.h) in `folder`; `pipe` is made there. Throws Error as all that follows does,
  // with what the emulator printed.
  Emulation(Core core, const std::vector<std::string>& command, const std::filesystem::path& folder,
            const std::string& pipe, int stall_seconds);

  // Fills `to` from the pipe.
  void read(std::span<std::uint8_t> to);
  std::uint32_t read_u32();
  std::uint64_t read_u64();
  // What there is in the pipe, at most to.size() bytes and at least one; `to` becomes it. False where the
  // emulation has ended with status 0.
  bool read_some(std::span<std::uint8_t>& to);

  // Waits for the end, with status 0.
  void finish();
  // "the cortex-m4 on QEMU `what`".
  [[noreturn]] void fail(const std::string& what);

 private:
  void expect_read(PipeReader::Outcome outcome);
  std::string ended();

  Core core_;
  std::filesystem::path console_;
  int stall_seconds_;
  PipeReader pipe_;
  ChildProcess process_;
};

}  // namespace intact
