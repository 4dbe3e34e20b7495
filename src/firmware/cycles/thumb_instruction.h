// What the timing of a Cortex-M4 depends on in one instruction of Armv7E-M (Arm Architecture Reference Manual
// for Armv7-M, DDI 0403, chapter A5).
#pragma once

#include <cstdint>

namespace intact {

struct ThumbInstruction {
  enum class Kind {
    kProcessing,  // data processing, multiplication, saturation, SIMD, hints
    kDivision,
    kLoad,      // of one register, exclusive ones too
    kStore,     // of one register
    kDual,      // LDRD, STRD
    kMultiple,  // LDM, STM, PUSH, POP
    kBranch,
    kTableBranch,
    kIfThen,
    kSpecial,             // MRS, MSR, CPS
    kInstructionBarrier,  // ISB
    kUnknown              // floating point, coprocessors, undefined
  };

  Kind kind = Kind::kProcessing;
  std::uint8_t bytes = 2;        // 2 or 4
  std::uint8_t words = 0;        // transferred: kDual, kMultiple
  bool register_offset = false;  // kLoad, kStore: base and index
  bool leaves = false;           // can be followed by an instruction elsewhere
  std::uint16_t address_registers =
      0;                      // loads and stores: the address is computed from; bit n: Rn. PC is none
  std::uint16_t results = 0;  // written, with the updated base; bit n: Rn
};

// `second` matters for 32-bit instructions alone.
ThumbInstruction decode_thumb(std::uint16_t first, std::uint16_t second);

// 4 where `first` begins a 32-bit instruction, else 2.
constexpr int thumb_bytes(std::uint16_t first) {
  return first >= 0xe800 ? 4 : 2;
}

}  // namespace intact
