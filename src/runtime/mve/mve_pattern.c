#include "mve_pattern.h"
#include "../intact_isa.h"

#if INTACT_ISA_MVE

#include <arm_mve.h>

/* One group of 4 channels, a: the nibbles of 16 pairs of positions. With b_c the bits and f_c = 1 - b_c,
 * pattern 0 counts the f_c, and bit c of the pattern adds b_c - f_c = e_c: a walk through the patterns that
 * changes one bit a step takes one addition for each. */
static inline void group_tables(uint8x16_t a, uint8_t* to, uint32_t entry) {
  const uint8x16_t low = vdupq_n_u8(0x11);
  const uint8x16_t b0 = vandq_u8(a, low), b1 = vandq_u8(vshrq_n_u8(a, 1), low);
  const uint8x16_t b2 = vandq_u8(vshrq_n_u8(a, 2), low), b3 = vandq_u8(vshrq_n_u8(a, 3), low);
  const uint8x16_t f0 = veorq_u8(b0, low), f1 = veorq_u8(b1, low), f2 = veorq_u8(b2, low),
                   f3 = veorq_u8(b3, low);
  const uint8x16_t e0 = vsubq_u8(b0, f0), e1 = vsubq_u8(b1, f1), e2 = vsubq_u8(b2, f2), e3 = vsubq_u8(b3, f3);
  uint8_t* const far = to + (size_t)8 * entry;
  uint8x16_t x = vaddq_u8(vaddq_u8(f0, f1), vaddq_u8(f2, f3));
  uint8x16_t y = vaddq_u8(x, e3);
#define PUT(p)                         \
  vst1q_u8(to + (size_t)(p)*entry, x); \
  vst1q_u8(far + (size_t)(p)*entry, y)
#define STEP(op, e)      \
  x = v##op##q_u8(x, e); \
  y = v##op##q_u8(y, e)
  PUT(0);
  STEP(add, e0);
  PUT(1);
  STEP(add, e1);
  PUT(3);
  STEP(sub, e0);
  PUT(2);
  STEP(add, e2);
  PUT(6);
  STEP(add, e0);
  PUT(7);
  STEP(sub, e1);
  PUT(5);
  STEP(sub, e0);
  PUT(4);
#undef PUT
#undef STEP
}

void intact_pattern_tables(const uint8_t* raw, uint32_t entry, uint32_t both, uint8_t* table) {
  uint32_t i;
  for (i = 0; i < entry; i += 16) {
    const uint8x16_t v0 = vld1q_u8(raw + i), v1 = vld1q_u8(raw + i + 16);
    group_tables(vsliq_n_u8(v0, v1, 4), table + i, entry);
    if (both) group_tables(vsriq_n_u8(v1, v0, 4), table + (size_t)16 * entry + i, entry);
  }
}

/* In assembly for the multiple load of addresses. A sum of three entries is at most 12 in each half of a
 * byte; over all sums x of three, H = sum(x >> 4) is the upper half's total and S = sum(x) modulo 256, so
 * that the lower half's is S - 16 H. */
#define NAKED __attribute__((naked))

#define BEGIN                \
  "push {r4-r11, lr}\n"      \
  "vpush {d8-d15}\n"         \
  "ldrd r1, r2, [r0, #0]\n"  \
  "ldrd r3, r10, [r0, #8]\n" \
  "ldr r11, [r0, #16]\n"     \
  "1:\n"                     \
  "dls lr, r2\n"

#define END           \
  "add r1, r1, r11\n" \
  "subs r3, r3, #1\n" \
  "bne 1b\n"          \
  "vpop {d8-d15}\n"   \
  "pop {r4-r11, pc}\n"

void NAKED intact_pattern_one(intact_pattern_job* job __attribute__((unused))) {
  __asm__ volatile(BEGIN
                   "vmov.i8 q0, #0\n"
                   "vmov.i8 q1, #0\n"
                   "2:\n"
                   "ldm r1!, {r4-r9}\n"
                   "vldrb.u8 q2, [r4]\n"
                   "vldrb.u8 q3, [r5]\n"
                   "vadd.i8 q2, q2, q3\n"
                   "vldrb.u8 q4, [r6]\n"
                   "vadd.i8 q2, q2, q4\n"
                   "vldrb.u8 q5, [r7]\n"
                   "vadd.i8 q0, q0, q2\n"
                   "vldrb.u8 q6, [r8]\n"
                   "vshr.u8 q2, q2, #4\n"
                   "vadd.i8 q5, q5, q6\n"
                   "vldrb.u8 q7, [r9]\n"
                   "vadd.i8 q1, q1, q2\n"
                   "vadd.i8 q5, q5, q7\n"
                   "vadd.i8 q0, q0, q5\n"
                   "vshr.u8 q5, q5, #4\n"
                   "vadd.i8 q1, q1, q5\n"
                   "le lr, 2b\n"
                   "vshl.i8 q2, q1, #4\n"
                   "vsub.i8 q0, q0, q2\n"
                   "vstrb.8 q0, [r10], #16\n"
                   "vstrb.8 q1, [r10], #16\n" END);
}

#define THREE(A, B, C, D)    \
  "vldrb.u8 q4, [" A         \
  "]\n"                      \
  "vldrb.u8 q6, [" B         \
  "]\n"                      \
  "vldrb.u8 q5, [" A ", #" D \
  "]\n"                      \
  "vadd.i8 q4, q4, q6\n"     \
  "vldrb.u8 q7, [" B ", #" D \
  "]\n"                      \
  "vldrb.u8 q6, [" C         \
  "]\n"                      \
  "vadd.i8 q5, q5, q7\n"     \
  "vldrb.u8 q7, [" C ", #" D \
  "]\n"                      \
  "vadd.i8 q4, q4, q6\n"     \
  "vadd.i8 q5, q5, q7\n"     \
  "vadd.i8 q0, q0, q4\n"     \
  "vshr.u8 q4, q4, #4\n"     \
  "vadd.i8 q2, q2, q5\n"     \
  "vshr.u8 q5, q5, #4\n"     \
  "vadd.i8 q1, q1, q4\n"     \
  "vadd.i8 q3, q3, q5\n"

#define TWO(D) \
  BEGIN        \
  "vmov.i8 q0, #0\n"                                                 \
  "vmov.i8 q1, #0\n"                                                 \
  "vmov.i8 q2, #0\n"                                                 \
  "vmov.i8 q3, #0\n"                                                 \
  "2:\n"                                                             \
  "ldm r1!, {r4-r9}\n" THREE("r4", "r5", "r6", D) THREE("r7", "r8", "r9", D) \
  "le lr, 2b\n"                                                      \
  "vshl.i8 q4, q1, #4\n"                                             \
  "vsub.i8 q0, q0, q4\n"                                             \
  "vshl.i8 q5, q3, #4\n"                                             \
  "vsub.i8 q2, q2, q5\n"                                             \
  "vstrb.8 q0, [r10], #16\n"                                         \
  "vstrb.8 q1, [r10], #16\n"                                         \
  "vstrb.8 q2, [r10], #16\n"                                         \
  "vstrb.8 q3, [r10], #16\n" END

void NAKED intact_pattern_two32(intact_pattern_job* job __attribute__((unused))) {
  __asm__ volatile(TWO("32"));
}

void NAKED intact_pattern_two36(intact_pattern_job* job __attribute__((unused))) {
  __asm__ volatile(TWO("36"));
}

#endif
