/* In assembly since four rows, their sums and an index fit registers only with the upper ones, which gcc 12
 * does not use.
 *
 *   r0 value   r1 weight   r2 values   r3-r6 ends of the rows   r7 index, negative   r8-r11 sums
 */
#include "../intact_thumb.h"
#include "../intact_vector_plain.h"

#if INTACT_ISA_ARMV6M

void intact_vector_plain_bytes_armv6m(const intact_plain_word* values, const uint8_t* ends, uint32_t step,
                                      uint32_t count, intact_plain_word* sums);

/* clang-format off */
__asm__(
"  .syntax unified\n"
"  .thumb\n"
"  .macro intact_vector_plain_step\n"
"  ldmia r2!, {r0}\n"
"  ldrsb r1, [r3, r7]\n"
"  muls r1, r0, r1\n"
"  add r8, r1\n"
"  ldrsb r1, [r4, r7]\n"
"  muls r1, r0, r1\n"
"  add r9, r1\n"
"  ldrsb r1, [r5, r7]\n"
"  muls r1, r0, r1\n"
"  add r10, r1\n"
"  ldrsb r1, [r6, r7]\n"
"  muls r1, r0, r1\n"
"  add r11, r1\n"
"  adds r7, r7, #1\n"
"  .endm\n"

INTACT_THUMB_FUNCTION("intact_vector_plain_bytes_armv6m")
"  push {r4-r7, lr}\n"
"  mov r4, r8\n"
"  mov r5, r9\n"
"  mov r6, r10\n"
"  mov r7, r11\n"
"  push {r4-r7}\n"
"  rsbs r7, r3, #0\n"
"  mov r3, r1\n"
"  adds r4, r3, r2\n"
"  adds r5, r4, r2\n"
"  adds r6, r5, r2\n"
"  mov r2, r0\n"
"  movs r0, #0\n"
"  mov r8, r0\n"
"  mov r9, r0\n"
"  mov r10, r0\n"
"  mov r11, r0\n"
   /* Two at a time; an odd number begins with the second. */
"  lsrs r0, r7, #1\n"
"  bcs 2f\n"
"1:\n"
"  intact_vector_plain_step\n"
"2:\n"
"  intact_vector_plain_step\n"
"  bne 1b\n"
"  ldr r0, [sp, #36]\n"
"  mov r4, r8\n"
"  mov r5, r9\n"
"  mov r6, r10\n"
"  mov r7, r11\n"
"  stmia r0!, {r4-r7}\n"
"  pop {r4-r7}\n"
"  mov r8, r4\n"
"  mov r9, r5\n"
"  mov r10, r6\n"
"  mov r11, r7\n"
"  pop {r4-r7, pc}\n"
"  .size intact_vector_plain_bytes_armv6m, . - intact_vector_plain_bytes_armv6m\n"
"  .purgem intact_vector_plain_step\n"
"  .text\n"
);
/* clang-format on */

void intact_vector_plain_bytes(const uint8_t* rows, uint32_t step, const intact_plain_word* values,
                               uint32_t count, intact_plain_word* sums) {
  intact_vector_plain_bytes_armv6m(values, rows + count, step, count, sums);
}

#endif
