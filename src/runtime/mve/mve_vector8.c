/* Four rows at a time: their vectors in q1 to q4, a plane of values in q0, a field of a row in q5. Sums are
 * in r0, r2, r4, r6, since VMLADAVA takes even registers; pointers to the rows in r1, r3, r5, r7. The loop is
 * predicated by the bytes that are left, so that no byte behind a row is read and none counts.
 *
 * Written in assembly because the compiler moves the sums to and fro (mve_direct8.c) and makes no such loop.
 */
#include "mve_vector8.h"
#include "../intact_isa.h"

#if INTACT_ISA_MVE

/* clang-format off */
#define VALUE "vldrb.u8 q0, [r8], #16\n"
#define MAC(TYPE, SUM, X, W) "vmladava." TYPE " " SUM ", " X ", " W "\n"

#define BEGIN(LABEL) \
  LABEL ":\n" \
  "movs r4, #0\n" \
  "2:\n"
#define END \
  "letp lr, 2b\n" \
  "b 3f\n"

#define PLAIN(Q)
#define FLIPPED(Q) "veor " Q ", " Q ", q7\n"
#define ROWS(FLIP) \
  "vldrb.u8 q1, [r1], #16\n" FLIP("q1") \
  "vldrb.u8 q2, [r3], #16\n" FLIP("q2") \
  "vldrb.u8 q3, [r5], #16\n" FLIP("q3") \
  "vldrb.u8 q4, [r7], #16\n" FLIP("q4")

/* A plane of values with a field of each row: the lowest one, after which the next is in its place, likewise with
 * all above it; the one that is left alone; the one BITS below the top, and the top one, both moved there. */
#define FIELDS(FIELD, TYPE, BITS) \
  VALUE \
  FIELD(TYPE, BITS, "r0", "q1") FIELD(TYPE, BITS, "r2", "q2") \
  FIELD(TYPE, BITS, "r4", "q3") FIELD(TYPE, BITS, "r6", "q4")
#define LOWEST(TYPE, BITS, SUM, ROW) \
  "vand q5, " ROW ", q6\n" \
  "vshr.u8 " ROW ", " ROW ", #" BITS "\n" \
  MAC(TYPE, SUM, "q0", "q5")
#define WITH_ABOVE(TYPE, BITS, SUM, ROW) \
  MAC(TYPE, SUM, "q0", ROW) \
  "vshr." TYPE " " ROW ", " ROW ", #" BITS "\n"
#define ALONE(TYPE, BITS, SUM, ROW) MAC(TYPE, SUM, "q0", ROW)
#define BOTTOM(TYPE, BITS, SUM, ROW) \
  "vshl.i8 q5, " ROW ", #" BITS "\n" \
  MAC(TYPE, SUM, "q0", "q5")
#define BELOW_TOP(TYPE, BITS, SUM, ROW) \
  "vshl.i8 q5, " ROW ", #" BITS "\n" \
  "vand q5, q5, q6\n" \
  MAC(TYPE, SUM, "q0", "q5")
#define TOP(TYPE, BITS, SUM, ROW) \
  "vand q5, " ROW ", q6\n" \
  MAC(TYPE, SUM, "q0", "q5")

#define BYTES(TYPE, FLIP) ROWS(FLIP) FIELDS(ALONE, TYPE, "0")
#define UNSIGNED_NIBBLES ROWS(FLIPPED) FIELDS(LOWEST, "u8", "4") FIELDS(ALONE, "u8", "0")
#define SIGNED_NIBBLES ROWS(PLAIN) FIELDS(BOTTOM, "s8", "4") FIELDS(TOP, "s8", "0")
#define UNSIGNED_CRUMBS \
  ROWS(FLIPPED) FIELDS(LOWEST, "u8", "2") FIELDS(LOWEST, "u8", "2") FIELDS(LOWEST, "u8", "2") \
  FIELDS(ALONE, "u8", "0")
