#include "firmware/result_stream.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>

#include "core/error.h"

namespace intact {

ResultStream::ResultStream(const std::filesystem::path& pipe) {
  if (mkfifo(pipe.c_str(), 0600) != 0) throw Error("cannot make the pipe " + pipe.string());
  fd_ = open(pipe.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  if (fd_ < 0) throw Error("cannot open the pipe " + pipe.string());
}

ResultStream::~ResultStream() {
  close(fd_);
}

ResultStream::Outcome ResultStream::read(std::span<std::uint8_t> to, ChildProcess& writer,
                                         int stall_seconds) {
  using Clock = std::chrono::steady_clock;
  Clock::time_point last = Clock::now();
  bool writer_ended = false;
  while (!to.empty()) {
    const ssize_t n = ::read(fd_, to.data(), to.size());
    if (n > 0) {
      to = to.subspan(static_cast<std::size_t>(n));
      last = Clock::now();
      continue;
    }
    // Nothing to read: the pipe is empty, was closed, or has not been opened yet by the writer.
    if (writer_ended) return Outcome::kEnded;
    writer_ended = writer.poll().has_value();
    if (writer_ended) continue;  // what it wrote last is read once more
    if (Clock::now() - last > std::chrono::seconds(stall_seconds)) return Outcome::kStalled;
    pollfd wait{fd_, POLLIN, 0};
    ::poll(&wait, 1, 20);
    if ((wait.revents & (POLLIN | POLLHUP)) == POLLHUP) writer.wait(0.02);  // closed: it is about to end
  }
  return Outcome::kRead;
}

}  // namespace intact
