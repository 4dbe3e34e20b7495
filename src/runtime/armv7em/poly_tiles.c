/* In assembly since the loop keeps all fourteen registers: gcc 12 spills 64-bit sums within it.
 *
 *   r0-r7 sums   r8, r9 values   r10, r11 weights   r12 next value   lr next weight
 *
 * Steps are unrolled; the first round of a run enters at such a step that the last one ends at the loop's
 * end.
 */
#include "poly_tiles.h"

#include "../intact_isa.h"
#include "../intact_thumb.h"

#if INTACT_ISA_ARMV7M

extern const uint8_t intact_poly_tiles_end[], intact_poly_half_tiles_end[];

enum { UNROLL = 48, STEP_CODE = 24, HALF_STEP_CODE = 16 };

intact_poly_entries intact_poly_entry(uint32_t steps) {
  const uint32_t first = (steps - 1) % UNROLL + 1;
  intact_poly_entries entries;
  /* Bit 0: Thumb. */
  entries.whole = ((uint32_t)(uintptr_t)intact_poly_tiles_end - first * STEP_CODE) | 1u;
  entries.half = ((uint32_t)(uintptr_t)intact_poly_half_tiles_end - first * HALF_STEP_CODE) | 1u;
  return entries;
}

/* clang-format off */
__asm__(
"  .syntax unified\n"
"  .thumb\n"

"  .macro poly_begin name, entry\n"
INTACT_THUMB_FUNCTION("\\name")
"  push {r4-r11, lr}\n"
"  sub sp, sp, #28\n"
/* r1-r6: values, their step, tiles, weights, heads, results. */
"  ldm r0, {r1-r6}\n"
/* 0: from the end of a tile's values to the next tile's, the last tile's next; 8: weights, heads, end of the
 * run, next head, results. Values end as far behind their start as heads lie behind the weights. */
"  mov r12, r1\n"
"  mla r3, r3, r2, r1\n"
"  sub r2, r2, r5\n"
"  add r2, r2, r4\n"
"  strd r2, r3, [sp]\n"
"  strd r4, r5, [sp, #8]\n"
"  str r6, [sp, #24]\n"
".L\\name\\()_tile:\n"
"  ldrd lr, r8, [sp, #8]\n"
".L\\name\\()_run:\n"
"  ldm r8!, {r0-r7, r9-r11}\n"
"  strd r9, r8, [sp, #16]\n"
"  bx \\entry\n"
"  .balign 4\n"
".L\\name\\()_round:\n"
"  .endm\n"

"  .macro poly_end name\n"
"  ldrd r8, r9, [sp, #12]\n"
"  cmp lr, r9\n"
"  bne.w .L\\name\\()_round\n"
"  cmp lr, r8\n"
"  ldrd r8, r9, [sp, #20]\n"
"  stm r9!, {r0-r7}\n"
"  str r9, [sp, #24]\n"
"  bne.w .L\\name\\()_run\n"
"  ldrd r8, r9, [sp]\n"
"  add r12, r12, r8\n"
"  cmp r12, r9\n"
"  bne.w .L\\name\\()_tile\n"
"  add sp, sp, #28\n"
"  pop {r4-r11, pc}\n"
"  .size \\name, . - \\name\n"
"  .endm\n"

"  poly_begin intact_poly_run_tiles, r10\n"
"  .rept 48\n"
"  ldrd r8, r9, [r12], #8\n"
"  ldrd r10, r11, [lr], #8\n"
"  smlal r0, r1, r8, r10\n"
"  smlal r4, r5, r9, r10\n"
"  smlal r2, r3, r8, r11\n"
"  smlal r6, r7, r9, r11\n"
"  .endr\n"
"  .global intact_poly_tiles_end\n"
"intact_poly_tiles_end:\n"
"  poly_end intact_poly_run_tiles\n"

"  poly_begin intact_poly_run_half_tiles, r11\n"
"  .rept 48\n"
"  ldr r8, [r12], #8\n"
"  ldrd r10, r11, [lr], #8\n"
"  smlal r0, r1, r8, r10\n"
"  smlal r2, r3, r8, r11\n"
"  .endr\n"
"  .global intact_poly_half_tiles_end\n"
"intact_poly_half_tiles_end:\n"
"  poly_end intact_poly_run_half_tiles\n"
"  .text\n");
/* clang-format on */

#endif
