/* In assembly since gcc 12 spills half of what the product of 32 x 32 bits needs.
 *
 *   r4, r5 multiplier, low and high half   r6 shift   r7 words   r8 bias   r9 rounding shift
 *   r10, r11 range   r12 end
 *
 * The wide product is that of intact_hi32_parts (intact_arith.h). The narrow one needs |acc| < 2^15 and k <=
 * 16: with m = mh 2^16 + ml, floor(acc m / 2^16) = acc mh + floor(acc ml / 2^16), and all of it fits 32 bits.
 */
#include "../intact_plain.h"
#include "../intact_thumb.h"

#if INTACT_ISA_ARMV6M

typedef struct requantizer {
  uint32_t low;
  int32_t high;
  uint32_t shift;
  int32_t b;
  uint32_t r;
  int32_t qmin, qmax;
  const intact_plain_word* end;
} requantizer;

void intact_plain_requantize_armv6m(intact_plain_word* words, const requantizer* q, uint32_t narrow,
                                    uint32_t bipolar);

/* clang-format off */
__asm__(
"  .syntax unified\n"
"  .thumb\n"
"  .macro intact_plain_wide\n"
"  ldr r0, [r7]\n"
"  lsls r0, r0, r6\n"
"  uxth r1, r0\n"
"  asrs r0, r0, #16\n"
"  mov r2, r4\n"
"  muls r2, r1, r2\n"
"  lsrs r2, r2, #16\n"
"  mov r3, r4\n"
"  muls r3, r0, r3\n"
"  adds r2, r2, r3\n"
"  muls r1, r5, r1\n"
"  uxth r3, r2\n"
"  adds r1, r1, r3\n"
"  asrs r2, r2, #16\n"
"  asrs r1, r1, #16\n"
"  muls r0, r5, r0\n"
"  adds r0, r0, r2\n"
"  adds r0, r0, r1\n"
"  add r0, r8\n"
"  .endm\n"
"  .macro intact_plain_narrow\n"
"  ldr r0, [r7]\n"
"  mov r1, r0\n"
"  muls r1, r4, r1\n"
"  asrs r1, r1, #16\n"
"  muls r0, r5, r0\n"
"  adds r0, r0, r1\n"
"  asrs r0, r0, r6\n"
"  add r0, r8\n"
"  .endm\n"
"  .macro intact_plain_clamped name\n"
".L\\name:\n"
"  \\name\n"
"  mov r1, r9\n"
"  asrs r0, r0, r1\n"
"  cmp r0, r10\n"
"  blt 1f\n"
"  cmp r0, r11\n"
"  bgt 2f\n"
"3:\n"
"  stmia r7!, {r0}\n"
"  cmp r7, r12\n"
"  bne .L\\name\n"
"  b .Lintact_plain_requantized\n"
"1:\n"
"  mov r0, r10\n"
"  b 3b\n"
"2:\n"
"  mov r0, r11\n"
"  b 3b\n"
"  .endm\n"
"  .macro intact_plain_sign name\n"
".L\\name\\()_sign:\n"
"  \\name\n"
"  mvns r0, r0\n"
"  lsrs r0, r0, #31\n"
"  stmia r7!, {r0}\n"
"  cmp r7, r12\n"
"  bne .L\\name\\()_sign\n"
"  b .Lintact_plain_requantized\n"
"  .endm\n"

INTACT_THUMB_FUNCTION("intact_plain_requantize_armv6m")
"  push {r4-r7, lr}\n"
"  mov r4, r8\n"
"  mov r5, r9\n"
"  mov r6, r10\n"
"  mov r7, r11\n"
"  push {r4-r7}\n"
"  mov r7, r0\n"
"  mov r0, r2\n"
"  ldr r4, [r1, #12]\n"
"  mov r8, r4\n"
"  ldr r4, [r1, #16]\n"
"  mov r9, r4\n"
"  ldr r4, [r1, #20]\n"
"  mov r10, r4\n"
"  ldr r4, [r1, #24]\n"
"  mov r11, r4\n"
"  ldr r4, [r1, #28]\n"
"  mov r12, r4\n"
"  ldmia r1!, {r4-r6}\n"
"  cmp r3, #0\n"
"  bne 1f\n"
"  cmp r0, #0\n"
"  beq .Lintact_plain_wide\n"
"  b .Lintact_plain_narrow\n"
"1:\n"
"  cmp r0, #0\n"
"  beq .Lintact_plain_wide_sign\n"
"  b .Lintact_plain_narrow_sign\n"
"  intact_plain_clamped intact_plain_wide\n"
"  intact_plain_sign intact_plain_wide\n"
"  intact_plain_clamped intact_plain_narrow\n"
"  intact_plain_sign intact_plain_narrow\n"
".Lintact_plain_requantized:\n"
"  pop {r4-r7}\n"
"  mov r8, r4\n"
"  mov r9, r5\n"
"  mov r10, r6\n"
"  mov r11, r7\n"
"  pop {r4-r7, pc}\n"
"  .size intact_plain_requantize_armv6m, . - intact_plain_requantize_armv6m\n"
"  .purgem intact_plain_wide\n"
"  .purgem intact_plain_narrow\n"
"  .purgem intact_plain_clamped\n"
"  .purgem intact_plain_sign\n"
"  .text\n"
);
/* clang-format on */

/* Every accumulator is below 2^15: taps |v| |w| is. */
static uint32_t is_narrow(const intact_conv* c) {
  const int32_t low = c->input.zero_point - c->input.qmin, high = c->input.qmax - c->input.zero_point;
  const uint32_t v = (uint32_t)(low > high ? low : high);
  const uint32_t w = c->weight_storage == 1 ? 1 : 1u << (c->weight_storage - 1);
  return c->k <= 16 && c->taps < 32768 && v < 512 && c->taps * v < 32768 && c->taps * v * w < 32768;
}

void intact_plain_requantize(const intact_conv* c, uint32_t o, const intact_round* round,
                             intact_plain_word* words, uint32_t count) {
  const int32_t m = (int32_t)intact_load_word(c->multipliers + (size_t)o * 4);
  requantizer q;
  const uint32_t narrow = is_narrow(c);
  q.low = (uint32_t)m & 0xffffu;
  q.high = intact_asr(m, 16);
  q.shift = narrow ? 16 - c->k : c->k;
  q.b = (int32_t)intact_load_word(c->biases + (size_t)o * 4);
  q.r = round->r;
  q.qmin = round->qmin;
  q.qmax = round->qmax;
  q.end = words + count;
  if (count) intact_plain_requantize_armv6m(words, &q, narrow, round->bipolar);
}

#endif
