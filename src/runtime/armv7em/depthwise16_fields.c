/* The sweeps of FIELDS. In assembly since the loops need fourteen registers.
 *
 * A word of data holds pixels a0 + a1 2^16 of a row, a word of sums outputs s0 + s1 2^16, each s + 2^15 so
 * that no field borrows from the next. Outputs 2 i - 2 .. 2 i + 1 are the low and the high word of a long
 * sum: stride 1: a0 and a1 are pixels 2 i and 2 i + 1. A long product with w2 + w1 2^16 and a product of the
 * high word with w0 add w2 a0, w1 a0 + w2 a1, w0 a0 + w1 a1, w0 a1. stride 2: even pixels 4 i and 4 i + 2,
 * odd pixels 4 i + 1 and 4 i + 3. A long product of the even ones with w2 2^16 and products with w0 add 0, w2
 * a0, w0 a0 + w2 a1, w0 a1; the odd ones add w1 a0 and w1 a1 to the high word. What the low word lacks after
 * three rows is nothing; the high word becomes the next low word. Then SMLAWB and SMLAWT give floor(s m /
 * 2^16) + b.
 *
 * The argument, in r0: intact_depthwise16_sweep.
 */
#include "depthwise16.h"

#include "../intact_thumb.h"

#if INTACT_ISA_ARMV7EM

/* clang-format off */
__asm__(
"  .syntax unified\n"
"  .thumb\n"

/* One pair of pixels of three rows: completes \lo, begins \hi. Stores t >> 16 of both outputs. */
"  .macro depthwise16_fields1_pair lo, hi\n"
"  ldm r0!, {r2, r3, r4}\n"
"  mla \\hi, r2, r6, lr\n"
"  smlal \\lo, \\hi, r2, r5\n"
"  mla \\hi, r3, r8, \\hi\n"
"  smlal \\lo, \\hi, r3, r7\n"
"  mla \\hi, r4, r10, \\hi\n"
"  smlal \\lo, \\hi, r4, r9\n"
"  .endm\n"

"  .macro depthwise16_fields1_store lo\n"
"  ldrd r2, r3, [sp]\n"
"  eor \\lo, \\lo, #0x80008000\n"
"  smlawb r4, r2, \\lo, r3\n"
"  smlawt \\lo, r2, \\lo, r3\n"
"  pkhtb \\lo, \\lo, r4, asr #16\n"
"  str \\lo, [r1], #4\n"
"  .endm\n"

/* r0 data  r1 results  r2-r4 values  r5-r10 w2 + w1 2^16 and w0 of three rows  r11, r12 sums  lr their start
 * sp: multiplier, bias, the plane's end, weights, constants, channels, bytes of a plane, odd */
INTACT_THUMB_FUNCTION("intact_depthwise16_fields1")
"  push {r4-r11, lr}\n"
"  sub sp, sp, #36\n"
"  ldm r0, {r0-r6}\n"
"  strd r2, r3, [sp, #12]\n"
"  strd r4, r5, [sp, #20]\n"
"  str r6, [sp, #28]\n"
"1:\n"
"  ldrd r2, r12, [sp, #12]\n"
"  ldm r2, {r5-r10}\n"
"  ldm r12!, {r3, r4, r11}\n"
"  add r2, r2, #40\n"
"  strd r2, r12, [sp, #12]\n"
"  mov lr, r3\n"
"  strd r4, r11, [sp]\n"
"  ldrd r2, r3, [sp, #24]\n"
"  add r2, r2, r0\n"
"  str r2, [sp, #8]\n"
"  cbz r3, 2f\n"
"  mov r12, lr\n"
"  depthwise16_fields1_pair r12, r11\n"
"  b 4f\n"
"2:\n"
"  mov r11, lr\n"
"  depthwise16_fields1_pair r11, r12\n"
"3:\n"
"  depthwise16_fields1_pair r12, r11\n"
"  depthwise16_fields1_store r12\n"
"4:\n"
"  depthwise16_fields1_pair r11, r12\n"
"  depthwise16_fields1_store r11\n"
"  ldr r2, [sp, #8]\n"
"  cmp r0, r2\n"
"  bne 3b\n"
"  ldr r2, [sp, #20]\n"
"  subs r2, r2, #1\n"
"  str r2, [sp, #20]\n"
"  bne 1b\n"
"  add sp, sp, #36\n"
"  pop {r4-r11, pc}\n"
"  .size intact_depthwise16_fields1, . - intact_depthwise16_fields1\n"

/* One row; \from: the start or the high word itself. */
"  .macro depthwise16_fields2_row lo, hi, from\n"
"  ldm r12!, {r2, r3, r4}\n"
"  ldrd r5, r6, [r0], #8\n"
"  mla \\hi, r5, r3, \\from\n"
"  smlal \\lo, \\hi, r5, r2\n"
"  mla \\hi, r6, r4, \\hi\n"
"  .endm\n"

"  .macro depthwise16_fields2_pair lo, hi\n"
"  depthwise16_fields2_row \\lo, \\hi, r9\n"
"  depthwise16_fields2_row \\lo, \\hi, \\hi\n"
"  depthwise16_fields2_row \\lo, \\hi, \\hi\n"
"  sub r12, r12, #36\n"
"  .endm\n"

"  .macro depthwise16_fields2_store lo\n"
"  eor \\lo, \\lo, #0x80008000\n"
"  smlawb r2, r10, \\lo, r11\n"
"  smlawt \\lo, r10, \\lo, r11\n"
"  pkhtb \\lo, \\lo, r2, asr #16\n"
"  str \\lo, [r1], #4\n"
"  .endm\n"

/* r0 data  r1 results  r2-r4 w2 2^16, w0, w1  r5, r6 even, odd pixels  r7, r8 sums  r9 their start
 * r10 multiplier  r11 bias  r12 weights  lr the plane's end   sp: constants, channels, bytes of a plane, odd */
INTACT_THUMB_FUNCTION("intact_depthwise16_fields2")
"  push {r4-r11, lr}\n"
"  sub sp, sp, #20\n"
"  ldm r0, {r0-r6}\n"
"  mov r12, r2\n"
"  str r3, [sp]\n"
"  strd r4, r5, [sp, #4]\n"
"  str r6, [sp, #12]\n"
"1:\n"
"  ldr r2, [sp]\n"
"  ldm r2!, {r9, r10, r11}\n"
"  str r2, [sp]\n"
"  ldr r2, [sp, #8]\n"
"  add lr, r0, r2\n"
"  ldr r2, [sp, #12]\n"
"  cbz r2, 2f\n"
"  mov r8, r9\n"
"  depthwise16_fields2_pair r8, r7\n"
"  b 4f\n"
"2:\n"
"  mov r7, r9\n"
"  depthwise16_fields2_pair r7, r8\n"
"3:\n"
"  depthwise16_fields2_pair r8, r7\n"
"  depthwise16_fields2_store r8\n"
"4:\n"
"  depthwise16_fields2_pair r7, r8\n"
"  depthwise16_fields2_store r7\n"
"  cmp r0, lr\n"
"  bne 3b\n"
"  add r12, r12, #60\n"
"  ldr r2, [sp, #4]\n"
"  subs r2, r2, #1\n"
"  str r2, [sp, #4]\n"
"  bne 1b\n"
"  add sp, sp, #20\n"
"  pop {r4-r11, pc}\n"
"  .size intact_depthwise16_fields2, . - intact_depthwise16_fields2\n"
"  .text\n");
/* clang-format on */

#endif
