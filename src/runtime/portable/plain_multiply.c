#include "../intact_plain.h"

#if !INTACT_ISA_ARMV6M && !INTACT_ISA_ARMV7M && !INTACT_ISA_RV32IM

void intact_plain_multiply(const intact_plain_word* quads, const intact_i16* weights, intact_plain_word* sums,
                           uint32_t depth, uint32_t points, uint32_t outs, uint32_t step) {
  uint32_t o, p, i;
  for (o = 0; o < outs; ++o, sums += step) {
    const intact_plain_word* x = quads;
    for (p = 0; p < points; ++p) {
      uint32_t a = sums[4 * p], b = sums[4 * p + 1], d = sums[4 * p + 2], e = sums[4 * p + 3];
      for (i = 0; i < depth; ++i, x += 4) {
        const uint32_t w = (uint32_t)(int32_t)*weights++;
        a += x[0] * w;
        b += x[1] * w;
        d += x[2] * w;
        e += x[3] * w;
      }
      sums[4 * p] = a;
      sums[4 * p + 1] = b;
      sums[4 * p + 2] = d;
      sums[4 * p + 3] = e;
    }
  }
}

#endif
