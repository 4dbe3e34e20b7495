/* Requantization of four pixels at once into whole words of codes. With x = acc 2^(k-1), VQDMULH by a scalar
 * is floor(2 x m / 2^32), which is hi32 of ARITHMETIC section 3 (it would saturate only for x = m = -2^31;
 * |x| < 2^30). For a grid of n bits the code is bits 32 - n up of
 *   u = saturate((hi32 + b') 2^(32-n-r)),   b' = b - 2^(n-1+r) (unsigned) or b (signed),
 * since a left shift that saturates clamps to n bits and keeps floor's bits: the code less 2^(n-1) for an
 * unsigned grid, so that its top bit is flipped at the end. The addition saturates because t - 2^(n-1+r) may
 * pass below -2^31, where the code is the lowest in any case. A bipolar code is the inverted sign of t.
 * With n = 8 and r = 16, VQSHLU by 8 clamps an unsigned code without that detour.
 * VSRI then moves the collected codes down by n bits under the next channel's, until a word is full.
 *
 * Written in assembly because the compiler loads the scalars one by one where a multiple load does, and
 * because all 14 core registers are in use.
 */
#include "../intact_isa.h"
#include "mve_quantize.h"

#if INTACT_ISA_MVE

#define NAKED __attribute__((naked))

/* From r0 = job: r12 = k, r3 = align, P0 = mask, q5 = flip. The job's address is kept at [sp]. */
#define ENTER                 \
  "push {r4-r11, lr}\n"       \
  "vpush {d8-d15}\n"          \
  "sub sp, sp, #4\n"          \
  "str r0, [sp]\n"            \
  "ldrd r12, r3, [r0, #24]\n" \
  "ldr r1, [r0, #32]\n"       \
  "vmsr p0, r1\n"             \
  "ldr r1, [r0, #64]\n"       \
  "vdup.32 q5, r1\n"

#define LEAVE        \
  "add sp, sp, #4\n" \
  "vpop {d8-d15}\n"  \
  "pop {r4-r11, pc}\n"

/* Four channels (multipliers and addends in r4 to r11) of a tile of 8-bit codes: q3 = their bytes. */
#define FOUR_BYTES(SHIFT) \
  "vldrw.u32 q0, [r0], #16\n" \
  "vshl.s32 q0, r12\n"        \
  "vldrw.u32 q1, [r0], #16\n" \
  "vqdmulh.s32 q0, q0, r4\n"  \
  "vshl.s32 q1, r12\n"        \
  "vqadd.s32 q0, q0, r5\n"    \
  "vqdmulh.s32 q1, q1, r6\n"  \
  SHIFT("q0")        \
  "vldrw.u32 q2, [r0], #16\n" \
  "vqadd.s32 q1, q1, r7\n"    \
  "vshl.s32 q2, r12\n"        \
  SHIFT("q1")        \
  "vqdmulh.s32 q2, q2, r8\n"  \
  "vsri.32 q1, q0, #8\n"      \
  "vldrw.u32 q3, [r0], #16\n" \
  "vqadd.s32 q2, q2, r9\n"    \
  "vshl.s32 q3, r12\n"        \
  SHIFT("q2")        \
  "vqdmulh.s32 q3, q3, r10\n" \
  "vsri.32 q2, q1, #8\n"      \
  "vqadd.s32 q3, q3, r11\n"   \
  SHIFT("q3")        \
  "vsri.32 q3, q2, #8\n"

/* Words outside, tiles inside: r0 = accumulators, r1 = out_step, r2 = acc_step - 64, q4 = addresses. */
#define BYTES(SHIFT, FINISH, STORE)     \
  ENTER                                 \
  "ldrd r6, r7, [r0, #68]\n"            \
  "vdup.32 q6, r6\n"                    \
  "vdup.32 q7, r7\n"                    \
  "ldr r1, [r0, #20]\n"                 \
  "ldr r2, [r0, #4]\n"                  \
  "sub r2, r2, #64\n"                   \
  "1:\n"                                \
  "ldr r4, [r0, #8]\n"                  \
  "ldr r5, [r0, #44]\n"                 \
  "ldr r6, [r0, #16]\n"                 \
  "ldr r8, [r0, #0]\n"                  \
  "vldrw.u32 q4, [r0, #48]\n"           \
  "vadd.i32 q4, q4, r5\n"               \
  "dls lr, r6\n"                        \
  "add r5, r5, #4\n"                    \
  "str r5, [r0, #44]\n"                 \
  "add r5, r4, #32\n"                   \
  "str r5, [r0, #8]\n"                  \
  "add r5, r8, #64\n"                   \
  "str r5, [r0, #0]\n"                  \
  "mov r0, r8\n"                        \
  "ldm r4, {r4-r11}\n"                  \
  "2:\n" FOUR_BYTES(SHIFT) FINISH STORE \
      "vadd.i32 q4, q4, r1\n"           \
      "add r0, r0, r2\n"                \
      "le lr, 2b\n"                     \
      "ldr r0, [sp]\n"                  \
      "ldr r4, [r0, #12]\n"             \
      "subs r4, r4, #1\n"               \
      "str r4, [r0, #12]\n"             \
      "bne 1b\n" LEAVE

