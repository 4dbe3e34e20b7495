// Reads result.bin (job.h) while the emulator writes it: a named pipe, so that nothing is kept on disk.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

#include "firmware/child_process.h"

namespace intact {

class ResultStream {
 public:
  // Makes the pipe and opens its reading end. Throws Error.
  explicit ResultStream(const std::filesystem::path& pipe);
  ~ResultStream();
  ResultStream(const ResultStream&) = delete;
  ResultStream& operator=(const ResultStream&) = delete;

  enum class Outcome { kRead, kEnded, kStalled };

  // Fills `to`. kEnded: the writer closed the pipe or `writer` ended before it; kStalled: nothing came for
  // `stall_seconds`.
  Outcome read(std::span<std::uint8_t> to, ChildProcess& writer, int stall_seconds);

 private:
  int fd_ = -1;
};

}  // namespace intact
