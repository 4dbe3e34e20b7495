/* In assembly since gcc 12 loads the words of a quad one by one.
 *
 * A quad's multiplications take 6 instructions.
 */
#include "../intact_plain.h"

#if INTACT_ISA_ARMV7M

/* Four sums of one row, `depth` quads behind which the row's weights end. Returns the quads' end. */
static inline const intact_plain_word* multiply_row(const intact_plain_word* x, const intact_i16** weights,
                                                    intact_plain_word* sums, uint32_t depth) {
  const intact_plain_word* const end = x + (size_t)depth * 4;
  const intact_i16* w = *weights;
  uint32_t a = sums[0], b = sums[1], c = sums[2], d = sums[3], weight;
  /* clang-format off */
  __asm__ volatile(
      "1:\n"
      ".rept 4\n"
      "ldm %[x]!, {r4-r6, r8}\n"
      "ldrsh %[weight], [%[w]], #2\n"
      "mla %[a], r4, %[weight], %[a]\n"
      "mla %[b], r5, %[weight], %[b]\n"
      "mla %[c], r6, %[weight], %[c]\n"
      "mla %[d], r8, %[weight], %[d]\n"
      ".endr\n"
      "cmp %[x], %[end]\n"
      "bne 1b\n"
      : [x] "+r"(x), [w] "+r"(w), [a] "+r"(a), [b] "+r"(b), [c] "+r"(c), [d] "+r"(d), [weight] "=&r"(weight)
      : [end] "r"(end)
      : "r4", "r5", "r6", "r8", "cc", "memory");
  /* clang-format on */
  sums[0] = a;
  sums[1] = b;
  sums[2] = c;
  sums[3] = d;
  *weights = w;
  return x;
}

void intact_plain_multiply(const intact_plain_word* quads, const intact_i16* weights, intact_plain_word* sums,
                           uint32_t depth, uint32_t points, uint32_t outs, uint32_t step) {
  for (; outs; --outs, sums += step) {
    const intact_plain_word* x = quads;
    uint32_t p;
    for (p = 0; p < points; ++p) x = multiply_row(x, &weights, sums + 4 * p, depth);
  }
}

#endif
