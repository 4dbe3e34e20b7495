// Encodings as the GNU assembler writes them.
#include "firmware/cycles/thumb_instruction.h"

#include <gtest/gtest.h>

#include <initializer_list>

namespace intact::testing {
namespace {

using Kind = ThumbInstruction::Kind;

constexpr unsigned kSp = 13, kLr = 14;

std::uint16_t registers(std::initializer_list<unsigned> list) {
  unsigned mask = 0;
  for (const unsigned r : list) mask |= 1U << r;
  return static_cast<std::uint16_t>(mask);
}

struct Case {
  const char* text;
  std::uint16_t first, second;
  Kind kind;
  int bytes, words;
  bool register_offset, leaves;
  std::initializer_list<unsigned> address, results;
};

TEST(ThumbInstruction, Decoded) {
  const Case cases[] = {
      {"adds r2, r3, #1", 0x1c5a, 0, Kind::kProcessing, 2, 0, false, false, {}, {2}},
      {"cmp r0, #5", 0x2805, 0, Kind::kProcessing, 2, 0, false, false, {}, {}},
      {"muls r3, r4", 0x4363, 0, Kind::kProcessing, 2, 0, false, false, {}, {3}},
      {"tst r3, r4", 0x4223, 0, Kind::kProcessing, 2, 0, false, false, {}, {}},
      {"mov r9, r1", 0x4689, 0, Kind::kProcessing, 2, 0, false, false, {}, {9}},
      {"mov pc, r1", 0x468f, 0, Kind::kBranch, 2, 0, false, true, {}, {}},
      {"bx lr", 0x4770, 0, Kind::kBranch, 2, 0, false, true, {}, {}},
      {"blx r3", 0x4798, 0, Kind::kBranch, 2, 0, false, true, {}, {kLr}},
      {"ldr r3, [pc, #16]", 0x4b04, 0, Kind::kLoad, 2, 0, false, false, {}, {3}},
      {"ldrsb r1, [r2, r3]", 0x56d1, 0, Kind::kLoad, 2, 0, true, false, {2, 3}, {1}},
      {"strb r1, [r2, r3]", 0x54d1, 0, Kind::kStore, 2, 0, true, false, {2, 3}, {}},
      {"ldrb r1, [r2, #3]", 0x78d1, 0, Kind::kLoad, 2, 0, false, false, {2}, {1}},
      {"strh r1, [r2, #4]", 0x8091, 0, Kind::kStore, 2, 0, false, false, {2}, {}},
      {"ldr r4, [sp, #8]", 0x9c02, 0, Kind::kLoad, 2, 0, false, false, {kSp}, {4}},
      {"add r5, sp, #4", 0xad01, 0, Kind::kProcessing, 2, 0, false, false, {}, {5}},
      {"sub sp, #8", 0xb082, 0, Kind::kProcessing, 2, 0, false, false, {}, {kSp}},
      {"cbnz r1, .+10", 0xb919, 0, Kind::kBranch, 2, 0, false, true, {}, {}},
      {"uxtb r1, r2", 0xb2d1, 0, Kind::kProcessing, 2, 0, false, false, {}, {1}},
      {"rev r1, r2", 0xba11, 0, Kind::kProcessing, 2, 0, false, false, {}, {1}},
      {"push {r4, r5, lr}", 0xb530, 0, Kind::kMultiple, 2, 3, false, false, {kSp}, {kSp}},
      {"pop {r4, pc}", 0xbd10, 0, Kind::kMultiple, 2, 2, false, true, {kSp}, {4, kSp}},
      {"itt eq", 0xbf04, 0, Kind::kIfThen, 2, 0, false, false, {}, {}},
      {"nop", 0xbf00, 0, Kind::kProcessing, 2, 0, false, false, {}, {}},
      {"stmia r2!, {r0, r1}", 0xc203, 0, Kind::kMultiple, 2, 2, false, false, {2}, {2}},
      {"ldmia r2, {r1, r2}", 0xca06, 0, Kind::kMultiple, 2, 2, false, false, {2}, {1, 2}},
      {"bne .-8", 0xd1fa, 0, Kind::kBranch, 2, 0, false, true, {}, {}},
      {"udf #0", 0xde00, 0, Kind::kUnknown, 2, 0, false, false, {}, {}},
      {"b .-8", 0xe7fa, 0, Kind::kBranch, 2, 0, false, true, {}, {}},
      {"stmdb sp!, {r4, r8, lr}", 0xe92d, 0x4110, Kind::kMultiple, 4, 3, false, false, {kSp}, {kSp}},
      {"ldmia.w r1!, {r2, r9}", 0xe8b1, 0x0204, Kind::kMultiple, 4, 2, false, false, {1}, {1, 2, 9}},
      {"ldrd r2, r3, [r1, #8]", 0xe9d1, 0x2302, Kind::kDual, 4, 2, false, false, {1}, {2, 3}},
      {"strd r2, r3, [r1], #8", 0xe8e1, 0x2302, Kind::kDual, 4, 2, false, false, {1}, {1}},
      {"tbb [pc, r2]", 0xe8df, 0xf002, Kind::kTableBranch, 4, 0, false, true, {2}, {}},
      {"ldrex r1, [r2]", 0xe852, 0x1f00, Kind::kLoad, 4, 0, false, false, {2}, {1}},
      {"strex r3, r1, [r2]", 0xe842, 0x1300, Kind::kStore, 4, 0, false, false, {2}, {3}},
      {"strexb r3, r1, [r2]", 0xe8c2, 0x1f43, Kind::kStore, 4, 0, false, false, {2}, {3}},
      {"pkhbt r1, r2, r3", 0xeac2, 0x0103, Kind::kProcessing, 4, 0, false, false, {}, {1}},
      {"cmp.w r8, r3", 0xebb8, 0x0f03, Kind::kProcessing, 4, 0, false, false, {}, {}},
      {"add.w r12, r12, #1", 0xf10c, 0x0c01, Kind::kProcessing, 4, 0, false, false, {}, {12}},
      {"movw r8, #1000", 0xf240, 0x38e8, Kind::kProcessing, 4, 0, false, false, {}, {8}},
      {"ssat r1, #8, r2", 0xf302, 0x0107, Kind::kProcessing, 4, 0, false, false, {}, {1}},
      {"cmp.w r0, #1024", 0xf5b0, 0x6f80, Kind::kProcessing, 4, 0, false, false, {}, {}},
      {"bl .+4", 0xf000, 0xf800, Kind::kBranch, 4, 0, false, true, {}, {kLr}},
      {"b.w .+4", 0xf000, 0xb800, Kind::kBranch, 4, 0, false, true, {}, {}},
      {"beq.w .+4", 0xf000, 0x8000, Kind::kBranch, 4, 0, false, true, {}, {}},
      {"dsb sy", 0xf3bf, 0x8f4f, Kind::kProcessing, 4, 0, false, false, {}, {}},
      {"isb sy", 0xf3bf, 0x8f6f, Kind::kInstructionBarrier, 4, 0, false, false, {}, {}},
      {"mrs r3, primask", 0xf3ef, 0x8310, Kind::kSpecial, 4, 0, false, false, {}, {3}},
      {"ldrsh.w r1, [r2, #300]", 0xf9b2, 0x112c, Kind::kLoad, 4, 0, false, false, {2}, {1}},
      {"ldr.w r1, [r2], #4", 0xf852, 0x1b04, Kind::kLoad, 4, 0, false, false, {2}, {1, 2}},
      {"ldr.w r1, [r2, #-4]", 0xf852, 0x1c04, Kind::kLoad, 4, 0, false, false, {2}, {1}},
      {"ldr.w r1, [r2, r9, lsl #2]", 0xf852, 0x1029, Kind::kLoad, 4, 0, true, false, {2, 9}, {1}},
      {"ldr.w pc, [r2, r9, lsl #2]", 0xf852, 0xf029, Kind::kLoad, 4, 0, true, true, {2, 9}, {}},
      {"ldr.w r8, [pc, #-8]", 0xf85f, 0x8008, Kind::kLoad, 4, 0, false, false, {}, {8}},
      {"strb.w r1, [r2, #1]!", 0xf802, 0x1f01, Kind::kStore, 4, 0, false, false, {2}, {2}},
      {"pld [r2]", 0xf892, 0xf000, Kind::kProcessing, 4, 0, false, false, {}, {}},
      {"sxtab16 r1, r2, r3", 0xfa22, 0xf183, Kind::kProcessing, 4, 0, false, false, {}, {1}},
      {"smlad r1, r2, r3, r4", 0xfb22, 0x4103, Kind::kProcessing, 4, 0, false, false, {}, {1}},
      {"smull r1, r2, r3, r4", 0xfb83, 0x1204, Kind::kProcessing, 4, 0, false, false, {}, {1, 2}},
      {"udiv r1, r2, r3", 0xfbb2, 0xf1f3, Kind::kDivision, 4, 0, false, false, {}, {1}},
      {"vadd.f32 s0, s1, s2", 0xee30, 0x0a81, Kind::kUnknown, 4, 0, false, false, {}, {}},
  };
  for (const Case& c : cases) {
    const ThumbInstruction i = decode_thumb(c.first, c.second);
    EXPECT_EQ(i.kind, c.kind) << c.text;
    EXPECT_EQ(i.bytes, c.bytes) << c.text;
    EXPECT_EQ(i.words, c.words) << c.text;
    EXPECT_EQ(i.register_offset, c.register_offset) << c.text;
    EXPECT_EQ(i.leaves, c.leaves) << c.text;
    EXPECT_EQ(i.address_registers, registers(c.address)) << c.text;
    EXPECT_EQ(i.results, registers(c.results)) << c.text;
  }
}

}  // namespace
}  // namespace intact::testing
