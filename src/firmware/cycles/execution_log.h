// Reads the log that QEMU writes with `-d in_asm,exec,nochain`: each block of code when it is translated, and
// each execution of a block.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace intact {

// A straight run of instructions: only the last one may leave it.
struct ExecutedBlock {
  std::uint32_t first, last;  // addresses of the first and the last instruction
  bool operator==(const ExecutedBlock&) const = default;
};

class ExecutionLog {
 public:
  using Sink = std::function<void(const ExecutedBlock&)>;

  // `sink` gets the executed blocks in order.
  explicit ExecutionLog(Sink sink) : sink_(std::move(sink)) {}

  // The next part of the log; it may end in mid-line. Throws Error where a block is executed whose
  // instructions were not logged.
  void append(std::string_view text);
  // The log ends.
  void finish();

 private:
  void line(std::string_view text);
  void emit();

  Sink sink_;
  std::string rest_;  // the beginning of a line
  bool in_listing_ = false;
  bool listing_empty_ = true;
  std::uint32_t listed_ = 0;                               // first instruction of the listing
  std::unordered_map<std::uint32_t, std::uint32_t> last_;  // of the block that begins at an address
  std::optional<std::uint32_t> entered_;  // not yet known to have been executed: QEMU may stop before it
};

}  // namespace intact
