#include "../intact_isa.h"
#include "poly_point.h"

#if INTACT_ISA_ARMV7EM && !INTACT_ISA_MVE

void intact_poly_point_sums(const intact_poly_point* point, uint32_t tiles,
                            const intact_word_alias* constants, uint32_t stride, intact_word_alias* to) {
  const uint32_t runs = point->plan.runs, shift = point->conv->decode_input.shift;
  const uint32_t mask = (1u << INTACT_POLY_POINT_FIELD) - 1u;
  const intact_word_alias* from =
      (const intact_word_alias*)(const void*)(point->scratch + point->plan.results);
  for (; tiles > 0;
       --tiles, from += (size_t)runs * (INTACT_POLY_RESULT_BYTES / 4), to += (size_t)4 * stride) {
    uint32_t q;
    /* Sums of a pair of pixels q / 2 and of channels q % 2. */
    for (q = 0; q < 4; ++q) {
      const intact_word_alias* sum = from + 2 * (size_t)q;
      intact_word_alias* at = to + (size_t)(q / 2) * 2 * stride + 2 * (size_t)(q % 2);
      const uint32_t first = constants[6 * (q % 2)], second = constants[6 * (q % 2) + 3];
      uint32_t f0 = 0, f1 = 0, f2 = 0, f3 = 0, r;
      for (r = runs; r > 0; --r, sum += INTACT_POLY_RESULT_BYTES / 4) {
        const uint32_t low = sum[0], high = sum[1];
        f0 += low & mask;
        f1 += low >> 14 & mask;
        f2 += (low >> 28 | high << 4) & mask;
        f3 += high >> 10;
      }
      at[0] = first + (f0 << shift);
      at[1] = second + (f1 << shift);
      at[stride] = first + (f2 << shift);
      at[stride + 1] = second + (f3 << shift);
    }
  }
}

#endif
