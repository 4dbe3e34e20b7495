#include "firmware/cycles/thumb_instruction.h"

#include <bit>

namespace intact {
namespace {

using Kind = ThumbInstruction::Kind;

constexpr unsigned kSp = 13, kLr = 14, kPc = 15;

constexpr unsigned field(unsigned bits, int low, int width) {
  return bits >> low & ((1U << width) - 1);
}

// PC counts neither as a base (it is at hand) nor as a result (it is a branch).
constexpr std::uint16_t mask(unsigned reg) {
  return reg == kPc ? std::uint16_t{0} : static_cast<std::uint16_t>(1U << reg);
}

ThumbInstruction of(Kind kind) {
  ThumbInstruction i;
  i.kind = kind;
  return i;
}

ThumbInstruction processing(unsigned result) {
  ThumbInstruction i;
  i.results = mask(result);
  return i;
}

ThumbInstruction comparison() {
  return {};
}

ThumbInstruction branch(std::uint16_t results = 0) {
  ThumbInstruction i = of(Kind::kBranch);
  i.leaves = true;
  i.results = results;
  return i;
}

ThumbInstruction load(unsigned target, std::uint16_t address, bool register_offset = false) {
  ThumbInstruction i = of(Kind::kLoad);
  i.results = mask(target);
  i.leaves = target == kPc;
  i.address_registers = address;
  i.register_offset = register_offset;
  return i;
}

ThumbInstruction store(std::uint16_t address, bool register_offset = false) {
  ThumbInstruction i = of(Kind::kStore);
  i.address_registers = address;
  i.register_offset = register_offset;
  return i;
}

ThumbInstruction multiple(bool is_load, unsigned list, unsigned base, bool updates_base) {
  ThumbInstruction i = of(Kind::kMultiple);
  i.words = static_cast<std::uint8_t>(std::popcount(list));
  i.address_registers = mask(base);
  if (is_load) {
    i.results = static_cast<std::uint16_t>(list & ~(1U << kPc));
    i.leaves = field(list, kPc, 1) != 0;
  }
  if (updates_base) i.results |= mask(base);
  return i;
}

ThumbInstruction either(bool is_load, unsigned target, std::uint16_t address, bool register_offset = false) {
  return is_load ? load(target, address, register_offset) : store(address, register_offset);
}

// 0100xx
ThumbInstruction narrow_register(unsigned h) {
  if (field(h, 10, 1) == 0) {
    const unsigned operation = field(h, 6, 4);  // TST, CMP, CMN have no result
    const bool compares = operation == 8 || operation == 10 || operation == 11;
    return compares ? comparison() : processing(field(h, 0, 3));
  }
  const unsigned target = field(h, 7, 1) << 3 | field(h, 0, 3);
  switch (field(h, 8, 2)) {
    case 1:
      return comparison();
    case 3:  // BX, BLX
      return branch(field(h, 7, 1) != 0 ? mask(kLr) : std::uint16_t{0});
    default:  // ADD, MOV
      return target == kPc ? branch() : processing(target);
  }
}

// 1011xx
ThumbInstruction narrow_miscellaneous(unsigned h) {
  if ((h & 0xf500U) == 0xb100U) return branch();  // CBZ, CBNZ
  switch (field(h, 8, 4)) {
    case 0x0:
      return processing(kSp);  // ADD, SUB
    case 0x4:
    case 0x5:
      return multiple(false, field(h, 0, 8) | field(h, 8, 1) << kLr, kSp, true);
    case 0xc:
    case 0xd:
      return multiple(true, field(h, 0, 8) | field(h, 8, 1) << kPc, kSp, true);
    case 0x2:  // SXTH, SXTB, UXTH, UXTB
    case 0xa:  // REV, REV16, REVSH
      return processing(field(h, 0, 3));
    case 0x6:
      return of(Kind::kSpecial);  // CPS
    case 0xe:
      return comparison();  // BKPT
    case 0xf:
      return field(h, 0, 4) == 0 ? comparison() : of(Kind::kIfThen);  // hints; IT
    default:
      return of(Kind::kUnknown);
  }
}

ThumbInstruction narrow(unsigned h) {
  const unsigned low = field(h, 0, 3), middle = field(h, 8, 3);
  switch (field(h, 11, 5)) {
    case 0x00:
    case 0x01:
    case 0x02:
    case 0x03:
      return processing(low);
    case 0x05:
      return comparison();  // CMP
    case 0x04:
    case 0x06:
    case 0x07:
    case 0x14:  // ADR
    case 0x15:  // ADD of SP
      return processing(middle);
    case 0x08:
      return narrow_register(h);
    case 0x09:
      return load(middle, 0);  // literal
    case 0x0a:
    case 0x0b:
      return either(field(h, 9, 3) >= 3, low,
                    static_cast<std::uint16_t>(mask(field(h, 3, 3)) | mask(field(h, 6, 3))), true);
    case 0x0c:
    case 0x0d:
    case 0x0e:
    case 0x0f:
    case 0x10:
    case 0x11:
      return either(field(h, 11, 1) != 0, low, mask(field(h, 3, 3)));
    case 0x12:
    case 0x13:
      return either(field(h, 11, 1) != 0, middle, mask(kSp));
    case 0x16:
    case 0x17:
      return narrow_miscellaneous(h);
    case 0x18:
    case 0x19: {
      const bool is_load = field(h, 11, 1) != 0, holds_base = field(h, static_cast<int>(middle), 1) != 0;
      return multiple(is_load, field(h, 0, 8), middle, !(is_load && holds_base));
    }
    case 0x1a:
    case 0x1b:
      if (field(h, 8, 4) == 0xe) return of(Kind::kUnknown);  // UDF
      return branch();  // B with a condition; SVC, which goes elsewhere too
    default:
      return branch();  // 0x1c: B
  }
}

// 1110100: LDM, STM, LDRD, STRD, exclusive accesses, table branches
ThumbInstruction wide_multiple(unsigned a, unsigned b) {
  const unsigned base = field(a, 0, 4), target = field(b, 12, 4), second_target = field(b, 8, 4);
  const bool is_load = field(a, 4, 1) != 0, before = field(a, 8, 1) != 0, updates_base = field(a, 5, 1) != 0;
  if (field(a, 6, 1) == 0) return multiple(is_load, b, base, updates_base);
  if (before || updates_base) {
    ThumbInstruction i = of(Kind::kDual);
    i.words = 2;
    i.address_registers = mask(base);
    if (is_load) i.results = static_cast<std::uint16_t>(mask(target) | mask(second_target));
    if (updates_base) i.results |= mask(base);
    return i;
  }
  if ((a & 0xfff0U) == 0xe8d0U && (b & 0xffe0U) == 0xf000U) {  // TBB, TBH
    ThumbInstruction i = of(Kind::kTableBranch);
    i.leaves = true;
    i.address_registers = static_cast<std::uint16_t>(mask(base) | mask(field(b, 0, 4)));
    return i;
  }
  if (is_load) return load(target, mask(base));  // LDREX, LDREXB, LDREXH
  ThumbInstruction i = store(mask(base));        // STREX has a status result, in another field for bytes
  i.results = mask(field(a, 7, 1) != 0 ? field(b, 0, 4) : second_target);
  return i;
}

// 1111100: loads and stores of one register
ThumbInstruction wide_single(unsigned a, unsigned b) {
  const unsigned base = field(a, 0, 4), target = field(b, 12, 4), size = field(a, 5, 2);
  const bool is_load = field(a, 4, 1) != 0;
  if (size == 3) return of(Kind::kUnknown);
  if (is_load && target == kPc && size != 2) return comparison();  // PLD, PLI: hints
  const bool long_immediate = field(a, 7, 1) != 0 || base == kPc;
  const bool register_offset = !long_immediate && field(b, 11, 1) == 0;
  const bool updates_base = !long_immediate && !register_offset && field(b, 8, 1) != 0;
  ThumbInstruction i = either(
      is_load, target, static_cast<std::uint16_t>(mask(base) | (register_offset ? mask(field(b, 0, 4)) : 0)),
      register_offset);
  if (updates_base) i.results |= mask(base);
  return i;
}

// 11110 with the second halfword's bit 15: branches and control
ThumbInstruction wide_control(unsigned a, unsigned b) {
  const unsigned kind = field(b, 12, 3);
  if ((kind & 5U) == 5U) return branch(mask(kLr));  // BL
  if ((kind & 5U) == 1U) return branch();
  if ((kind & 5U) != 0) return of(Kind::kUnknown);
  if (field(a, 7, 3) != 7) return branch();  // with a condition
  switch (field(a, 4, 7)) {
    case 0x38:
    case 0x39:
      return of(Kind::kSpecial);  // MSR
    case 0x3e:
    case 0x3f: {
      ThumbInstruction i = of(Kind::kSpecial);  // MRS
      i.results = mask(field(b, 8, 4));
      return i;
    }
    case 0x3a:
      return comparison();  // hints
    case 0x3b:              // barriers
      return field(b, 4, 4) == 6 ? of(Kind::kInstructionBarrier) : comparison();
    default:
      return of(Kind::kUnknown);
  }
}

// 1111101 and 1111011: register operands
ThumbInstruction wide_register(unsigned a, unsigned b) {
  const unsigned result = field(b, 8, 4);
  if (field(a, 8, 1) == 0) return processing(result);  // shifts, extensions, SIMD, CLZ, RBIT, SEL
  if (field(a, 7, 1) == 0) return processing(result);  // products of 32 bits
  if ((a & 0xffd0U) == 0xfb90U) {
    ThumbInstruction i = processing(result);
    i.kind = Kind::kDivision;
    return i;
  }
  ThumbInstruction i = processing(result);  // products of 64 bits
  i.results |= mask(field(b, 12, 4));
  return i;
}

ThumbInstruction wide(unsigned a, unsigned b) {
  const unsigned result = field(b, 8, 4);
  switch (field(a, 9, 7)) {
    case 0x74:  // 1110100
      return wide_multiple(a, b);
    case 0x75:  // 1110101: shifted registers; TST, TEQ, CMP and CMN name PC
      return processing(result);
    case 0x78:
    case 0x79:
    case 0x7a:
    case 0x7b:  // 11110: immediates, where comparisons name PC too
      return field(b, 15, 1) != 0 ? wide_control(a, b) : processing(result);
    case 0x7c:  // 1111100
      return wide_single(a, b);
    case 0x7d:  // 1111101
      return wide_register(a, b);
    default:
      return of(Kind::kUnknown);
  }
}

}  // namespace

ThumbInstruction decode_thumb(std::uint16_t first, std::uint16_t second) {
  const int bytes = thumb_bytes(first);
  ThumbInstruction i = bytes == 4 ? wide(first, second) : narrow(first);
  i.bytes = static_cast<std::uint8_t>(bytes);
  return i;
}

}  // namespace intact
