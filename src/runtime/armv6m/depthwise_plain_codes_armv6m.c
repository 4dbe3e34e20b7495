/* In assembly since the constants fit registers only with the upper ones, which gcc 12 does not use.
 *
 * |acc| 2^k < 2^31 (ARITHMETIC section 3) leaves room in 32 bits for parts of the product with m: with k >=
 * 16 and s = 32 - k, m = mh 2^s + ml, 0 <= ml < 2^s, floor(acc m / 2^s) = acc mh + floor(acc ml / 2^s), where
 * |acc ml| < 2^(31 - k) 2^(32 - k) <= 2^31. With 11 <= k < 16 and s = ceil((32 - k) / 2), 2^(2 s - 32 + k) m
 * = (m2 2^s + m1) 2^s + m0, 0 <= m0, m1 < 2^s, the same twice over: |acc m1| + |acc| <= 2^(31 - k) 2^s <=
 * 2^31, where -2^31 is the only sum of that size.
 *
 *   r0 sum   r2 where to   r3 high part, r4 low part of m   r5 its middle part, or the rounding shift   r6 s
 *   r7 sums   r8 bias   r9 rounding shift   r10, r11 range   r12 spare   lr step   stack: end, bit
 */
#include "../intact_depthwise_plain.h"
#include "../intact_thumb.h"

#if INTACT_ISA_ARMV6M

typedef struct codes_job {
  uint32_t high, low, middle, shift;
  const intact_plain_word* acc;
  uint32_t b, r;
  int32_t qmin, qmax;
  uint32_t step;
  uint8_t* to;
  const intact_plain_word* end;
  uint32_t bit;
} codes_job;

/* way: 1 three parts, 2 the sign is the result, 4 not the first code of its byte. */
void intact_depthwise_plain_codes_armv6m(const codes_job* job, uint32_t way);

