#include "mve_pattern.h"
#include "../intact_isa.h"

#if INTACT_ISA_MVE

#include <arm_mve.h>

/* An address that the compiler does not compute anew from an earlier one: offsets from it fit the stores. */
#define KEEP(to) __asm__("" : "+r"(to))

static inline void put(uint8_t* to, uint8x16_t x) {
  vst1q_u32((uint32_t*)(void*)to, vreinterpretq_u32_u8(x));
}

/* One group of 4 channels, a: the nibbles of 16 pairs of positions. With b_c the bits and f_c = 1 - b_c,
 * pattern 0 counts the f_c, and bit c of the pattern adds b_c - f_c = e_c: from pattern p - 1 to p adds the
 * lowest set bit's e and takes away those below it, one of four vectors (`half` after 7; what follows 15 is
 * not stored). */
static inline void group_tables(uint8x16_t a, uint8_t* to, uint32_t entry) {
  const uint8x16_t low = vdupq_n_u8(0x11);
  const uint8x16_t b0 = vandq_u8(a, low), b1 = vandq_u8(vshrq_n_u8(a, 1), low);
  const uint8x16_t b2 = vandq_u8(vshrq_n_u8(a, 2), low), b3 = vandq_u8(vshrq_n_u8(a, 3), low);
  const uint8x16_t f0 = veorq_u8(b0, low), f1 = veorq_u8(b1, low), f2 = veorq_u8(b2, low),
                   f3 = veorq_u8(b3, low);
  const uint8x16_t e0 = vsubq_u8(b0, f0), e1 = vsubq_u8(b1, f1), e2 = vsubq_u8(b2, f2), e3 = vsubq_u8(b3, f3);
  const uint8x16_t e10 = vsubq_u8(e1, e0), e210 = vsubq_u8(vsubq_u8(e2, e1), e0);
  const uint8x16_t half = vsubq_u8(vsubq_u8(vsubq_u8(e3, e2), e1), e0);
  uint8x16_t x = vaddq_u8(vaddq_u8(f0, f1), vaddq_u8(f2, f3));
  uint32_t i;
#define FOUR(last)                                   \
  put(to, x);                                        \
  put(to + entry, x = vaddq_u8(x, e0));              \
  put(to + (size_t)2 * entry, x = vaddq_u8(x, e10)); \
  put(to + (size_t)3 * entry, x = vaddq_u8(x, e0));  \
  to += (size_t)4 * entry;                           \
  KEEP(to);                                          \
  x = vaddq_u8(x, last)
  for (i = 0; i < 2; ++i) {
    FOUR(e210);
    FOUR(half);
  }
#undef FOUR
}

/* The same for both groups of a byte and entries of 112 bytes (3x3 windows over rows of 32), in assembly
 * since the compiler computes an address for each store. r0 = raw, r1 = raw at the distance, r2 = table, q7 =
 * 0x11. With x = 0x44 - sum(b_c), e_0 = 2 b0 - 0x11, and for what is added later 2 (b1 - b0),  2 (b2 - (b0 +
 * b1)) + 0x11,  2 (b3 - (b0 + b1 + b2)) + 0x22. */
#define GROUP112               \
  "vand q1, q0, q7\n"          \
  "vshr.u8 q2, q0, #1\n"       \
  "vand q2, q2, q7\n"          \
  "vshr.u8 q3, q0, #2\n"       \
  "vand q3, q3, q7\n"          \
  "vshr.u8 q4, q0, #3\n"       \
  "vand q4, q4, q7\n"          \
  "vadd.i8 q5, q1, q2\n"       \
  "vsub.i8 q2, q2, q1\n"       \
  "vadd.i8 q6, q5, q3\n"       \
  "vsub.i8 q3, q3, q5\n"       \
  "vadd.i8 q1, q1, q1\n"       \
  "vadd.i8 q5, q6, q4\n"       \
  "vsub.i8 q4, q4, q6\n"       \
  "vsub.i8 q1, q1, q7\n"       \
  "vadd.i8 q4, q4, q7\n"       \
  "vmov.i8 q0, #0x44\n"        \
  "vadd.i8 q3, q3, q3\n"       \
  "vsub.i8 q0, q0, q5\n"       \
  "vadd.i8 q2, q2, q2\n"       \
  "vadd.i8 q3, q3, q7\n"       \
  "vadd.i8 q4, q4, q4\n"       \
  "add r3, r2, #448\n"         \
  "vstrw.32 q0, [r3, #-448]\n" \
  "vadd.i8 q0, q0, q1\n"       \
  "vstrw.32 q0, [r3, #-336]\n" \
  "vadd.i8 q0, q0, q2\n"       \
  "vstrw.32 q0, [r3, #-224]\n" \
  "vadd.i8 q0, q0, q1\n"       \
  "vstrw.32 q0, [r3, #-112]\n" \
  "vadd.i8 q0, q0, q3\n"       \
  "vstrw.32 q0, [r3]\n"        \
  "vadd.i8 q0, q0, q1\n"       \
  "vstrw.32 q0, [r3, #112]\n"  \
  "vadd.i8 q0, q0, q2\n"       \
  "vstrw.32 q0, [r3, #224]\n"  \
  "vadd.i8 q0, q0, q1\n"       \
  "vstrw.32 q0, [r3, #336]\n"  \
  "vadd.i8 q0, q0, q4\n"       \
  "vstrw.32 q0, [r3, #448]\n"  \
  "add r3, r2, #1344\n"        \
  "vadd.i8 q0, q0, q1\n"       \
  "vstrw.32 q0, [r3, #-336]\n" \
  "vadd.i8 q0, q0, q2\n"       \
  "vstrw.32 q0, [r3, #-224]\n" \
  "vadd.i8 q0, q0, q1\n"       \
  "vstrw.32 q0, [r3, #-112]\n" \
  "vadd.i8 q0, q0, q3\n"       \
  "vstrw.32 q0, [r3]\n"        \
  "vadd.i8 q0, q0, q1\n"       \
  "vstrw.32 q0, [r3, #112]\n"  \
  "vadd.i8 q0, q0, q2\n"       \
  "vstrw.32 q0, [r3, #224]\n"  \
  "vadd.i8 q0, q0, q1\n"       \
  "vstrw.32 q0, [r3, #336]\n"

