/* In assembly since a pixel takes seventeen registers: gcc 12 loads seven of them again in each round.
 *
 *   r1 fields   r2, r3 behind output and residual   r4 offset   r5 scale   r6, r7 start   r8, r9 m   r10
 * m_res r11, r12 scaled sums   r0, lr what they meet   stack: b, step
 */
#include "poly_row_residual.h"

#include "../intact_isa.h"
#include "../intact_thumb.h"

#if INTACT_ISA_ARMV7EM

/* clang-format off */
__asm__(
"  .syntax unified\n"
"  .thumb\n"
INTACT_THUMB_FUNCTION("intact_poly_add_residual")
"  push {r4-r11, lr}\n"
"  sub sp, sp, #12\n"
"  ldm r0!, {r1-r10}\n"
"  ldm r0, {r0, r11, r12}\n"
"  stm sp, {r0, r11, r12}\n"
".Lresidual_pixel:\n"
"  ldrd r11, r12, [r1], #8\n"
"  ldrd r0, lr, [sp]\n"
"  mla r11, r11, r5, r6\n"
"  mla r12, r12, r5, r7\n"
"  smmla r11, r11, r8, r0\n"
"  smmla r12, r12, r9, lr\n"
"  ldrb lr, [r3, r4]\n"
"  and r0, lr, #15\n"
"  lsr lr, lr, #4\n"
"  mla r11, r0, r10, r11\n"
"  mla r12, lr, r10, r12\n"
"  ldr r0, [sp, #8]\n"
"  usat r11, #4, r11, asr #16\n"
"  usat r12, #4, r12, asr #16\n"
"  orr r11, r11, r12, lsl #4\n"
"  strb r11, [r2, r4]\n"
"  adds r4, r4, r0\n"
"  bne .Lresidual_pixel\n"
"  add sp, sp, #12\n"
"  pop {r4-r11, pc}\n"
"  .size intact_poly_add_residual, . - intact_poly_add_residual\n"
"  .text\n");
/* clang-format on */

#endif
