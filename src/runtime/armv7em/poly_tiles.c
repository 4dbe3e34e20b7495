/* In assembly since the loop keeps all fourteen registers: gcc 12 spills 64-bit sums within it.
 *
 *   r0-r7 sums   r8, r9 values   r10, r11 weights   r12 next value   lr next weight
 *
 * Steps are unrolled; the first round of a run enters at such a step that the last one ends at the loop's
 * end.
 */
#include "poly_tiles.h"

#include "../intact_isa.h"

#if INTACT_ISA_ARMV7EM

extern const uint8_t intact_poly_loop_end[];

enum { UNROLL = 24, STEP_CODE = 24 };

uint32_t intact_poly_entry(uint32_t steps) {
  /* Bit 0: Thumb. */
  return ((uint32_t)(uintptr_t)intact_poly_loop_end - ((steps - 1) % UNROLL + 1) * STEP_CODE) | 1u;
}

/* clang-format off */
__asm__(
"  .syntax unified\n"
"  .thumb\n"
"  .section .text.intact_poly_run_tiles, \"ax\", %progbits\n"
"  .balign 4\n"
"  .global intact_poly_run_tiles\n"
"  .type intact_poly_run_tiles, %function\n"
"  .thumb_func\n"
"intact_poly_run_tiles:\n"
"  push {r4-r11, lr}\n"
"  sub sp, sp, #36\n"
/* 0: values, step, tiles, weights, heads, results; 24: next head, end of the run. */
"  ldm r0, {r1-r6}\n"
"  stm sp, {r1-r6}\n"
".Lpoly_tile:\n"
"  ldrd lr, r8, [sp, #12]\n"
"  ldr r12, [sp]\n"
".Lpoly_run:\n"
"  ldm r8!, {r0-r7, r9, r10}\n"
"  strd r8, r9, [sp, #24]\n"
"  bx r10\n"
"  .balign 4\n"
".Lpoly_round:\n"
"  .rept 24\n"
"  ldrd r8, r9, [r12], #8\n"
"  ldrd r10, r11, [lr], #8\n"
"  smlal r0, r1, r8, r10\n"
"  smlal r4, r5, r9, r10\n"
"  smlal r2, r3, r8, r11\n"
"  smlal r6, r7, r9, r11\n"
"  .endr\n"
"  .global intact_poly_loop_end\n"
"intact_poly_loop_end:\n"
"  ldr r8, [sp, #28]\n"
"  ldr r10, [sp, #16]\n"
"  cmp lr, r8\n"
"  bne.w .Lpoly_round\n"
"  ldrd r9, r8, [sp, #20]\n"
"  cmp lr, r10\n"
"  stm r9!, {r0-r7}\n"
"  str r9, [sp, #20]\n"
"  bne.w .Lpoly_run\n"
"  ldrd r8, r9, [sp]\n"
"  ldr r10, [sp, #8]\n"
"  add r8, r8, r9\n"
"  subs r10, r10, #1\n"
"  str r8, [sp]\n"
"  str r10, [sp, #8]\n"
"  bne.w .Lpoly_tile\n"
"  add sp, sp, #36\n"
"  pop {r4-r11, pc}\n"
"  .size intact_poly_run_tiles, . - intact_poly_run_tiles\n"
"  .text\n");
/* clang-format on */

#endif