__attribute__((naked)) static void tables112(const uint8_t* raw __attribute__((unused)),
                                             const uint8_t* far __attribute__((unused)),
                                             uint8_t* table __attribute__((unused))) {
  __asm__ volatile(
      "push {r4, lr}\n"
      "vpush {d8-d15}\n"
      "mov lr, #7\n"
      "dls lr, lr\n"
      "vmov.i8 q7, #0x11\n"
      "1:\n"
      "vldrb.u8 q0, [r0]\n"
      "vldrb.u8 q1, [r1]\n"
      "vsli.8 q0, q1, #4\n" GROUP112
      "vldrb.u8 q1, [r0], #16\n"
      "vldrb.u8 q0, [r1], #16\n"
      "vsri.8 q0, q1, #4\n"
      "add r2, r2, #1792\n" GROUP112
      "sub r2, r2, #1776\n"
      "le lr, 1b\n"
      "vpop {d8-d15}\n"
      "pop {r4, pc}\n");
}

void intact_pattern_tables(const uint8_t* raw, uint32_t distance, uint32_t entry, uint32_t both,
                           uint8_t* table) {
  uint32_t i;
  if (entry == 112 && both) {
    tables112(raw, raw + distance, table);
    return;
  }
  for (i = 0; i < entry; i += 16, raw += 16, table += 16) {
    const uint8x16_t v0 = vld1q_u8(raw), v1 = vld1q_u8(raw + distance);
    group_tables(vsliq_n_u8(v0, v1, 4), table, entry);
    if (both) group_tables(vsriq_n_u8(v1, v0, 4), table + (size_t)16 * entry, entry);
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

#define THREE(A, B, C)   \
  "vldrb.u8 q4, [" A     \
  "]\n"                  \
  "vldrb.u8 q6, [" B     \
  "]\n"                  \
  "vldrb.u8 q5, [" A     \
  ", #16]\n"             \
  "vadd.i8 q4, q4, q6\n" \
  "vldrb.u8 q7, [" B     \
  ", #16]\n"             \
  "vldrb.u8 q6, [" C     \
  "]\n"                  \
  "vadd.i8 q5, q5, q7\n" \
  "vldrb.u8 q7, [" C     \
  ", #16]\n"             \
  "vadd.i8 q4, q4, q6\n" \
  "vadd.i8 q5, q5, q7\n" \
  "vadd.i8 q0, q0, q4\n" \
  "vshr.u8 q4, q4, #4\n" \
  "vadd.i8 q2, q2, q5\n" \
  "vshr.u8 q5, q5, #4\n" \
  "vadd.i8 q1, q1, q4\n" \
  "vadd.i8 q3, q3, q5\n"

void NAKED intact_pattern_two(intact_pattern_job* job __attribute__((unused))) {
  __asm__ volatile(BEGIN
                   "vmov.i8 q0, #0\n"
                   "vmov.i8 q1, #0\n"
                   "vmov.i8 q2, #0\n"
                   "vmov.i8 q3, #0\n"
                   "2:\n"
                   "ldm r1!, {r4-r9}\n" THREE("r4", "r5", "r6") THREE("r7", "r8", "r9")
                   "le lr, 2b\n"
                   "vshl.i8 q4, q1, #4\n"
                   "vsub.i8 q0, q0, q4\n"
                   "vshl.i8 q5, q3, #4\n"
                   "vsub.i8 q2, q2, q5\n"
                   "vstrb.8 q0, [r10], #16\n"
                   "vstrb.8 q2, [r10], #16\n"
                   "vstrb.8 q1, [r10], #16\n"
                   "vstrb.8 q3, [r10], #16\n" END);
}

#endif