/* clang-format off */
__asm__(
"  .syntax unified\n"
"  .thumb\n"
"  .macro intact_codes_two\n"
"  ldmia r7!, {r0}\n"
"  mov r1, r0\n"
"  muls r1, r4, r1\n"
"  asrs r1, r1, r6\n"
"  muls r0, r3, r0\n"
"  adds r0, r0, r1\n"
"  add r0, r8\n"
"  .endm\n"
"  .macro intact_codes_three\n"
"  ldmia r7!, {r0}\n"
"  mov r1, r0\n"
"  muls r1, r4, r1\n"
"  asrs r1, r1, r6\n"
"  mov r12, r1\n"
"  mov r1, r0\n"
"  muls r1, r5, r1\n"
"  add r1, r12\n"
"  asrs r1, r1, r6\n"
"  muls r0, r3, r0\n"
"  adds r0, r0, r1\n"
"  add r0, r8\n"
"  .endm\n"
"  .macro intact_codes_shift_two\n"
"  asrs r0, r0, r5\n"
"  .endm\n"
"  .macro intact_codes_shift_three\n"
"  mov r1, r9\n"
"  asrs r0, r0, r1\n"
"  .endm\n"
"  .macro intact_codes_first\n"
"  strb r0, [r2]\n"
"  add r2, lr\n"
"  .endm\n"
"  .macro intact_codes_later\n"
"  ldr r1, [sp, #4]\n"
"  lsls r0, r0, r1\n"
"  ldrb r1, [r2]\n"
"  orrs r0, r0, r1\n"
"  strb r0, [r2]\n"
"  add r2, lr\n"
"  .endm\n"
"  .macro intact_codes_clamped parts, place, half\n"
"  intact_codes_\\parts\n"
"  intact_codes_shift_\\parts\n"
"  cmp r0, r10\n"
"  blt 1\\half\\()f\n"
"  cmp r0, r11\n"
"  bgt 2\\half\\()f\n"
"3\\half:\n"
"  intact_codes_\\place\n"
"  .endm\n"
"  .macro intact_codes_outside half\n"
"1\\half:\n"
"  mov r0, r10\n"
"  b 3\\half\\()b\n"
"2\\half:\n"
"  mov r0, r11\n"
"  b 3\\half\\()b\n"
"  .endm\n"
"  .macro intact_codes_signed parts, place\n"
"  intact_codes_\\parts\n"
"  mvns r0, r0\n"
"  lsrs r0, r0, #31\n"
"  intact_codes_\\place\n"
"  .endm\n"
   /* Two at a time; an odd number, which the bytes of sums in r0 tell, begins with the second. */
"  .macro intact_codes_clamped_loop parts, place\n"
"  lsrs r0, r0, #3\n"
"  bcs 5f\n"
"4:\n"
"  intact_codes_clamped \\parts, \\place, 1\n"
"5:\n"
"  intact_codes_clamped \\parts, \\place, 2\n"
"  ldr r1, [sp]\n"
"  cmp r7, r1\n"
"  bne 4b\n"
"  b .Lintact_codes_done\n"
"  intact_codes_outside 1\n"
"  intact_codes_outside 2\n"
"  .endm\n"
"  .macro intact_codes_signed_loop parts, place\n"
"  lsrs r0, r0, #3\n"
"  bcs 5f\n"
"4:\n"
"  intact_codes_signed \\parts, \\place\n"
"5:\n"
"  intact_codes_signed \\parts, \\place\n"
"  ldr r1, [sp]\n"
"  cmp r7, r1\n"
"  bne 4b\n"
"  b .Lintact_codes_done\n"
"  .endm\n"

INTACT_THUMB_FUNCTION("intact_depthwise_plain_codes_armv6m")
"  push {r4-r7, lr}\n"
"  mov r4, r8\n"
"  mov r5, r9\n"
"  mov r6, r10\n"
"  mov r7, r11\n"
"  push {r4-r7}\n"
"  ldr r2, [r0, #48]\n"
"  push {r2}\n"
"  ldr r2, [r0, #44]\n"
"  push {r2}\n"
"  ldr r2, [r0, #20]\n"
"  mov r8, r2\n"
"  ldr r2, [r0, #24]\n"
"  mov r9, r2\n"
"  ldr r2, [r0, #28]\n"
"  mov r10, r2\n"
"  ldr r2, [r0, #32]\n"
"  mov r11, r2\n"
"  ldr r2, [r0, #36]\n"
"  mov lr, r2\n"
"  ldr r2, [r0, #40]\n"
"  ldr r3, [r0]\n"
"  ldr r4, [r0, #4]\n"
"  ldr r5, [r0, #8]\n"
"  ldr r6, [r0, #12]\n"
"  ldr r7, [r0, #16]\n"
"  ldr r0, [sp]\n"
"  subs r0, r0, r7\n"
"  cmp r1, #0\n"
"  bne 1f\n"
"  b .Lintact_codes_0\n"
"1:\n"
"  cmp r1, #1\n"
"  bne 1f\n"
"  b .Lintact_codes_1\n"
"1:\n"
"  cmp r1, #2\n"
"  bne 1f\n"
"  b .Lintact_codes_2\n"
"1:\n"
"  cmp r1, #3\n"
"  bne 1f\n"
"  b .Lintact_codes_3\n"
"1:\n"
"  cmp r1, #4\n"
"  bne 1f\n"
"  b .Lintact_codes_4\n"
"1:\n"
"  cmp r1, #5\n"
"  bne 1f\n"
"  b .Lintact_codes_5\n"
"1:\n"
"  cmp r1, #6\n"
"  bne 1f\n"
"  b .Lintact_codes_6\n"
"1:\n"
"  intact_codes_signed_loop three, later\n"
".Lintact_codes_0:\n"
"  intact_codes_clamped_loop two, first\n"
".Lintact_codes_1:\n"
"  intact_codes_clamped_loop three, first\n"
".Lintact_codes_2:\n"
"  intact_codes_signed_loop two, first\n"
".Lintact_codes_3:\n"
"  intact_codes_signed_loop three, first\n"
".Lintact_codes_4:\n"
"  intact_codes_clamped_loop two, later\n"
".Lintact_codes_5:\n"
"  intact_codes_clamped_loop three, later\n"
".Lintact_codes_6:\n"
"  intact_codes_signed_loop two, later\n"
".Lintact_codes_done:\n"
"  add sp, #8\n"
"  pop {r4-r7}\n"
"  mov r8, r4\n"
"  mov r9, r5\n"
"  mov r10, r6\n"
"  mov r11, r7\n"
"  pop {r4-r7, pc}\n"
"  .size intact_depthwise_plain_codes_armv6m, . - intact_depthwise_plain_codes_armv6m\n"
"  .purgem intact_codes_two\n"
"  .purgem intact_codes_three\n"
"  .purgem intact_codes_shift_two\n"
"  .purgem intact_codes_shift_three\n"
"  .purgem intact_codes_first\n"
"  .purgem intact_codes_later\n"
"  .purgem intact_codes_clamped\n"
"  .purgem intact_codes_outside\n"
"  .purgem intact_codes_signed\n"
"  .purgem intact_codes_clamped_loop\n"
"  .purgem intact_codes_signed_loop\n"
"  .text\n"
);
/* clang-format on */