#define BY_R3(Q) "vqshl.s32 " Q ", r3\n"
#define BY_8(Q) "vqshlu.s32 " Q ", " Q ", #8\n"
#define FLIP "veor q3, q3, q5\n"
#define STORE_MASKED \
  "vpst\n"           \
  "vstrwt.32 q3, [q4]\n"

NAKED void intact_quantize_bytes(intact_word_job* job __attribute__((unused))) {
  __asm__ volatile(BYTES(BY_R3, FLIP, STORE_MASKED));
}

NAKED void intact_quantize_clamped_bytes(intact_word_job* job __attribute__((unused))) {
  __asm__ volatile(BYTES(BY_R3,
                         "vmax.s8 q3, q3, q6\n"
                         "vmin.s8 q3, q3, q7\n" FLIP,
                         STORE_MASKED));
}

NAKED void intact_quantize_unsigned_bytes(intact_word_job* job __attribute__((unused))) {
  __asm__ volatile(BYTES(BY_8, "", STORE_MASKED));
}

NAKED void intact_quantize_all_unsigned_bytes(intact_word_job* job __attribute__((unused))) {
  __asm__ volatile(BYTES(BY_8, "", "vstrw.32 q3, [q4]\n"));
}

#define SCALE(Q, M, B)           \
  "vldrw.u32 " Q                 \
  ", [r0], #16\n"                \
  "vshl.s32 " Q                  \
  ", r12\n"                      \
  "vqdmulh.s32 " Q ", " Q ", " M \
  "\n"                           \
  "vqadd.s32 " Q ", " Q ", " B "\n"

/* Tiles outside, words and groups of four channels inside: r0 = accumulators, r1 = table, r2 = words left,
 * q4 = addresses, q6 = the word. */
/* clang-format off */
#define PACKED(N, ROUND0, ROUND1, ROUND2, ROUND3, STORE) \
  ENTER \
  "1:\n" \
  "ldr r5, [r0, #44]\n" \
  "vldrw.u32 q4, [r0, #48]\n" \
  "vadd.i32 q4, q4, r5\n" \
  "ldr r6, [r0, #20]\n" \
  "add r5, r5, r6\n" \
  "str r5, [r0, #44]\n" \
  "ldrd r4, r5, [r0, #0]\n" \
  "add r5, r5, r4\n" \
  "str r5, [r0, #0]\n" \
  "ldrd r1, r2, [r0, #8]\n" \
  "ldr r5, [r0, #36]\n" \
  "mov r0, r4\n" \
  "2:\n" \
  "dls lr, r5\n" \
  "3:\n" \
  "ldm r1!, {r4-r11}\n" \
  SCALE("q0", "r4", "r5") ROUND0 "vsri.32 q0, q6, #" N "\n" \
  SCALE("q1", "r6", "r7") ROUND1 "vsri.32 q1, q0, #" N "\n" \
  SCALE("q2", "r8", "r9") ROUND2 "vsri.32 q2, q1, #" N "\n" \
  SCALE("q6", "r10", "r11") ROUND3 "vsri.32 q6, q2, #" N "\n" \
  "le lr, 3b\n" \
  "ldr r4, [sp]\n" \
  "ldrd r5, r6, [r4, #36]\n" \
  "veor q6, q6, q5\n" \
  "vshl.u32 q6, r6\n" \
  "mov r6, #4\n" \
  STORE \
  "vadd.i32 q4, q4, r6\n" \
  "subs r2, r2, #1\n" \
  "bne 2b\n" \
  "mov r0, r4\n" \
  "ldr r4, [r0, #16]\n" \
  "subs r4, r4, #1\n" \
  "str r4, [r0, #16]\n" \
  "bne 1b\n" LEAVE

/* Four channels more: their codes enter the word in q3. */
#define FOUR_CODES(N, ROUND, JOIN) \
  "ldm r1!, {r4-r11}\n" \
  "vldrw.u32 q0, [r0], #16\n" \
  "vshl.s32 q0, r12\n" \
  "vldrw.u32 q1, [r0], #16\n" \
  "vqdmulh.s32 q0, q0, r4\n" \
  "vshl.s32 q1, r12\n" \
  "vqadd.s32 q0, q0, r5\n" \
  "vqdmulh.s32 q1, q1, r6\n" \
  ROUND("q0") \
  JOIN \
  "vldrw.u32 q2, [r0], #16\n" \
  "vqadd.s32 q1, q1, r7\n" \
  "vshl.s32 q2, r12\n" \
  ROUND("q1") \
  "vqdmulh.s32 q2, q2, r8\n" \
  "vsri.32 q1, q0, #" N "\n" \
  "vldrw.u32 q3, [r0], #16\n" \
  "vqadd.s32 q2, q2, r9\n" \
  "vshl.s32 q3, r12\n" \
  ROUND("q2") \
  "vqdmulh.s32 q3, q3, r10\n" \
  "vsri.32 q2, q1, #" N "\n" \
  "vqadd.s32 q3, q3, r11\n" \
  ROUND("q3") \
  "vsri.32 q3, q2, #" N "\n"
