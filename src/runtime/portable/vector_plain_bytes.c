/* |value| <= 510: every product fits. */
#include "../intact_vector_plain.h"

#if !INTACT_ISA_ARMV6M

void intact_vector_plain_bytes(const uint8_t* rows, uint32_t step, const intact_plain_word* values,
                               uint32_t count, intact_plain_word* sums) {
  const int8_t* w0 = (const int8_t*)rows;
  const int8_t *w1 = w0 + step, *w2 = w1 + step, *w3 = w2 + step;
  uint32_t a = 0, b = 0, d = 0, e = 0, i;
  for (; count >= 4; count -= 4, w0 += 4, w1 += 4, w2 += 4, w3 += 4, values += 4) {
#if defined(__GNUC__) && !defined(__SANITIZE_ADDRESS__) /* instrumented, there is no plain loop left */
#pragma GCC unroll 4
#endif
    for (i = 0; i < 4; ++i) {
      const int32_t v = intact_to_i32(values[i]);
      a += (uint32_t)(v * w0[i]);
      b += (uint32_t)(v * w1[i]);
      d += (uint32_t)(v * w2[i]);
      e += (uint32_t)(v * w3[i]);
    }
  }
  for (i = 0; i < count; ++i) {
    const int32_t v = intact_to_i32(values[i]);
    a += (uint32_t)(v * w0[i]);
    b += (uint32_t)(v * w1[i]);
    d += (uint32_t)(v * w2[i]);
    e += (uint32_t)(v * w3[i]);
  }
  sums[0] = a;
  sums[1] = b;
  sums[2] = d;
  sums[3] = e;
}

#endif
