/* In assembly since gcc 12 keeps to the eight low registers and spills within the loop.
 *
 *   r0 an entry   r1-r4 its words   r5 indices   r6 tables   r7 next step
 *   r8-r11 bytes   r12 window   lr the pixel's fields   sp: the argument
 *
 * A lookup takes 7 instructions, a step 3 more: each ends with a jump to the next one's operation.
 */
#include "../intact_table_plain.h"

#if INTACT_ISA_ARMV6M

extern const uint8_t intact_table_looks_end[], intact_table_spill[], intact_table_store[],
    intact_table_done[];

enum { LOOK_CODE = 14 };

uint32_t intact_table_operation(uint32_t operation) {
  const uint8_t* code = intact_table_done;
  if (operation == INTACT_TABLE_SPILL) code = intact_table_spill;
  if (operation == INTACT_TABLE_STORE) code = intact_table_store;
  if (operation - 1 < INTACT_TABLE_UNIT)
    return ((uint32_t)(uintptr_t)intact_table_looks_end - operation * LOOK_CODE) | 1u; /* Thumb */
  return (uint32_t)(uintptr_t)code | 1u;
}

uint32_t intact_table_address(const uint8_t* tables) {
  return (uint32_t)(uintptr_t)tables;
}

/* clang-format off */
__asm__(
"  .syntax unified\n"
"  .thumb\n"
"  .macro intact_table_next\n"
"  ldmia r7!, {r0, r5, r6}\n"
"  add r5, r12\n"
"  bx r0\n"
"  .endm\n"
"  .macro intact_table_look k\n"
"  ldrh r0, [r5, #\\k]\n"
"  adds r0, r0, r6\n"
"  ldmia r0!, {r1-r4}\n"
"  add r8, r1\n"
"  add r9, r2\n"
"  add r10, r3\n"
"  add r11, r4\n"
"  .endm\n"
"  .macro intact_table_clear\n"
"  movs r0, #0\n"
"  mov r8, r0\n"
"  mov r9, r0\n"
"  mov r10, r0\n"
"  mov r11, r0\n"
"  .endm\n"
"  .macro intact_table_spread bytes, store\n"
"  mov r0, \\bytes\n"
"  lsrs r1, r0, #8\n"
"  ands r0, r5\n"
"  ands r1, r5\n"
"  lsls r0, r6\n"
"  lsls r1, r6\n"
"  .if \\store == 0\n"
"  ldr r2, [r4]\n"
"  ldr r3, [r4, #4]\n"
"  adds r0, r0, r2\n"
"  adds r1, r1, r3\n"
"  .endif\n"
"  stmia r4!, {r0, r1}\n"
"  .endm\n"
"  .macro intact_table_spread_all store\n"
"  movs r5, #255\n"
"  lsls r4, r5, #16\n"
"  orrs r5, r4\n"
"  mov r4, lr\n"
"  intact_table_spread r8, \\store\n"
"  intact_table_spread r9, \\store\n"
"  intact_table_spread r10, \\store\n"
"  intact_table_spread r11, \\store\n"
"  intact_table_clear\n"
"  intact_table_next\n"
"  .endm\n"

"  .section .text.intact_table_sums, \"ax\", %progbits\n"
"  .balign 4\n"
"  .global intact_table_sums\n"
"  .type intact_table_sums, %function\n"
"  .thumb_func\n"
"intact_table_sums:\n"
"  push {r4-r7, lr}\n"
"  mov r4, r8\n"
"  mov r5, r9\n"
"  mov r6, r10\n"
"  mov r7, r11\n"
"  push {r4-r7}\n"
"  push {r0}\n"
"  ldr r1, [r0, #4]\n"
"  mov r12, r1\n"
"  ldr r1, [r0, #16]\n"
"  mov lr, r1\n"
"  ldr r7, [r0, #0]\n"
"  intact_table_clear\n"
"  intact_table_next\n"
"  .balign 4\n"
"  intact_table_look 0\n"
"  intact_table_look 2\n"
"  intact_table_look 4\n"
"  intact_table_look 6\n"
"  .global intact_table_looks_end\n"
"intact_table_looks_end:\n"
"  intact_table_next\n"
"  .balign 4\n"
"  .global intact_table_store\n"
"intact_table_store:\n"
"  intact_table_spread_all 1\n"
"  .balign 4\n"
"  .global intact_table_spill\n"
"intact_table_spill:\n"
"  intact_table_spread_all 0\n"
"  .balign 4\n"
"  .global intact_table_done\n"
"intact_table_done:\n"
"  ldr r0, [sp]\n"
"  movs r1, #32\n"
"  add lr, r1\n"
"  ldr r1, [r0, #12]\n"
"  add r12, r1\n"
"  ldr r7, [r0, #0]\n"
"  ldr r1, [r0, #8]\n"
"  cmp r12, r1\n"
"  beq 1f\n"
"  intact_table_next\n"
"1:\n"
"  pop {r0}\n"
"  pop {r4-r7}\n"
"  mov r8, r4\n"
"  mov r9, r5\n"
"  mov r10, r6\n"
"  mov r11, r7\n"
"  pop {r4-r7, pc}\n"
"  .size intact_table_sums, . - intact_table_sums\n"
"  .purgem intact_table_next\n"
"  .purgem intact_table_look\n"
"  .purgem intact_table_clear\n"
"  .purgem intact_table_spread\n"
"  .purgem intact_table_spread_all\n"
"  .text\n"
);
/* clang-format on */

#endif
