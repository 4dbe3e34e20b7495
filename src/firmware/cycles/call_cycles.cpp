#include "firmware/cycles/call_cycles.h"

#include "core/error.h"

namespace intact {

CallCycleCounter::CallCycleCounter(const ElfImage& image, const std::string& function,
                                   const CortexM4Timing& timing)
    : image_(image), function_(image.function(function)), timing_(timing) {}

ThumbInstruction CallCycleCounter::instruction(std::uint32_t address) const {
  const std::uint16_t first = image_.halfword(address);
  return decode_thumb(first, thumb_bytes(first) == 4 ? image_.halfword(address + 2) : std::uint16_t{0});
}

const CallCycleCounter::Priced& CallCycleCounter::priced(const ExecutedBlock& block) {
  const std::uint64_t key = std::uint64_t{block.first} << 32 | block.last;
  if (const auto found = blocks_.find(key); found != blocks_.end()) return found->second;
  Priced p{};
  ThumbInstruction previous;
  std::uint32_t address = block.first;
  for (bool leaves = false; address <= block.last; ++p.instructions) {
    if (leaves) throw Error("QEMU's log has a branch in the middle of a block");
    const ThumbInstruction i = instruction(address);
    if (p.instructions == 0) p.first = i;
    p.cycles += static_cast<std::uint64_t>(cycles_of(i, p.instructions == 0 ? nullptr : &previous, timing_));
    previous = i;
    leaves = i.leaves;
    address += i.bytes;
  }
  p.last = previous;
  p.end = address;
  return blocks_.emplace(key, p).first->second;
}

void CallCycleCounter::add(const ExecutedBlock& block) {
  const std::uint32_t address = block.first;
  const bool straight = before_ != nullptr && before_->end == address;
  if (inside_) {
    if (!straight && (before_ == nullptr || !before_->last.leaves))
      throw Error("the flow leaves a block that does not end in a branch: an exception?");
    if (!straight) call_.cycles += static_cast<std::uint64_t>(timing_.refill);
    if (address == return_address_) {
      calls_.push_back(call_);
      inside_ = false;
    }
  } else if (address == function_) {
    if (before_ == nullptr) throw Error("the first block is the function itself");
    return_address_ = before_->end;
    call_ = {};
    inside_ = true;
  }
  if (!inside_) {
    before_ = &priced(block);
    return;
  }
  const Priced& p = priced(block);
  call_.instructions += p.instructions;
  call_.cycles += p.cycles;
  if (straight) {  // the block goes on where the one before ended
    call_.cycles += static_cast<std::uint64_t>(cycles_of(p.first, &before_->last, timing_));
    call_.cycles -= static_cast<std::uint64_t>(cycles_of(p.first, nullptr, timing_));
  }
  before_ = &p;
}

}  // namespace intact
