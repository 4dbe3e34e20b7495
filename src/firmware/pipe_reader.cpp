#include "firmware/pipe_reader.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>

#include "core/error.h"

namespace intact {

PipeReader::PipeReader(const std::filesystem::path& pipe) {
  if (mkfifo(pipe.c_str(), 0600) != 0) throw Error("cannot make the pipe " + pipe.string());
  fd_ = open(pipe.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  if (fd_ < 0) throw Error("cannot open the pipe " + pipe.string());
}

PipeReader::~PipeReader() {
  close(fd_);
}

PipeReader::Outcome PipeReader::read_some(std::span<std::uint8_t>& to, ChildProcess& writer,
                                          int stall_seconds) {
  using Clock = std::chrono::steady_clock;
  const Clock::time_point start = Clock::now();
  bool writer_ended = false;
  for (;;) {
    const ssize_t n = ::read(fd_, to.data(), to.size());
    if (n > 0) {
      to = to.first(static_cast<std::size_t>(n));
      return Outcome::kRead;
    }
    // Nothing to read: the pipe is empty, was closed, or has not been opened yet by the writer.
    if (writer_ended) return Outcome::kEnded;
    writer_ended = writer.poll().has_value();
    if (writer_ended) continue;  // what it wrote last is read once more
    if (Clock::now() - start > std::chrono::seconds(stall_seconds)) return Outcome::kStalled;
    pollfd wait{fd_, POLLIN, 0};
    ::poll(&wait, 1, 20);
    if ((wait.revents & (POLLIN | POLLHUP)) == POLLHUP) writer.wait(0.02);  // closed: it is about to end
  }
}

PipeReader::Outcome PipeReader::read(std::span<std::uint8_t> to, ChildProcess& writer, int stall_seconds) {
  while (!to.empty()) {
    std::span<std::uint8_t> got = to;
    if (const Outcome outcome = read_some(got, writer, stall_seconds); outcome != Outcome::kRead)
      return outcome;
    to = to.subspan(got.size());
  }
  return Outcome::kRead;
}

}  // namespace intact
