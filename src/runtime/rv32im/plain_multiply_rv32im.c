/* In assembly since gcc 12 spills five of the sixteen accumulators within the loop: all 28 registers are in
 * use.
 *
 *   a0 quads   a1-a4 weights of four output channels   a5-a7, t0 a quad   t1 a weight   t2 a product
 *   t3-t6, s0-s11 accumulators, four lanes of a channel together   ra end of the quads
 *
 * 32 multiplications take 86 instructions.
 */
#include "../intact_plain.h"

#if INTACT_ISA_RV32IM

/* sums of four lanes x four output channels, `step` bytes apart, += products of the quads up to `end` with
 * rows of weights, `row` bytes apart. An even number of quads. */
void intact_plain_tile_rv32im(const intact_plain_word* quads, const intact_i16* weights, uint32_t row,
                              intact_plain_word* sums, uint32_t step, const intact_plain_word* end);

/* clang-format off */
__asm__(
"  .section .text.intact_plain_tile_rv32im, \"ax\", @progbits\n"
"  .balign 4\n"
"  .globl intact_plain_tile_rv32im\n"
"  .type intact_plain_tile_rv32im, @function\n"
"intact_plain_tile_rv32im:\n"
"  addi sp, sp, -64\n"
"  sw s0, 0(sp)\n"
"  sw s1, 4(sp)\n"
"  sw s2, 8(sp)\n"
"  sw s3, 12(sp)\n"
"  sw s4, 16(sp)\n"
"  sw s5, 20(sp)\n"
"  sw s6, 24(sp)\n"
"  sw s7, 28(sp)\n"
"  sw s8, 32(sp)\n"
"  sw s9, 36(sp)\n"
"  sw s10, 40(sp)\n"
"  sw s11, 44(sp)\n"
"  sw ra, 48(sp)\n"
"  sw a3, 52(sp)\n"
"  sw a4, 56(sp)\n"
"  mv ra, a5\n"
"  lw t3, 0(a3)\n"
"  lw t4, 4(a3)\n"
"  lw t5, 8(a3)\n"
"  lw t6, 12(a3)\n"
"  add a3, a3, a4\n"
"  lw s0, 0(a3)\n"
"  lw s1, 4(a3)\n"
"  lw s2, 8(a3)\n"
"  lw s3, 12(a3)\n"
"  add a3, a3, a4\n"
"  lw s4, 0(a3)\n"
"  lw s5, 4(a3)\n"
"  lw s6, 8(a3)\n"
"  lw s7, 12(a3)\n"
"  add a3, a3, a4\n"
"  lw s8, 0(a3)\n"
"  lw s9, 4(a3)\n"
"  lw s10, 8(a3)\n"
"  lw s11, 12(a3)\n"
"  mv t0, a2\n"
"  add a2, a1, t0\n"
"  add a3, a2, t0\n"
"  add a4, a3, t0\n"
"1:\n"
"  lw a5, 0(a0)\n"
"  lw a6, 4(a0)\n"
"  lw a7, 8(a0)\n"
"  lw t0, 12(a0)\n"
"  lh t1, 0(a1)\n"
"  mul t2, a5, t1\n"
"  add t3, t3, t2\n"
"  mul t2, a6, t1\n"
"  add t4, t4, t2\n"
"  mul t2, a7, t1\n"
"  add t5, t5, t2\n"
"  mul t2, t0, t1\n"
"  add t6, t6, t2\n"
"  lh t1, 0(a2)\n"
"  mul t2, a5, t1\n"
"  add s0, s0, t2\n"
"  mul t2, a6, t1\n"
"  add s1, s1, t2\n"
"  mul t2, a7, t1\n"
"  add s2, s2, t2\n"
"  mul t2, t0, t1\n"
"  add s3, s3, t2\n"
"  lh t1, 0(a3)\n"
"  mul t2, a5, t1\n"
"  add s4, s4, t2\n"
"  mul t2, a6, t1\n"
"  add s5, s5, t2\n"
"  mul t2, a7, t1\n"
"  add s6, s6, t2\n"
"  mul t2, t0, t1\n"
"  add s7, s7, t2\n"
"  lh t1, 0(a4)\n"
"  mul t2, a5, t1\n"
"  add s8, s8, t2\n"
"  mul t2, a6, t1\n"
"  add s9, s9, t2\n"
"  mul t2, a7, t1\n"
"  add s10, s10, t2\n"
"  mul t2, t0, t1\n"
"  add s11, s11, t2\n"
"  lw a5, 16(a0)\n"
"  lw a6, 20(a0)\n"
"  lw a7, 24(a0)\n"
"  lw t0, 28(a0)\n"
"  lh t1, 2(a1)\n"
"  mul t2, a5, t1\n"
"  add t3, t3, t2\n"
"  mul t2, a6, t1\n"
"  add t4, t4, t2\n"
"  mul t2, a7, t1\n"
"  add t5, t5, t2\n"
"  mul t2, t0, t1\n"
"  add t6, t6, t2\n"
"  lh t1, 2(a2)\n"
"  mul t2, a5, t1\n"
"  add s0, s0, t2\n"
"  mul t2, a6, t1\n"
"  add s1, s1, t2\n"
"  mul t2, a7, t1\n"
"  add s2, s2, t2\n"
"  mul t2, t0, t1\n"
"  add s3, s3, t2\n"
"  lh t1, 2(a3)\n"
"  mul t2, a5, t1\n"
"  add s4, s4, t2\n"
"  mul t2, a6, t1\n"
"  add s5, s5, t2\n"
"  mul t2, a7, t1\n"
"  add s6, s6, t2\n"
"  mul t2, t0, t1\n"
"  add s7, s7, t2\n"
"  lh t1, 2(a4)\n"
"  mul t2, a5, t1\n"
"  add s8, s8, t2\n"
"  mul t2, a6, t1\n"
"  add s9, s9, t2\n"
"  mul t2, a7, t1\n"
"  add s10, s10, t2\n"
"  mul t2, t0, t1\n"
"  add s11, s11, t2\n"
"  addi a0, a0, 32\n"
"  addi a1, a1, 4\n"
"  addi a2, a2, 4\n"
"  addi a3, a3, 4\n"
"  addi a4, a4, 4\n"
"  bne a0, ra, 1b\n"
"  lw a3, 52(sp)\n"
"  lw a4, 56(sp)\n"
"  sw t3, 0(a3)\n"
"  sw t4, 4(a3)\n"
"  sw t5, 8(a3)\n"
"  sw t6, 12(a3)\n"
"  add a3, a3, a4\n"
"  sw s0, 0(a3)\n"
"  sw s1, 4(a3)\n"
"  sw s2, 8(a3)\n"
"  sw s3, 12(a3)\n"
"  add a3, a3, a4\n"
"  sw s4, 0(a3)\n"
"  sw s5, 4(a3)\n"
"  sw s6, 8(a3)\n"
"  sw s7, 12(a3)\n"
"  add a3, a3, a4\n"
"  sw s8, 0(a3)\n"
"  sw s9, 4(a3)\n"
"  sw s10, 8(a3)\n"
"  sw s11, 12(a3)\n"
"  lw s0, 0(sp)\n"
"  lw s1, 4(sp)\n"
"  lw s2, 8(sp)\n"
"  lw s3, 12(sp)\n"
"  lw s4, 16(sp)\n"
"  lw s5, 20(sp)\n"
"  lw s6, 24(sp)\n"
"  lw s7, 28(sp)\n"
"  lw s8, 32(sp)\n"
"  lw s9, 36(sp)\n"
"  lw s10, 40(sp)\n"
"  lw s11, 44(sp)\n"
"  lw ra, 48(sp)\n"
"  addi sp, sp, 64\n"
"  ret\n"
"  .size intact_plain_tile_rv32im, . - intact_plain_tile_rv32im\n"
"  .text\n"
);
/* clang-format on */

