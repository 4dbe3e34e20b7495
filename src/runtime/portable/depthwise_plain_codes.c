#include "../intact_depthwise_plain.h"

#if !INTACT_ISA_ARMV6M

/* Inlined with constants. fields: sums are taken apart first; fresh: bit 0. */
static inline void put(const intact_conv* c, uint32_t o, const intact_plain_word* sums, uint32_t count,
                       uint32_t shift, uint32_t bits, uint8_t* to, uint32_t step, uint32_t bit,
                       uint32_t fields, uint32_t fresh) {
  const int32_t m = intact_load_i32(c->multipliers + (size_t)o * 4);
  const int32_t b = intact_load_i32(c->biases + (size_t)o * 4);
  const intact_round round = c->round;
  const uint32_t k = c->k, half = 1u << (bits - 1), mask = 2 * half - 1;
  const intact_plain_word* const end = sums + count;
  if (round.bipolar) {
    for (; sums != end; ++sums, to += step) {
      const uint32_t acc = fields ? (*sums >> shift & mask) - half : *sums;
      const uint32_t code = (intact_scale(acc, k, m, b) >> 31) ^ 1u;
      *to = (uint8_t)(fresh ? code : *to | code << bit);
    }
  } else {
    for (; sums != end; ++sums, to += step) {
      const uint32_t acc = fields ? (*sums >> shift & mask) - half : *sums;
      const int32_t q = intact_asr(intact_to_i32(intact_scale(acc, k, m, b)), round.r);
      const uint32_t code = (uint32_t)intact_clamp(q, round.qmin, round.qmax);
      *to = (uint8_t)((fresh ? code : *to | code << bit) & 0xffu);
    }
  }
}

void intact_depthwise_plain_codes(const intact_conv* c, uint32_t o, intact_plain_word* acc, uint32_t count,
                                  uint8_t* to, uint32_t step, uint32_t bit) {
  if (bit == 0) {
    put(c, o, acc, count, 0, 32, to, step, 0, 0, 1);
  } else {
    put(c, o, acc, count, 0, 32, to, step, bit, 0, 0);
  }
}

void intact_depthwise_plain_field_codes(const intact_conv* c, uint32_t o,
                                        const intact_depthwise_plain_field* field, uint32_t count,
                                        uint8_t* to, uint32_t step, uint32_t bit) {
  if (bit == 0) {
    put(c, o, field->sums, count, field->shift, field->bits, to, step, 0, 1, 1);
  } else {
    put(c, o, field->sums, count, field->shift, field->bits, to, step, bit, 1, 0);
  }
}

#endif
