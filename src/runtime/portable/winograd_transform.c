#include "../intact_winograd.h"

void intact_winograd_input(intact_plain_word* first, uint32_t step, uint32_t count) {
  intact_plain_word* const end = first + count;
  for (; first != end; ++first) {
    intact_plain_word* at = first;
    const uint32_t d0 = at[0], d1 = *(at += step), d2 = *(at += step), d3 = *(at += step), d4 = *(at += step),
                   d5 = *(at += step);
    const uint32_t even = d4 - d2, odd = 2 * (d3 - d1);
    const uint32_t sum = d4 - 4 * d2, difference = d3 - 4 * d1;
    *at = d5 - d3 - 2 * odd;
    *(at -= step) = even - odd;
    *(at -= step) = even + odd;
    *(at -= step) = sum - difference;
    *(at - step) = sum + difference;
    *first = 4 * (d0 - d2) + even;
  }
}

void intact_winograd_weights(intact_i16* first, uint32_t step, uint32_t count) {
  for (; count; --count, ++first) {
    const int32_t g0 = first[0], g1 = first[step], g2 = first[2 * step];
    const int32_t outer = -4 * (g0 + g2), inner = 4 * g1, even = g0 + 4 * g2, odd = 2 * g1;
    first[0] = (intact_i16)(6 * g0);
    first[step] = (intact_i16)(outer - inner);
    first[2 * step] = (intact_i16)(outer + inner);
    first[3 * step] = (intact_i16)(even + odd);
    first[4 * step] = (intact_i16)(even - odd);
    first[5 * step] = (intact_i16)(24 * g2);
  }
}

void intact_winograd_output(const intact_plain_word* sums, intact_plain_word* to) {
  const uint32_t third = 0xaaaaaaabu; /* 3 third = 1 modulo 2^32 */
  uint32_t l;
  for (l = 0; l < 4; ++l, ++sums, ++to) {
    const uint32_t near = sums[4] + sums[8], near_odd = sums[4] - sums[8];
    const uint32_t far = sums[12] + sums[16], far_odd = sums[12] - sums[16];
    to[0] = (uint32_t)intact_asr(intact_to_i32((sums[0] + near + far) * third), 3);
    to[4] = (uint32_t)intact_asr(intact_to_i32((near_odd + 2 * far_odd) * third), 3);
    to[8] = (uint32_t)intact_asr(intact_to_i32((near + 4 * far) * third), 3);
    to[12] = (uint32_t)intact_asr(intact_to_i32((near_odd + 8 * far_odd + sums[20]) * third), 3);
  }
}
