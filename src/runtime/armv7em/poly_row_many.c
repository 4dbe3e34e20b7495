/* In assembly since a group takes all registers: gcc 12 spills, and takes ten instructions more for each run.
 *
 *   r0 sums   r1 fields   r2 groups left   r3 fields 0 and 2 of a lower word   lr rounds left
 *   r4, r5 sum of all   r6, r7 of fields 0 and 2   r8 of field 4   r9, r10 spill of the group before
 *   r11, r12 a run
 *
 * The first run makes the sums; the others are unrolled by four, and the first round enters so that the last
 * one ends at the loop's end. Sums of 63 fields take 19 bits, so that field 1 stays in its word.
 */
#include "poly_row_many.h"

#include "../intact_isa.h"

#if INTACT_ISA_ARMV7M

/* clang-format off */
__asm__(
"  .syntax unified\n"
"  .thumb\n"
"  .section .text.intact_poly_read_many, \"ax\", %progbits\n"
"  .balign 4\n"
"  .global intact_poly_read_many\n"
"  .type intact_poly_read_many, %function\n"
"  .thumb_func\n"

/* On the stack: 0 the start of a sum's upper word (less the spill's starts), of field 4's; 8 rounds; 12 how
 * far in the first one begins; 16 from behind a tile's first group to its second; 20 the arguments. */
"  .macro many_group\n"
"  ldrd r5, r8, [sp]\n"
"  ldrd r4, r12, [r0], #32\n"
"  ldrd lr, r11, [sp, #8]\n"
"  and r6, r4, r3\n"
"  add r5, r5, r12\n"
"  and r7, r12, #0x7f\n"
"  add r8, r8, r12, lsr #20\n"
"  add pc, r11\n"
"  nop\n"
".Lmany_round\\@:\n"
"  .rept 4\n"
"  ldrd r11, r12, [r0], #32\n"
"  adds.w r4, r4, r11\n"
"  adc.w r5, r5, r12\n"
"  and.w r11, r11, r3\n"
"  adds.w r6, r6, r11\n"
"  add.w r8, r8, r12, lsr #20\n"
"  and.w r12, r12, #0x7f\n"
"  adc.w r7, r7, r12\n"
"  .endr\n"
"  subs lr, lr, #1\n"
"  bne .Lmany_round\\@\n"
"  subs r4, r4, r6\n"
"  sbc r5, r5, r7\n"
"  sub r5, r5, r8, lsl #20\n"
"  ubfx r11, r6, #0, #26\n"
"  add r11, r11, r9\n"
"  add r12, r10, r4, lsr #13\n"
"  lsr r6, r6, #26\n"
"  orr r6, r6, r7, lsl #6\n"
"  asr r9, r5, #7\n"
"  mov r10, r8\n"
"  str r11, [r1], #8\n"
"  str r12, [r1], #8\n"
"  str r6, [r1], #8\n"
"  subs r2, r2, #1\n"
"  .endm\n"

"intact_poly_read_many:\n"
"  push {r0, r4-r11, lr}\n"
"  sub sp, sp, #20\n"
"  ldm r0, {r0-r3}\n"
/* P of field 3 is 2^12, of field 4 2^11, for each run. */
"  lsl r4, r3, #19\n"
"  add r4, r4, r3, lsl #31\n"
"  rsb r4, r4, #0\n"
"  lsl r5, r3, #11\n"
"  rsb r5, r5, #0\n"
"  strd r4, r5, [sp]\n"
/* runs + 2 = 4 rounds + what the first round leaves out, reversed. */
"  adds r4, r3, #2\n"
"  lsr r5, r4, #2\n"
"  and r4, r4, #3\n"
"  rsb r4, r4, #3\n"
"  lsl r4, r4, #5\n"
"  strd r5, r4, [sp, #8]\n"
"  lsl r4, r3, #5\n"
"  subs r4, r4, #16\n"
"  str r4, [sp, #16]\n"
"  movw r3, #0x1fff\n"
"  movt r3, #0xfc00\n"
"  movs r4, #0\n"
"  mov r9, r4\n"
"  mov r10, r4\n"
".Lmany_tile:\n"
"  many_group\n"
"  beq .Lmany_end\n"
"  ldr r11, [sp, #16]\n"
"  sub r0, r0, r11\n"
"  many_group\n"
"  sub r0, r0, #16\n"
"  bne .Lmany_tile\n"
".Lmany_end:\n"
"  ldr r0, [sp, #20]\n"
"  strd r9, r10, [r0, #16]\n"
"  add sp, sp, #24\n"
"  pop {r4-r11, pc}\n"
"  .size intact_poly_read_many, . - intact_poly_read_many\n"
"  .text\n");
/* clang-format on */

#endif