static void multiply_one(const intact_plain_word* x, const intact_i16* weights, intact_plain_word* sums,
                         uint32_t depth) {
  const intact_plain_word* const end = x + (size_t)depth * 4;
  uint32_t a = sums[0], b = sums[1], c = sums[2], d = sums[3];
  do {
    const uint32_t w = (uint32_t)(int32_t)*weights++;
    a += x[0] * w;
    b += x[1] * w;
    c += x[2] * w;
    d += x[3] * w;
    x += 4;
  } while (x != end);
  sums[0] = a;
  sums[1] = b;
  sums[2] = c;
  sums[3] = d;
}

void intact_plain_multiply(const intact_plain_word* quads, const intact_i16* weights, intact_plain_word* sums,
                           uint32_t depth, uint32_t points, uint32_t outs, uint32_t step) {
  const uint32_t row = points * depth;
  uint32_t p;
  for (; outs >= 4; outs -= 4, weights += (size_t)4 * row, sums += (size_t)4 * step) {
    for (p = 0; p < points; ++p) {
      const intact_plain_word* const x = quads + (size_t)p * depth * 4;
      intact_plain_tile_rv32im(x, weights + (size_t)p * depth, row * 2, sums + 4 * p, step * 4,
                               x + (size_t)depth * 4);
    }
  }
  for (; outs; --outs, weights += row, sums += step) {
    for (p = 0; p < points; ++p)
      multiply_one(quads + (size_t)p * depth * 4, weights + (size_t)p * depth, sums + 4 * p, depth);
  }
}

#endif
