/* From the sums of points to packed codes, without storing results. With t = 1/3 modulo 2^32, far = m3 + m4,
 * near = m1 + m2, fo = m3 - m4, no = m1 - m2 (mve_winograd8.c), 3 t = 1 and far = 2 m3 - fo:
 *   8 acc2 = -4 t near + 8 t m3 - 4 t fo     8 acc0 = 8 acc2 - far + 2 m0 = 8 acc2 + 2 (m0 - m3) + fo
 *   8 acc1 = -4 t no + 2 t fo                8 acc3 = 8 acc1 + 2 fo + 8 m5
 * each times S. The codes of a column's rows are collected as in mve_quantize_words.c, where VSRI leaves a
 * word in the register of the newest result: so two channels exchange the registers of words and others.
 *
 * Written in assembly because all eight vector registers and all core registers are in use. */
#include "../intact_isa.h"
#include "mve_winograd8.h"

#if INTACT_ISA_MVE

void intact_winograd8_factors(uint32_t k, uint32_t factors[6]) {
  const uint32_t third = 0xaaaaaaabu, s = 1u << (k - INTACT_WINOGRAD8_EXTRA_BITS - 1);
  factors[0] = 0u - 4 * third * s;
  factors[1] = 8 * third * s;
  factors[2] = s;
  factors[3] = 2 * s;
  factors[4] = 2 * third * s;
  factors[5] = 8 * s;
}

#define NAKED __attribute__((naked))

/* r2, r3 = multiplier and addend; r11 = align. */
#define CODE(Q, ALIGN, N, WORD) \
  "vqdmulh.s32 " Q ", " Q       \
  ", r2\n"                      \
  "vqadd.s32 " Q ", " Q ", r3\n" ALIGN(Q) "vsri.32 " Q ", " WORD ", #" N "\n"

#define BY_R11(Q) "vqshl.s32 " Q ", r11\n"
#define NOTHING(Q) ""

/* clang-format off */
/* One channel, its sums at r0 + AT (points 32 bytes apart), start in r4, factors in r5 to r10. A to D are
 * free, W0 to W3 the words so far; they end up in D, B, A, C. */
#define CHANNEL(N, ALIGN, M0, M1, M2, M3, M4, M5, A, B, C, D, W0, W1, W2, W3) \
  "ldm r1!, {r2, r3, r4}\n" \
  "vldrw.u32 " B ", [r0, #" M1 "]\n" \
  "vldrw.u32 " C ", [r0, #" M2 "]\n" \
  "vadd.i32 " B ", " B ", r4\n" \
  "vsub.i32 " D ", " B ", " C "\n" \
  "vadd.i32 " A ", " B ", " C "\n" \
  "vldrw.u32 " B ", [r0, #" M3 "]\n" \
  "vstrw.32 " D ", [r0, #" M1 "]\n" \
  "vldrw.u32 " C ", [r0, #" M4 "]\n" \
  "vmul.i32 " A ", " A ", r5\n" \
  "vsub.i32 " C ", " B ", " C "\n" \
  "vmla.s32 " A ", " B ", r6\n" \
  "vldrw.u32 " D ", [r0, #" M0 "]\n" \
  "vsub.i32 " D ", " D ", " B "\n" \
  "vmla.s32 " A ", " C ", r5\n" \
  "vldrw.u32 " B ", [r0, #" M1 "]\n" \
  "vmul.i32 " D ", " D ", r8\n" \
  "vmla.s32 " D ", " C ", r7\n" \
  "vadd.i32 " D ", " D ", " A "\n" \
  CODE(D, ALIGN, N, W0) \
  CODE(A, ALIGN, N, W2) \
  "vldrw.u32 " W0 ", [r0, #" M5 "]\n" \
  "vmul.i32 " B ", " B ", r5\n" \
  "vmla.s32 " B ", " C ", r9\n" \
  "vmul.i32 " C ", " C ", r8\n" \
  "vadd.i32 " C ", " C ", " B "\n" \
  "vmla.s32 " C ", " W0 ", r10\n" \
  CODE(B, ALIGN, N, W1) \
  CODE(C, ALIGN, N, W3)

#define STORE(STORED, W) \
  "vpst\n" \
  STORED " " W ", [r2, q0]\n"

#define NEXT(COLUMN) \
  "cmp r4, #" COLUMN "\n" \
  "ble 3f\n" \
  "add r2, r2, r3\n"

/* r12 = the job. Tiles outside, pairs of channels inside (lr left). DOWN takes the words' codes, N bits
 * each, from their top to their bottom. */
#define PACK(N, ALIGN, DOWN, STORED) \
  "push {r4-r11, lr}\n" \
  "vpush {d8-d15}\n" \
  "mov r12, r0\n" \
  "ldr r1, [r0, #48]\n" \
  "vmsr p0, r1\n" \
  "ldr r11, [r0, #32]\n" \
  "ldr r0, [r12, #0]\n" \
  "1:\n" \
  "ldr r1, [r12, #4]\n" \
  "add r2, r12, #8\n" \
  "ldm r2, {r5-r10}\n" \
  "mov r2, #4\n" \
  "dls lr, r2\n" \
  "2:\n" \
  CHANNEL(N, ALIGN, "0", "32", "64", "96", "128", "160", "q0", "q1", "q2", "q3", "q4", "q5", "q6", "q7") \
  CHANNEL(N, ALIGN, "16", "48", "80", "112", "144", "176", "q6", "q5", "q7", "q4", "q3", "q1", "q0", "q2") \
  "add r0, r0, #192\n" \
  "le lr, 2b\n" \
  "vldrw.u32 q0, [r12, #64]\n" \
  "ldrd r4, r5, [r12, #40]\n" \
  "vdup.32 q1, r5\n" \
  "ldrd r2, r3, [r12, #52]\n" \
  "add r5, r2, r3, lsl #2\n" \
  "str r5, [r12, #52]\n" \
  "veor q4, q4, q1\n" \
  "veor q5, q5, q1\n" \
  "veor q6, q6, q1\n" \
  "veor q7, q7, q1\n" \
  DOWN \
  STORE(STORED, "q4") NEXT("1") \
  STORE(STORED, "q5") NEXT("2") \
  STORE(STORED, "q6") NEXT("3") \
  STORE(STORED, "q7") \
  "3:\n" \
  "ldr r2, [r12, #36]\n" \
  "subs r2, r2, #1\n" \
  "str r2, [r12, #36]\n" \
  "bne 1b\n" \
  "str r0, [r12, #0]\n" \
  "vpop {d8-d15}\n" \
  "pop {r4-r11, pc}\n"

#define DOWN_BY(BITS) \
  "vshr.u32 q4, q4, #" BITS "\n" \
  "vshr.u32 q5, q5, #" BITS "\n" \
  "vshr.u32 q6, q6, #" BITS "\n" \
  "vshr.u32 q7, q7, #" BITS "\n"
/* clang-format on */

NAKED void intact_winograd8_nibbles(intact_winograd8_pack* job __attribute__((unused))) {
  __asm__ volatile(PACK("4", BY_R11, "", "vstrwt.32"));
}

NAKED void intact_winograd8_crumbs(intact_winograd8_pack* job __attribute__((unused))) {
  __asm__ volatile(PACK("2", BY_R11, DOWN_BY("16"), "vstrht.32"));
}

NAKED void intact_winograd8_signs(intact_winograd8_pack* job __attribute__((unused))) {
  __asm__ volatile(PACK("1", NOTHING, DOWN_BY("24"), "vstrbt.32"));
}

#endif
