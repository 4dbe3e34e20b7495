#include "firmware/cycles/execution_log.h"

#include <charconv>

#include "core/error.h"

namespace intact {
namespace {

// The hexadecimal number in front.
std::optional<std::uint32_t> hexadecimal(std::string_view text) {
  std::uint64_t x = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), x, 16);
  if (error != std::errc() || end == text.data() || x > UINT32_MAX) return std::nullopt;
  return static_cast<std::uint32_t>(x);
}

// "Trace 0: 0x7f... [cs_base/pc/flags/cflags] symbol"
std::optional<std::uint32_t> traced_address(std::string_view text) {
  const std::size_t bracket = text.find('[');
  if (bracket == std::string_view::npos) return std::nullopt;
  const std::size_t slash = text.find('/', bracket);
  if (slash == std::string_view::npos) return std::nullopt;
  return hexadecimal(text.substr(slash + 1));
}

}  // namespace

void ExecutionLog::append(std::string_view text) {
  for (std::size_t end; (end = text.find('\n')) != std::string_view::npos; text.remove_prefix(end + 1)) {
    if (rest_.empty()) {
      line(text.substr(0, end));
    } else {
      rest_.append(text.substr(0, end));
      line(rest_);
      rest_.clear();
    }
  }
  rest_.append(text);
}

void ExecutionLog::finish() {
  emit();
}

void ExecutionLog::emit() {
  if (!entered_) return;
  const auto last = last_.find(*entered_);
  if (last == last_.end())
    throw Error("QEMU's log does not list the instructions at address " + std::to_string(*entered_) +
                ": was it built without a disassembler?");
  const ExecutedBlock block{*entered_, last->second};
  entered_.reset();
  sink_(block);
}

void ExecutionLog::line(std::string_view text) {
  if (text.starts_with("Trace ")) {
    emit();
    in_listing_ = false;
    entered_ = traced_address(text);
    if (!entered_) throw Error("cannot read QEMU's log: " + std::string(text));
  } else if (text.starts_with("IN:")) {
    emit();  // what was entered before ran as it was listed before
    in_listing_ = listing_empty_ = true;
  } else if (in_listing_ && text.starts_with("0x")) {
    const auto address = hexadecimal(text.substr(2));
    if (!address) throw Error("cannot read QEMU's log: " + std::string(text));
    if (listing_empty_) listed_ = *address;
    listing_empty_ = false;
    last_[listed_] = *address;
  } else if (text.starts_with("Stopped execution")) {
    entered_.reset();
  }
}

}  // namespace intact
