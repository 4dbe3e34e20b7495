// Reads what the emulator writes into a named pipe, while it runs: nothing is kept on disk.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>

#include "firmware/child_process.h"

namespace intact {

class PipeReader {
 public:
  // Makes the pipe and opens its reading end. Throws Error.
  explicit PipeReader(const std::filesystem::path& pipe);
  ~PipeReader();
  PipeReader(const PipeReader&) = delete;
  PipeReader& operator=(const PipeReader&) = delete;

  enum class Outcome { kRead, kEnded, kStalled };

  // Fills `to`. kEnded: the writer closed the pipe or `writer` ended before it; kStalled: nothing came for
  // `stall_seconds`.
  Outcome read(std::span<std::uint8_t> to, ChildProcess& writer, int stall_seconds);

  // Reads what is there, waiting for the first byte: `to` becomes the bytes read, at least one with kRead.
  Outcome read_some(std::span<std::uint8_t>& to, ChildProcess& writer, int stall_seconds);

 private:
  int fd_ = -1;
};

}  // namespace intact
