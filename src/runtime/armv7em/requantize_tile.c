/* Four channels at a time: t of each, t >> r in halfwords, clamped there and as bytes, packed, stored.
 *
 * The clamp: with x = t >> r saturated to 16 bits (no code lies beyond), x - qmin saturated to 0 .. 255, then
 * the smaller of that and qmax - qmin: adding 255 - (qmax - qmin) saturates at 255, subtracting it again
 * leaves the minimum; the same subtraction adds qmin. A bipolar code is 1 where t >> r >= 0, else 0: the
 * clamp to -1 .. 0, without adding -1 back.
 */
#include "requantize_tile.h"

#include "dsp_instructions.h"
#include "expand16.h"

#if INTACT_ISA_ARMV7M

enum { RESIDUAL_RUN = 32 }; /* channels whose residual is decoded at once */

static uint32_t both(uint32_t halfword) {
  return (halfword & 0xffffu) * 0x00010001u;
}
static uint32_t four(uint32_t byte) {
  return (byte & 0xffu) * 0x01010101u;
}

intact_requantizer intact_make_requantizer(const intact_conv* conv, uint32_t shift) {
  const intact_round* round = &conv->round;
  const uint32_t range = round->bipolar ? 1 : (uint32_t)(round->qmax - round->qmin);
  intact_requantizer q;
  q.conv = conv;
  q.shift = shift;
  q.halves = round->bipolar || round->r == 16;
  q.least = both((uint32_t)round->qmin);
  q.spare = four(255 - range);
  q.back = four(255 - range - (round->bipolar ? 0 : (uint32_t)round->qmin));
  q.mask = conv->output.storage_bits < 8 ? four((1u << conv->output.storage_bits) - 1u) : 0xffffffffu;
  return q;
}

/* t of four channels; residual: their v_res, or null. */
static inline void scale_quad(const intact_requantizer* q, const intact_accumulator* acc,
                              const intact_word_alias* m, const intact_word_alias* b,
                              const intact_i16* residual, uint32_t t[4]) {
  uint32_t i;
#pragma GCC unroll 4
  for (i = 0; i < 4; ++i) {
    t[i] = intact_smmla(acc[i] << q->shift, m[i], b[i]);
    if (residual) t[i] += intact_mul(residual[i], q->conv->m_res);
  }
}

#if INTACT_ISA_ARMV7EM

/* Their codes, one in each byte. */
static inline uint32_t round_quad(const intact_requantizer* q, const uint32_t t[4]) {
  const uint32_t r = q->conv->round.r;
  uint32_t even, odd, codes;
  if (q->halves) {
    even = intact_pack_upper(t[0], t[2]);
    odd = intact_pack_upper(t[1], t[3]);
  } else {
    uint32_t x[4], i;
#pragma GCC unroll 4
    for (i = 0; i < 4; ++i) x[i] = intact_ssat16bit((uint32_t)intact_asr(intact_to_i32(t[i]), r));
    even = intact_pack_lower(x[0], x[2]);
    odd = intact_pack_lower(x[1], x[3]);
  }
  even = intact_usat16_8(intact_qsub16(even, q->least));
  odd = intact_usat16_8(intact_qsub16(odd, q->least));
  codes = intact_uqadd8(even | odd << 8, q->spare);
  return intact_usub8(codes, q->back) & q->mask;
}

#else

static inline uint32_t round_quad(const intact_requantizer* q, const uint32_t t[4]) {
  uint32_t codes = 0, i;
#pragma GCC unroll 4
  for (i = 0; i < 4; ++i) codes |= (intact_round_code(&q->conv->round, t[i]) & 0xffu) << (8 * i);
  return codes & q->mask;
}

#endif

/* Packed from bit 0 up. The products move byte i to bit 24 + storage i; what lands below bit 24 does not
 * overlap, so that nothing is carried. */
static inline uint32_t pack_quad(uint32_t storage, uint32_t codes) {
  switch (storage) {
    case 8:
      return codes;
    case 4:
      codes |= codes >> 4; /* codes 0 and 1 in byte 0, 2 and 3 in byte 2 */
      return (codes & 0xffu) | (codes >> 8 & 0xff00u);
    case 2:
      return codes * 0x01041040u >> 24;
    default:
      return codes * 0x01020408u >> 24;
  }
}

typedef struct operands {
  const intact_accumulator* acc;
  const intact_word_alias *m, *b;
} operands;