#define MORE_CODES(N, ROUND) FOUR_CODES(N, ROUND, "vsri.32 q0, q3, #" N "\n")

/* Words outside, tiles inside, a word's channels unrolled in CODES: r0 = accumulators, r1 = table, r2 =
 * acc_step less the bytes read, q4 = addresses, q6 = out_step. ACC, TABLE: bytes of a word's accumulators and
 * entries. */
#define CODE_WORDS(ACC, TABLE, CODES, FINISH) \
  ENTER \
  "ldr r1, [r0, #20]\n" \
  "vdup.32 q6, r1\n" \
  "ldr r2, [r0, #4]\n" \
  "sub r2, r2, #" ACC "\n" \
  "1:\n" \
  "ldr r1, [r0, #8]\n" \
  "ldr r5, [r0, #44]\n" \
  "ldr r6, [r0, #16]\n" \
  "ldr r8, [r0, #0]\n" \
  "vldrw.u32 q4, [r0, #48]\n" \
  "vadd.i32 q4, q4, r5\n" \
  "dls lr, r6\n" \
  "add r5, r5, #4\n" \
  "str r5, [r0, #44]\n" \
  "add r5, r1, #" TABLE "\n" \
  "str r5, [r0, #8]\n" \
  "add r5, r8, #" ACC "\n" \
  "str r5, [r0, #0]\n" \
  "mov r0, r8\n" \
  "2:\n" \
  CODES \
  "sub r1, r1, #" TABLE "\n" \
  "veor q3, q3, q5\n" \
  FINISH \
  STORE_MASKED \
  "vadd.i32 q4, q4, q6\n" \
  "add r0, r0, r2\n" \
  "le lr, 2b\n" \
  "ldr r0, [sp]\n" \
  "ldr r4, [r0, #12]\n" \
  "subs r4, r4, #1\n" \
  "str r4, [r0, #12]\n" \
  "bne 1b\n" \
  LEAVE
/* clang-format on */

#define NOTHING(Q) ""

NAKED void intact_quantize_nibbles(intact_word_job* job __attribute__((unused))) {
  __asm__ volatile(CODE_WORDS("128", "64", FOUR_CODES("4", BY_R3, "") MORE_CODES("4", BY_R3), ""));
}

NAKED void intact_quantize_crumbs(intact_word_job* job __attribute__((unused))) {
  __asm__ volatile(CODE_WORDS(
      "256", "128",
      FOUR_CODES("2", BY_R3, "") MORE_CODES("2", BY_R3) MORE_CODES("2", BY_R3) MORE_CODES("2", BY_R3), ""));
}

NAKED void intact_quantize_word_signs(intact_word_job* job __attribute__((unused))) {
  __asm__ volatile(CODE_WORDS("512", "256",
                              FOUR_CODES("1", NOTHING, "") MORE_CODES("1", NOTHING) MORE_CODES("1", NOTHING)
                                  MORE_CODES("1", NOTHING) MORE_CODES("1", NOTHING) MORE_CODES("1", NOTHING)
                                      MORE_CODES("1", NOTHING) MORE_CODES("1", NOTHING),
                              ""));
}

NAKED void intact_quantize_half_signs(intact_word_job* job __attribute__((unused))) {
  __asm__ volatile(CODE_WORDS("256", "128",
                              FOUR_CODES("1", NOTHING, "") MORE_CODES("1", NOTHING) MORE_CODES("1", NOTHING)
                                  MORE_CODES("1", NOTHING),
                              "vshr.u32 q3, q3, #16\n"));
}

#define STORE_HALF \
  "mov r7, #0\n"   \
  "vpst\n"         \
  "vstrht.32 q6, [r7, q4]\n"

NAKED void intact_quantize_half_crumbs(intact_word_job* job __attribute__((unused))) {
  __asm__ volatile(PACKED("2", BY_R3("q0"), BY_R3("q1"), BY_R3("q2"), BY_R3("q6"), STORE_HALF));
}

NAKED void intact_quantize_signs(intact_word_job* job __attribute__((unused))) {
  __asm__ volatile(PACKED("1", "", "", "", "",
                          "vpst\n"
                          "vstrwt.32 q6, [q4]\n"));
}

NAKED void intact_quantize_high_signs(intact_word_job* job __attribute__((unused))) {
  __asm__ volatile(PACKED("1", "", "", "", "", STORE_HALF));
}

#endif