static void put_codes(const intact_conv* c, uint32_t o, intact_plain_word* acc, uint32_t count, uint8_t* to,
                      uint32_t step, uint32_t bit) {
  uint32_t i;
  intact_plain_requantize(c, o, &c->round, acc, count);
  for (i = 0; i < count; ++i, to += step) {
    const uint32_t below = bit ? *to : 0;
    *to = (uint8_t)((below | acc[i] << bit) & 0xffu);
  }
}

void intact_depthwise_plain_codes(const intact_conv* c, uint32_t o, intact_plain_word* acc, uint32_t count,
                                  uint8_t* to, uint32_t step, uint32_t bit) {
  const int32_t m = (int32_t)intact_load_word(c->multipliers + (size_t)o * 4);
  const uint32_t k = c->k, s = k >= 16 ? 32 - k : (33 - k) / 2, part = (1u << (s & 31)) - 1u;
  codes_job j;
  if (k < 11) { /* the parts do not fit */
    put_codes(c, o, acc, count, to, step, bit);
    return;
  }
  if (k >= 16) {
    j.high = (uint32_t)intact_asr(m, s);
    j.low = (uint32_t)m & part;
    j.middle = c->round.r;
  } else {
    const uint32_t twice = 2 * s - 32 + k; /* 0 or 1 */
    j.high = (uint32_t)intact_asr(m, 2 * s - twice);
    j.middle = (uint32_t)intact_asr(m, s - twice) & part;
    j.low = (uint32_t)m << twice & part;
  }
  j.shift = s;
  j.acc = acc;
  j.b = intact_load_word(c->biases + (size_t)o * 4);
  j.r = c->round.r;
  j.qmin = c->round.qmin;
  j.qmax = c->round.qmax;
  j.step = step;
  j.to = to;
  j.end = acc + count;
  j.bit = bit;
  if (count)
    intact_depthwise_plain_codes_armv6m(&j,
                                        (k < 16) | (c->round.bipolar != 0) << 1 | (uint32_t)(bit != 0) << 2);
}

/* Inlined with constants. Two at a time. */
static inline void take(const intact_depthwise_plain_field* field, uint32_t count, uint32_t shift,
                        uint32_t bits) {
  const uint32_t half = 1u << (bits - 1), mask = 2 * half - 1;
  const intact_plain_word *sums = field->sums, *const end = sums + ((count + 1) & ~1u);
  intact_plain_word* to = field->acc;
  for (; sums != end; sums += 2, to += 2) {
    to[0] = (sums[0] >> shift & mask) - half;
    to[1] = (sums[1] >> shift & mask) - half;
  }
}

void intact_depthwise_plain_field_codes(const intact_conv* c, uint32_t o,
                                        const intact_depthwise_plain_field* field, uint32_t count,
                                        uint8_t* to, uint32_t step, uint32_t bit) {
  const uint32_t shift = field->shift, bits = field->bits;
  if (bits == 16 && shift == 0) {
    take(field, count, 0, 16);
  } else if (bits == 16) {
    take(field, count, 16, 16);
  } else if (bits == 8 && shift == 0) {
    take(field, count, 0, 8);
  } else if (bits == 8 && shift == 24) {
    take(field, count, 24, 8);
  } else {
    take(field, count, shift, bits);
  }
  intact_depthwise_plain_codes(c, o, field->acc, count, to, step, bit);
}

#endif