/* Up to RESIDUAL_RUN channels whose first code is the first of byte `to`; only a last run of a pixel may end
 * within a byte. Returns the byte behind. */
static inline uint8_t* requantize_run(const intact_requantizer* q, operands from, const intact_i16* residual,
                                      uint32_t channels, uint8_t* to) {
  const uint32_t storage = q->conv->output.storage_bits;
  uint32_t t[4], bits, nibble = 0, half = 0;
  for (; channels >= 4; channels -= 4) {
    scale_quad(q, from.acc, from.m, from.b, residual, t);
    bits = pack_quad(storage, round_quad(q, t));
    if (storage == 8) {
      intact_store_any(to, bits);
      to += 4;
    } else if (storage == 4) {
      intact_store_half(to, bits);
      to += 2;
    } else if (storage == 2) {
      *to++ = (uint8_t)bits;
    } else if (half) {
      *to++ = (uint8_t)(nibble | bits << 4);
      half = 0;
    } else {
      nibble = bits;
      half = 1;
    }
    from.acc += 4;
    from.m += 4;
    from.b += 4;
    if (residual) residual += 4;
  }
  if (channels > 0) {
    intact_accumulator acc[4] = {0, 0, 0, 0};
    intact_word_alias m[4] = {0, 0, 0, 0}, b[4] = {0, 0, 0, 0};
    intact_i16 v[4] = {0, 0, 0, 0};
    uint32_t i;
    for (i = 0; i < channels; ++i) {
      acc[i] = from.acc[i];
      m[i] = from.m[i];
      b[i] = from.b[i];
      if (residual) v[i] = residual[i];
    }
    scale_quad(q, acc, m, b, residual ? v : 0, t);
    bits = pack_quad(storage, round_quad(q, t) & (0xffffffffu >> (32 - 8 * channels)));
    if (half) {
      bits = nibble | bits << 4;
      channels += 4;
    }
    for (i = 0; i < channels * storage; i += 8) *to++ = (uint8_t)(bits >> i & 0xffu);
  } else if (half) {
    *to++ = (uint8_t)nibble;
  }
  return to;
}

/* Inlined once with and once without a residual. */
static inline void requantize_pixel(const intact_requantizer* q, operands from, uint32_t pixel,
                                    uint32_t first, uint32_t channels, uint32_t has_residual) {
  const intact_conv* c = q->conv;
  uint8_t* const start = c->output.data + (size_t)pixel * c->output.pixel_bytes;
  uint8_t* to = start + first * c->output.storage_bits / 8;
  const uint32_t end = first + channels;
  while (first < end) {
    const uint32_t run = has_residual && end - first > RESIDUAL_RUN ? RESIDUAL_RUN : end - first;
    if (has_residual) {
      uint32_t residual[RESIDUAL_RUN / 2];
      intact_expand16(&c->decode_residual, intact_residual_pixel(c, pixel), first, run,
                      (intact_i16*)(void*)residual);
      to = requantize_run(q, from, (const intact_i16*)(const void*)residual, run, to);
    } else {
      to = requantize_run(q, from, 0, run, to);
    }
    first += run;
    from.acc += run;
    from.m += run;
    from.b += run;
  }
  if (end == c->output.channels)
    while (to < start + c->output.pixel_bytes) *to++ = 0;
}

static void add_biases(const intact_conv* c, operands from, uint32_t pixel, uint32_t first,
                       uint32_t channels) {
  uint8_t* to = c->output.data + (size_t)pixel * c->output.pixel_bytes + (size_t)first * 4;
  uint32_t i;
  for (i = 0; i < channels; ++i, to += 4) intact_store_word(to, from.acc[i] + from.b[i]);
}

void intact_requantize_tile(const intact_requantizer* q, const intact_accumulator* acc, uint32_t stride,
                            uint32_t pixel, uint32_t pixels, uint32_t first, uint32_t channels) {
  const intact_conv* c = q->conv;
  operands from;
  from.acc = acc;
  from.m = (const intact_word_alias*)(const void*)c->multipliers + first;
  from.b = (const intact_word_alias*)(const void*)c->biases + first;
  for (; pixels > 0; --pixels, ++pixel, from.acc += stride) {
    if (c->output.storage_bits == 32)
      add_biases(c, from, pixel, first, channels);
    else if (c->has_residual)
      requantize_pixel(q, from, pixel, first, channels, 1);
    else
      requantize_pixel(q, from, pixel, first, channels, 0);
  }
}

#endif
