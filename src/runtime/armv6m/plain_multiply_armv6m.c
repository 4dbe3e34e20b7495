/* In assembly since gcc 12 keeps to the eight low registers and spills within the loop. Additions reach the
 * high ones: four accumulators stand there.
 *
 *   r0 quads   r1 weights   r2-r5 a quad   r6, r7 two weights   r8-r11 accumulators
 *   r12 end of the row's quads   lr the argument
 *
 * Eight multiplications take 21 instructions.
 */
#include "../intact_plain.h"
#include "../intact_thumb.h"

#if INTACT_ISA_ARMV6M

/* Rows of products with `depth` quads each. A row's sums are added to what stands at `sums`. */
typedef struct rows {
  const intact_plain_word* quads;
  const intact_plain_word* end; /* of the first row's quads */
  const intact_i16* weights;
  const intact_i16* weights_end;
  intact_plain_word* sums;
  uint32_t sums_step; /* bytes from a row's sums to the next row's */
  uint32_t rewind;    /* bytes from a row's end back to the next row's begin */
  uint32_t end_step;
  uint32_t half; /* the depth is no multiple of 8 */
} rows;

void intact_plain_rows_armv6m(rows* r);

/* clang-format off */
__asm__(
"  .syntax unified\n"
"  .thumb\n"
"  .macro intact_plain_four w\n"
"  ldmia r0!, {r2-r5}\n"
"  muls r2, \\w, r2\n"
"  add r8, r2\n"
"  muls r3, \\w, r3\n"
"  add r9, r3\n"
"  muls r4, \\w, r4\n"
"  add r10, r4\n"
"  muls r5, \\w, r5\n"
"  add r11, r5\n"
"  .endm\n"
"  .macro intact_plain_eight\n"
"  ldmia r1!, {r6}\n"
"  sxth r7, r6\n"
"  asrs r6, r6, #16\n"
"  intact_plain_four r7\n"
"  intact_plain_four r6\n"
"  .endm\n"

INTACT_THUMB_FUNCTION("intact_plain_rows_armv6m")
"  push {r4-r7, lr}\n"
"  mov r4, r8\n"
"  mov r5, r9\n"
"  mov r6, r10\n"
"  mov r7, r11\n"
"  push {r4-r7}\n"
"  mov lr, r0\n"
"  ldr r1, [r0, #4]\n"
"  mov r12, r1\n"
"  ldr r1, [r0, #8]\n"
"  ldr r0, [r0, #0]\n"
".Lintact_plain_row:\n"
"  mov r7, lr\n"
"  ldr r2, [r7, #16]\n"
"  ldmia r2!, {r3-r6}\n"
"  mov r8, r3\n"
"  mov r9, r4\n"
"  mov r10, r5\n"
"  mov r11, r6\n"
"  ldr r3, [r7, #32]\n"
"  cmp r3, #0\n"
"  bne .Lintact_plain_half\n"
".Lintact_plain_loop:\n"
"  intact_plain_eight\n"
"  intact_plain_eight\n"
".Lintact_plain_half:\n"
"  intact_plain_eight\n"
"  intact_plain_eight\n"
"  cmp r0, r12\n"
"  bne .Lintact_plain_loop\n"
"  mov r7, lr\n"
"  ldr r2, [r7, #16]\n"
"  mov r3, r8\n"
"  mov r4, r9\n"
"  mov r5, r10\n"
"  mov r6, r11\n"
"  stmia r2!, {r3-r6}\n"
"  subs r2, #16\n"
"  ldr r3, [r7, #20]\n"
"  adds r2, r2, r3\n"
"  str r2, [r7, #16]\n"
"  ldr r3, [r7, #24]\n"
"  subs r0, r0, r3\n"
"  ldr r3, [r7, #28]\n"
"  add r12, r3\n"
"  ldr r3, [r7, #12]\n"
"  cmp r1, r3\n"
"  bne .Lintact_plain_row\n"
"  pop {r4-r7}\n"
"  mov r8, r4\n"
"  mov r9, r5\n"
"  mov r10, r6\n"
"  mov r11, r7\n"
"  pop {r4-r7, pc}\n"
"  .size intact_plain_rows_armv6m, . - intact_plain_rows_armv6m\n"
"  .purgem intact_plain_four\n"
"  .purgem intact_plain_eight\n"
"  .text\n"
);
/* clang-format on */

void intact_plain_multiply(const intact_plain_word* quads, const intact_i16* weights, intact_plain_word* sums,
                           uint32_t depth, uint32_t points, uint32_t outs, uint32_t step) {
  rows r;
  r.half = depth & 4;
  if (points == 1) {
    r.quads = quads;
    r.end = quads + (size_t)depth * 4;
    r.weights = weights;
    r.weights_end = weights + (size_t)outs * depth;
    r.sums = sums;
    r.sums_step = step * 4;
    r.rewind = depth * 16;
    r.end_step = 0;
    intact_plain_rows_armv6m(&r);
    return;
  }
  r.sums_step = 16;
  r.rewind = 0;
  r.end_step = depth * 16;
  for (; outs; --outs, sums += step) {
    r.quads = quads;
    r.end = quads + (size_t)depth * 4;
    r.weights = weights;
    weights += (size_t)points * depth;
    r.weights_end = weights;
    r.sums = sums;
    intact_plain_rows_armv6m(&r);
  }
}

void intact_plain_move(intact_plain_word* to, const intact_plain_word* from, uint32_t count) {
  const intact_plain_word* const end = from + count;
  __asm__ volatile(
      "1:\n"
      "ldmia %1!, {r3-r6}\n"
      "stmia %0!, {r3-r6}\n"
      "cmp %1, %2\n"
      "bne 1b\n"
      : "+l"(to), "+l"(from)
      : "l"(end)
      : "r3", "r4", "r5", "r6", "cc", "memory");
}

#endif
