#include "firmware/emulation.h"

#include <optional>

#include "core/error.h"
#include "firmware/temporary_folder.h"

namespace intact {

Emulation::Emulation(Core core, const std::vector<std::string>& command, const std::filesystem::path& folder,
                     const std::string& pipe, int stall_seconds)
    : core_(core),
      console_(folder / "console.txt"),
      stall_seconds_(stall_seconds),
      pipe_(folder / pipe),
      process_(command, folder, console_) {}

void Emulation::expect_read(PipeReader::Outcome outcome) {
  switch (outcome) {
    case PipeReader::Outcome::kRead:
      return;
    case PipeReader::Outcome::kStalled:
      process_.kill();
      fail("gave no result for " + std::to_string(stall_seconds_) + " s and was ended");
    case PipeReader::Outcome::kEnded:
      fail(ended());
  }
}

void Emulation::read(std::span<std::uint8_t> to) {
  expect_read(pipe_.read(to, process_, stall_seconds_));
}

std::uint32_t Emulation::read_u32() {
  std::uint8_t b[4];
  read(b);
  return std::uint32_t{b[0]} | std::uint32_t{b[1]} << 8 | std::uint32_t{b[2]} << 16 |
         std::uint32_t{b[3]} << 24;
}

std::uint64_t Emulation::read_u64() {
  const std::uint64_t low = read_u32();
  return low | std::uint64_t{read_u32()} << 32;
}

bool Emulation::read_some(std::span<std::uint8_t>& to) {
  const PipeReader::Outcome outcome = pipe_.read_some(to, process_, stall_seconds_);
  if (outcome == PipeReader::Outcome::kEnded && process_.wait(stall_seconds_) == 0) return false;
  expect_read(outcome);
  return true;
}

void Emulation::finish() {
  if (process_.wait(stall_seconds_) != 0) fail(ended());
}

void Emulation::fail(const std::string& what) {
  std::string text = read_text(console_);
  while (!text.empty() && text.back() == '\n') text.pop_back();
  throw Error("the " + std::string(to_string(core_)) + " on QEMU " + what +
              (text.empty() ? "" : ": " + text));
}

std::string Emulation::ended() {
  const std::optional<int> status = process_.wait(stall_seconds_);
  return status ? "ended with status " + std::to_string(*status) : "does not end";
}

}  // namespace intact
