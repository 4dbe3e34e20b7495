#include "../intact_plain.h"

#if !INTACT_ISA_ARMV6M

void intact_plain_requantize(const intact_conv* c, uint32_t o, const intact_round* to,
                             intact_plain_word* words, uint32_t count) {
  const int32_t m = intact_load_i32(c->multipliers + (size_t)o * 4);
  const int32_t b = intact_load_i32(c->biases + (size_t)o * 4);
  const intact_round round = *to;
  const uint32_t k = c->k;
  intact_plain_word* const end = words + count;
  if (round.bipolar) {
    for (; words != end; ++words) *words = (intact_scale(*words, k, m, b) >> 31) ^ 1u;
  } else {
    for (; words != end; ++words) {
      const int32_t q = intact_asr(intact_to_i32(intact_scale(*words, k, m, b)), round.r);
      *words = (uint32_t)intact_clamp(q, round.qmin, round.qmax);
    }
  }
}

#endif
