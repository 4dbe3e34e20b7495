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

INTACT_APART static void store_words(const intact_conv* c, uint32_t o, const intact_plain_word* acc,
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

/* Codes without other bits, to bytes that hold zeros from bit `shift` on. */
static void add_codes(uint8_t* to, uint32_t shift, const intact_plain_word* codes,
                      const intact_plain_word* at, uint32_t count) {
  const intact_plain_word* const end = at + count;
  for (; at != end; ++codes, ++at) {
    const uint32_t place = *at;
    if (place != INTACT_PLAIN_NOWHERE) to[place] = (uint8_t)(to[place] | *codes << shift);
  }
}

/* Zeros in the bytes behind that of the last channel. */
INTACT_APART static void store_padding(const intact_conv* c, const intact_plain_word* at, uint32_t count) {
  uint32_t first = (c->output.channels * c->output.storage_bits + 7) >> 3, i;
  for (; count; --count, ++at) {
    for (i = first; i < c->output.pixel_bytes && *at != INTACT_PLAIN_NOWHERE; ++i)
      c->output.data[*at + i] = 0;
  }
}

/* Codes with other bits, where a byte's other codes stay: those below, and with a residual, which may lie
 * there, those above, but for the padding behind the last channel. */
INTACT_APART static void replace_codes(const intact_conv* c, uint32_t o, const intact_plain_word* codes,
                                       const intact_plain_word* at, uint32_t count) {
  const intact_plain_word* const end = at + count;
  const uint32_t bit = o * c->output.storage_bits, shift = bit & 7u;
  const uint32_t mask = (1u << c->output.storage_bits) - 1u;
  const uint32_t above = c->has_residual && !c->residual_apart && o + 1 != c->output.channels;
  const uint32_t keep = above ? ~(mask << shift) : (1u << shift) - 1u;
  uint8_t* const to = c->output.data + (bit >> 3);
  for (; at != end; ++codes, ++at) {
    const uint32_t place = *at;
    if (place != INTACT_PLAIN_NOWHERE) {
      to[place] = (uint8_t)((to[place] & keep) | (*codes & mask) << shift);
    }
  }
  if (o + 1 == c->output.channels) store_padding(c, end - count, count);
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
INTACT_APART static void finish_with_residual(const intact_conv* c, uint32_t o, intact_plain_word* acc,
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

static void add_to_bytes(intact_plain_word* bytes, const intact_plain_word* codes, uint32_t shift,
                         uint32_t count) {
  const intact_plain_word* const end = codes + count;
  for (; codes != end; ++codes, ++bytes) *bytes |= *codes << shift;
}

/* The byte's last codes beside those before. */
INTACT_APART static void store_both(uint8_t* to, const intact_plain_word* codes, uint32_t shift,
                                    const intact_plain_pixels* p) {
  const intact_plain_word *at = p->at, *bytes = p->byte, *const end = at + p->count;
  for (; at != end; ++bytes, ++codes, ++at) {
    const uint32_t place = *at;
    if (place != INTACT_PLAIN_NOWHERE) to[place] = (uint8_t)((*bytes | *codes << shift) & 0xffu);
  }
}

/* Codes of a byte from bit p->shift on. */
INTACT_APART static void store_byte(uint8_t* to, const intact_plain_word* codes,
                                    const intact_plain_pixels* p) {
  if (p->shift) { /* channels before these have begun it */
    add_codes(to, p->shift, codes, p->at, p->count);
  } else {
    store_bytes(to, codes, p->at, p->count);
  }
}

/* Codes without other bits: those of a byte are stored together. */
static void collect_codes(const intact_conv* c, uint32_t o, intact_plain_word* codes, intact_plain_pixels* p,
                          uint32_t more) {
  const uint32_t storage = c->output.storage_bits, bit = o * storage, shift = bit & 7u;
  const uint32_t ends = !more || shift + storage == 8;
  if (p->byte && ends && p->shift == 0) {
    store_both(c->output.data + (bit >> 3), codes, shift, p);
  } else {
    if (p->byte) {
      add_to_bytes(p->byte, codes, shift - p->shift, p->count);
    } else {
      p->byte = codes;
      p->shift = shift;
    }
    if (!ends) return;
    store_byte(c->output.data + (bit >> 3), p->byte, p);
  }
  p->byte = 0;
  if (o + 1 == c->output.channels) store_padding(c, p->at, p->count);
}

void intact_plain_finish(const intact_conv* c, uint32_t o, intact_plain_word* acc, intact_plain_pixels* p,
                         uint32_t more) {
  const uint32_t storage = c->output.storage_bits;
  if (storage == 32) {
    store_words(c, o, acc, p->at, p->count);
    return;
  }
  if (c->has_residual) {
    finish_with_residual(c, o, acc, p->at, p->count);
    if (storage < 8) {
      replace_codes(c, o, acc, p->at, p->count);
      return;
    }
  } else {
    intact_plain_requantize(c, o, &c->round, acc, p->count);
  }
  if (storage == 8) {
    store_bytes(c->output.data + o, acc, p->at, p->count);
  } else if (c->output.kind == INTACT_KIND_SIGNED) {
    replace_codes(c, o, acc, p->at, p->count);
  } else {
    collect_codes(c, o, acc, p, more);
  }
}
