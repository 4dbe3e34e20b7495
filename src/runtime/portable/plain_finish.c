#include "../intact_plain.h"

void intact_plain_split(const intact_plain_word* words, uint32_t count, uint32_t fields, uint32_t field_bits,
                        intact_plain_word* to) {
  const uint32_t half = 1u << (field_bits - 1), mask = 2 * half - 1;
  const intact_plain_word* const end = words + count;
  if (fields == 2) {
    for (; words != end; ++words, ++to) {
      const uint32_t word = *words, low = ((word + half) & mask) - half;
      to[0] = low;
      to[count] = (uint32_t)intact_asr(intact_to_i32(word - low), field_bits);
    }
  } else {
    for (; words != end; ++words, ++to) {
      const uint32_t word = *words, low = ((word + half) & mask) - half;
      const uint32_t rest = (uint32_t)intact_asr(intact_to_i32(word - low), field_bits);
      const uint32_t middle = ((rest + half) & mask) - half;
      to[0] = low;
      to[count] = middle;
      to[2 * count] = (uint32_t)intact_asr(intact_to_i32(rest - middle), field_bits);
    }
  }
}

/* Where a code goes and what stays of its byte: the codes below it, and with a residual, which may lie there,
 * those above it but for the padding. zeros: bytes of padding behind. */
typedef struct slot {
  uint32_t byte, shift, mask, keep, zeros;
} slot;

static slot slot_of(const intact_conv* c, uint32_t o) {
  const uint32_t storage = c->output.storage_bits, bit = o * storage;
  slot s;
  s.byte = bit >> 3;
  s.shift = bit & 7;
  s.mask = (1u << storage) - 1u;
  s.keep = (1u << s.shift) - 1u;
  s.zeros = 0;
  if (o + 1 == c->output.channels) {
    s.zeros = c->output.pixel_bytes - s.byte - 1;
  } else if (c->has_residual && !c->residual_apart) {
    s.keep = ~(s.mask << s.shift);
  }
  return s;
}

static void store_words(const intact_conv* c, uint32_t o, const intact_plain_word* acc,
                        const intact_plain_word* at, uint32_t count) {
  const uint32_t b = (uint32_t)intact_load_i32(c->biases + (size_t)o * 4);
  for (; count; --count, ++acc, ++at) {
    if (*at != INTACT_PLAIN_NOWHERE) intact_store_u32(c->output.data + *at + (size_t)o * 4, *acc + b);
  }
}

static void store_bytes(uint8_t* to, const intact_plain_word* codes, const intact_plain_word* at,
                        uint32_t count) {
  const intact_plain_word* const end = at + count;
  for (; at != end; ++codes, ++at) {
    const uint32_t place = *at;
    if (place != INTACT_PLAIN_NOWHERE) to[place] = (uint8_t)(*codes & 0xffu);
  }
}

static void store_codes(uint8_t* to, slot s, const intact_plain_word* codes, const intact_plain_word* at,
                        uint32_t count) {
  const intact_plain_word* const end = at + count;
  const uint32_t shift = s.shift, mask = s.mask, keep = s.keep;
  for (; at != end; ++codes, ++at) {
    const uint32_t place = *at;
    if (place != INTACT_PLAIN_NOWHERE) {
      to[place] = (uint8_t)((to[place] & keep) | (*codes & mask) << shift);
    }
  }
}

static void store_zeros(uint8_t* to, uint32_t bytes, const intact_plain_word* at, uint32_t count) {
  uint32_t i;
  for (; count; --count, ++at) {
    for (i = 0; i < bytes && *at != INTACT_PLAIN_NOWHERE; ++i) to[*at + i] = 0;
  }
}

/* A pixel's place in the residual from its place in the output, at = pixel * output.pixel_bytes: with
 * pixel_bytes = 2^shift odd, pixel = (at >> shift) / odd, which is a multiplication modulo 2^32. */
typedef struct residual_place {
  uint32_t shift, step; /* step = residual.pixel_bytes / odd modulo 2^32 */
} residual_place;

static residual_place place_residual(const intact_conv* c) {
  residual_place p = {0, 1};
  uint32_t odd = c->output.pixel_bytes, inverse, i;
  if (c->residual.pixel_bytes == odd) return p;
  for (; !(odd & 1u); odd >>= 1) ++p.shift;
  inverse = odd; /* right in three bits; each step doubles them */
  for (i = 0; i < 4; ++i) inverse *= 2u - odd * inverse;
  p.step = inverse * c->residual.pixel_bytes;
  return p;
}

/* In place: first t without the residual, then its part. */
static void finish_with_residual(const intact_conv* c, uint32_t o, intact_plain_word* acc,
                                 const intact_plain_word* at, uint32_t count) {
  const intact_round none = {0, INT32_MIN, INT32_MAX, 0}, round = c->round;
  const residual_place p = place_residual(c);
  const intact_decoder d = c->decode_residual;
  const uint32_t bit = o * d.storage, shift = bit & 7u, mask = (1u << d.storage) - 1u;
  const uint32_t scale = (uint32_t)c->m_res << d.shift, base = intact_mul(d.offset, c->m_res);
  const uint8_t* const from = c->residual.data + (bit >> 3);
  const intact_plain_word* const end = at + count;
  intact_plain_requantize(c, o, &none, acc, count);
  for (; at != end; ++acc, ++at) {
    const uint32_t place = *at;
    if (place != INTACT_PLAIN_NOWHERE) {
      const uint32_t code = ((uint32_t)from[(place >> p.shift) * p.step] >> shift & mask) ^ d.flip;
      *acc = intact_round_code(&round, *acc + base + code * scale);
    }
  }
}

void intact_plain_finish(const intact_conv* c, uint32_t o, intact_plain_word* acc,
                         const intact_plain_word* at, uint32_t count) {
  slot s;
  if (c->output.storage_bits == 32) {
    store_words(c, o, acc, at, count);
    return;
  }
  if (c->has_residual) {
    finish_with_residual(c, o, acc, at, count);
  } else {
    intact_plain_requantize(c, o, &c->round, acc, count);
  }
  if (c->output.storage_bits == 8) {
    store_bytes(c->output.data + o, acc, at, count);
    return;
  }
  s = slot_of(c, o);
  store_codes(c->output.data + s.byte, s, acc, at, count);
  if (s.zeros) store_zeros(c->output.data + s.byte + 1, s.zeros, at, count);
}
