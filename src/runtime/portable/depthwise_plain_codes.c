#include "../intact_depthwise_plain.h"

#if !INTACT_ISA_ARMV6M

/* Inlined with a constant fresh. */
static inline void put(const intact_conv* c, uint32_t o, const intact_plain_word* acc, uint32_t count,
                       uint8_t* to, uint32_t step, uint32_t bit, uint32_t mask, uint32_t fresh) {
  const int32_t m = intact_load_i32(c->multipliers + (size_t)o * 4);
  const int32_t b = intact_load_i32(c->biases + (size_t)o * 4);
  const intact_round round = c->round;
  const uint32_t k = c->k;
  const intact_plain_word* const end = acc + count;
  if (round.bipolar) {
    for (; acc != end; ++acc, to += step) {
      const uint32_t code = (intact_scale(*acc, k, m, b) >> 31) ^ 1u;
      *to = (uint8_t)(fresh ? code : *to | code << bit);
    }
  } else {
    for (; acc != end; ++acc, to += step) {
      const int32_t q = intact_asr(intact_to_i32(intact_scale(*acc, k, m, b)), round.r);
      const uint32_t code = (uint32_t)intact_clamp(q, round.qmin, round.qmax) & mask;
      *to = (uint8_t)(fresh ? code : *to | code << bit);
    }
  }
}

void intact_depthwise_plain_codes(const intact_conv* c, uint32_t o, intact_plain_word* acc, uint32_t count,
                                  uint8_t* to, uint32_t step, uint32_t bit) {
  const uint32_t mask = (1u << c->output.storage_bits) - 1u;
  if (c->output.storage_bits == 8) {
    put(c, o, acc, count, to, step, 0, 0xffu, 1);
  } else if (bit == 0) {
    put(c, o, acc, count, to, step, 0, mask, 1);
  } else {
    put(c, o, acc, count, to, step, bit, mask, 0);
  }
}

#endif