#define SIGNED_CRUMBS \
  ROWS(PLAIN) FIELDS(BOTTOM, "s8", "6") FIELDS(BELOW_TOP, "s8", "4") FIELDS(BELOW_TOP, "s8", "2") \
  FIELDS(TOP, "s8", "0")
#define CRUMBS_WITH_ABOVE \
  ROWS(FLIPPED) FIELDS(WITH_ABOVE, "s8", "2") FIELDS(WITH_ABOVE, "s8", "2") FIELDS(WITH_ABOVE, "s8", "2") \
  FIELDS(ALONE, "s8", "0")
#define UNSIGNED_BITS \
  ROWS(PLAIN) FIELDS(LOWEST, "u8", "1") FIELDS(LOWEST, "u8", "1") FIELDS(LOWEST, "u8", "1") \
  FIELDS(LOWEST, "u8", "1") FIELDS(LOWEST, "u8", "1") FIELDS(LOWEST, "u8", "1") \
  FIELDS(LOWEST, "u8", "1") FIELDS(ALONE, "u8", "0")
#define SIGNED_BITS \
  ROWS(PLAIN) FIELDS(WITH_ABOVE, "s8", "1") FIELDS(WITH_ABOVE, "s8", "1") FIELDS(WITH_ABOVE, "s8", "1") \
  FIELDS(WITH_ABOVE, "s8", "1") FIELDS(WITH_ABOVE, "s8", "1") FIELDS(WITH_ABOVE, "s8", "1") \
  FIELDS(WITH_ABOVE, "s8", "1") FIELDS(ALONE, "s8", "0")

/* r1 = rows, r8 = values, r9 = the first values, r10 = step, r11 = groups left, r12 = sums. */
__attribute__((naked)) void intact_vector8_rows(const intact_vector8_job* job __attribute__((unused))) {
  __asm__ volatile(
      "push {r0, r4-r11, lr}\n"
      "vpush {d8-d15}\n"
      "ldrd r1, r9, [r0, #0]\n"
      "ldrd r12, r10, [r0, #8]\n"
      "ldr r11, [r0, #24]\n"
      "ldrd r2, r3, [r0, #32]\n"
      "vdup.32 q7, r2\n"
      "vdup.32 q6, r3\n"
      "1:\n"
      "ldr r8, [sp, #64]\n"
      "ldrd r2, r4, [r8, #16]\n"
      "add r3, r1, r10\n"
      "add r5, r3, r10\n"
      "add r7, r5, r10\n"
      "dlstp.8 lr, r2\n"
      "mov r8, r9\n"
      "movs r0, #0\n"
      "movs r2, #0\n"
      "movs r6, #0\n"
      "tbh [pc, r4, lsl #1]\n"
      "9:\n"
      ".hword (10f - 9b) / 2, (11f - 9b) / 2, (12f - 9b) / 2, (13f - 9b) / 2\n"
      ".hword (14f - 9b) / 2, (15f - 9b) / 2, (16f - 9b) / 2, (17f - 9b) / 2\n"
      ".hword (18f - 9b) / 2\n"
      BEGIN("10") BYTES("s8", PLAIN) END
      BEGIN("11") BYTES("u8", FLIPPED) END
      BEGIN("12") SIGNED_NIBBLES END
      BEGIN("13") UNSIGNED_NIBBLES END
      BEGIN("14") SIGNED_CRUMBS END
      BEGIN("15") UNSIGNED_CRUMBS END
      BEGIN("16") SIGNED_BITS END
      BEGIN("17") UNSIGNED_BITS END
      BEGIN("18") CRUMBS_WITH_ABOVE END
      "3:\n"
      "stm r12!, {r0, r2, r4, r6}\n"
      "ldr r8, [sp, #64]\n"
      "ldr r2, [r8, #28]\n"
      "add r1, r7, r2\n"
      "subs r11, r11, #1\n"
      "bne 1b\n"
      "vpop {d8-d15}\n"
      "pop {r0, r4-r11, pc}\n");
}
/* clang-format on */

#endif
