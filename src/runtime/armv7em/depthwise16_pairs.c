/* The sweeps of PAIRS. In assembly since the loops need fourteen registers.
 *
 * A column of data holds P, rows (2 j, 2 j + 1) of the padded image, and Q, rows (2 j + 2, 2 j + 3). Stride
 * 1: outputs of rows 2 j and 2 j + 1, P (w0, w1) + Q.low w2   and   P.high w0 + Q (w1, w2); stride 2: the
 * first of the two. All products are scaled by 2^k, so that SMMLA gives t.
 *
 * The ring holds two pairs of rows, so that P and Q change places: even, P is the first word of a column.
 * The argument, in r0: intact_depthwise16_sweep.
 */
#include "depthwise16.h"

#include "../intact_thumb.h"

#if INTACT_ISA_ARMV7EM

/* clang-format off */
__asm__(
"  .syntax unified\n"
"  .thumb\n"

/* \from: the start or the sum itself; \w01, \w12: (w0, w1) and (w1, w2) of the column. */
"  .macro depthwise16_upper sum, from, w01, w12\n"
"  smlad \\sum, r8, \\w01, \\from\n"
"  smlabt \\sum, r9, \\w12, \\sum\n"
"  .endm\n"

"  .macro depthwise16_lower sum, from, w01, w12\n"
"  smlatb \\sum, r8, \\w01, \\from\n"
"  smlad \\sum, r9, \\w12, \\sum\n"
"  .endm\n"

"  .macro depthwise16_begin name\n"
INTACT_THUMB_FUNCTION("\\name")
"  push {r4-r11, lr}\n"
"  sub sp, sp, #36\n"
"  ldm r0, {r0, r1, r2, r3, r4, r5}\n"
"  strd r2, r3, [sp, #16]\n"
"  strd r4, r5, [sp, #24]\n"
"1:\n"
"  ldr r8, [sp, #20]\n"
"  ldm r8!, {r2, r3, r4}\n"
"  str r8, [sp, #20]\n"
"  strd r3, r4, [sp]\n"
"  str r2, [sp, #8]\n"
"  ldr r8, [sp, #16]\n"
"  ldm r8!, {r2-r7}\n"
"  str r8, [sp, #16]\n"
"  ldr r8, [sp, #28]\n"
"  add r8, r8, r0\n"
"  str r8, [sp, #12]\n"
"2:\n"
"  .endm\n"

/* behind: bytes of a plane that the loop does not walk. */
"  .macro depthwise16_end name, behind\n"
"  ldr r8, [sp, #12]\n"
"  cmp r0, r8\n"
"  bne 2b\n"
"  add r0, r0, #\\behind\n"
"  ldr r8, [sp, #24]\n"
"  subs r8, r8, #1\n"
"  str r8, [sp, #24]\n"
"  bne 1b\n"
"  add sp, sp, #36\n"
"  pop {r4-r11, pc}\n"
"  .size \\name, . - \\name\n"
"  .endm\n"

/* r0 data  r1 results  r2-r7 (w0, w1), (w1, w2) of three columns  r8 P  r9 Q  r10, r11 sums of output x, upper and
 * lower  r12, lr of output x + 1
 * sp: multiplier, bias, start, end of the loop's part of the plane, weights, constants, channels, bytes */
"  .macro depthwise16_pairs1 name, p, q\n"
"  depthwise16_begin \\name\n"
"  ldr r12, [sp, #8]\n"
"  ldrd \\p, \\q, [r0], #8\n"
"  depthwise16_upper r10, r12, r2, r3\n"
"  depthwise16_lower r11, r12, r2, r3\n"
"  ldrd \\p, \\q, [r0], #8\n"
"  depthwise16_lower lr, r12, r2, r3\n"
"  depthwise16_upper r12, r12, r2, r3\n"
"  depthwise16_upper r10, r10, r4, r5\n"
"  depthwise16_lower r11, r11, r4, r5\n"
"  ldrd \\p, \\q, [r0]\n"
"  depthwise16_upper r10, r10, r6, r7\n"
"  depthwise16_lower r11, r11, r6, r7\n"
"  depthwise16_upper r12, r12, r4, r5\n"
"  depthwise16_lower lr, lr, r4, r5\n"
"  ldrd \\p, \\q, [r0, #8]\n"
"  depthwise16_upper r12, r12, r6, r7\n"
"  depthwise16_lower lr, lr, r6, r7\n"
"  ldrd r8, r9, [sp]\n"
"  smmla r10, r10, r8, r9\n"
"  smmla r12, r12, r8, r9\n"
"  smmla r11, r11, r8, r9\n"
"  smmla lr, lr, r8, r9\n"
"  pkhtb r10, r12, r10, asr #16\n"
"  pkhtb r11, lr, r11, asr #16\n"
"  strd r10, r11, [r1], #8\n"
"  depthwise16_end \\name, 16\n"
"  .endm\n"

/* r10, r11 sums of outputs x and x + 1  r12 their start  lr free, otherwise the same */
"  .macro depthwise16_pairs2 name, p, q\n"
"  depthwise16_begin \\name\n"
"  ldr r12, [sp, #8]\n"
"  ldrd \\p, \\q, [r0], #8\n"
"  depthwise16_upper r10, r12, r2, r3\n"
"  ldrd \\p, \\q, [r0], #8\n"
"  depthwise16_upper r10, r10, r4, r5\n"
"  ldrd \\p, \\q, [r0], #8\n"
"  depthwise16_upper r10, r10, r6, r7\n"
"  depthwise16_upper r11, r12, r2, r3\n"
"  ldrd \\p, \\q, [r0], #8\n"
"  depthwise16_upper r11, r11, r4, r5\n"
"  ldrd \\p, \\q, [r0]\n"
"  depthwise16_upper r11, r11, r6, r7\n"
"  ldrd r8, r9, [sp]\n"
"  smmla r10, r10, r8, r9\n"
"  smmla r11, r11, r8, r9\n"
"  pkhtb r10, r11, r10, asr #16\n"
"  str r10, [r1], #4\n"
"  depthwise16_end \\name, 8\n"
"  .endm\n"

"  depthwise16_pairs1 intact_depthwise16_pairs1_even, r8, r9\n"
"  depthwise16_pairs1 intact_depthwise16_pairs1_odd, r9, r8\n"
"  depthwise16_pairs2 intact_depthwise16_pairs2_even, r8, r9\n"
"  depthwise16_pairs2 intact_depthwise16_pairs2_odd, r9, r8\n"
"  .text\n");
/* clang-format on */

#endif
