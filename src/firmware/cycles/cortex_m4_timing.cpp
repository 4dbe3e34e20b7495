#include "firmware/cycles/cortex_m4_timing.h"

#include "core/error.h"

namespace intact {
namespace {

using Kind = ThumbInstruction::Kind;

bool computes(Kind kind) {
  return kind == Kind::kProcessing || kind == Kind::kDivision || kind == Kind::kSpecial;
}

// The wait for an address that comes from the instruction right before.
int address_stall(const ThumbInstruction& instruction, const ThumbInstruction* previous) {
  return previous != nullptr && computes(previous->kind) &&
                 (previous->results & instruction.address_registers) != 0
             ? 1
             : 0;
}

// Its address phase runs in the data phase of the load before.
bool overlaps(const ThumbInstruction& instruction, const ThumbInstruction* previous) {
  return previous != nullptr && previous->kind == Kind::kLoad &&
         (previous->results & instruction.address_registers) == 0;
}

}  // namespace

int cycles_of(const ThumbInstruction& instruction, const ThumbInstruction* previous,
              const CortexM4Timing& timing) {
  switch (instruction.kind) {
    case Kind::kProcessing:
    case Kind::kBranch:
      return 1;
    case Kind::kDivision:
      return timing.division;
    case Kind::kLoad:
      return (overlaps(instruction, previous) ? 1 : 2) + address_stall(instruction, previous);
    case Kind::kStore:
      return (instruction.register_offset && !overlaps(instruction, previous) ? 2 : 1) +
             address_stall(instruction, previous);
    case Kind::kDual:
    case Kind::kMultiple:
      return 1 + instruction.words + address_stall(instruction, previous);
    case Kind::kTableBranch:
      return 2 + address_stall(instruction, previous);
    case Kind::kIfThen:
      return previous != nullptr && previous->bytes == 2 ? 0 : 1;
    case Kind::kSpecial:
      return timing.special;
    case Kind::kInstructionBarrier:
      return 1 + timing.refill;
    case Kind::kUnknown:
      break;
  }
  throw Error("the Cortex-M4's timing model does not know an instruction that was executed");
}

}  // namespace intact
