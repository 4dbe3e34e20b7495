/* From words of t >> 16 of two neighbouring pixels to packed codes. Codes of as many channels as fill a
 * halfword are put together for both pixels at once; two such words, packed crosswise, are a word of each
 * pixel.
 */
#include "depthwise16.h"
#include "dsp_instructions.h"

#if INTACT_ISA_ARMV7EM

/* How t >> 16 becomes a code. */
enum { WHOLE, RANGE, BIPOLAR }; /* 0 .. 2^bits - 1; qmin .. qmax; the sign */

typedef struct clamp {
  uint32_t least; /* qmin in both halfwords */
  uint32_t spare; /* 255 - (qmax - qmin) in both lower bytes */
  uint32_t back;  /* the same less qmin */
  uint32_t mask;  /* of a code in both halfwords */
} clamp;

/* Both halfwords clamped to 0 .. 2^bits - 1. */
static inline uint32_t saturate(uint32_t x, uint32_t bits) {
  uint32_t d;
  if (bits == 8)
    __asm__("usat16 %0, #8, %1" : "=r"(d) : "r"(x));
  else if (bits == 4)
    __asm__("usat16 %0, #4, %1" : "=r"(d) : "r"(x));
  else if (bits == 2)
    __asm__("usat16 %0, #2, %1" : "=r"(d) : "r"(x));
  else
    __asm__("usat16 %0, #1, %1" : "=r"(d) : "r"(x));
  return d;
}

/* RANGE: x - qmin, saturated to 0 .. 255; the smaller of that and qmax - qmin by adding 255 - (qmax - qmin),
 * saturated, and subtracting it again; the same subtraction adds qmin. */
static inline uint32_t code_of(const clamp* k, uint32_t x, uint32_t bits, uint32_t mode) {
  if (mode == BIPOLAR) return k->mask & ~(x >> 15);
  if (mode == WHOLE) return saturate(x, bits);
  x = intact_uqadd8(intact_usat16_8(intact_qsub16(x, k->least)), k->spare);
  return intact_usub8(x, k->back) & k->mask;
}

/* Words of four planes. In C the compiler keeps more multiples of the plane than it has registers. */
#define LOAD_QUAD(from, a, b, c, d)                                \
  __asm__ volatile(                                                \
      "ldr %[ra], [%[p]]"                                          \
      "\n\tldr %[rb], [%[p], %[s]]"                                \
      "\n\tldr %[rc], [%[p], %[s], lsl #1]"                        \
      "\n\tldr %[rd], [%[p], %[s3]]"                               \
      : [ra] "=&r"(a), [rb] "=&r"(b), [rc] "=&r"(c), [rd] "=&r"(d) \
      : [p] "r"(from), [s] "r"(plane), [s3] "r"(plane3)            \
      : "memory")

/* Four channels of both pixels, next to each other in halfwords; not for 8 bits. */
static inline uint32_t quad(const clamp* k, const uint8_t* from, uint32_t plane, uint32_t plane3,
                            uint32_t bits, uint32_t mode) {
  uint32_t a, b, c, d;
  LOAD_QUAD(from, a, b, c, d);
  a = code_of(k, a, bits, mode) | code_of(k, b, bits, mode) << bits;
  a |= code_of(k, c, bits, mode) << 2 * bits;
  return a | code_of(k, d, bits, mode) << 3 * bits;
}

/* As many as fill halfwords; not for 8 bits. */
static inline uint32_t half(const clamp* k, const uint8_t* from, uint32_t plane, uint32_t plane3,
                            uint32_t bits, uint32_t mode) {
  uint32_t codes = quad(k, from, plane, plane3, bits, mode), i;
#pragma GCC unroll 4
  for (i = 4 * bits; i < 16; i += 4 * bits) {
    from += 4 * plane;
    codes |= quad(k, from, plane, plane3, bits, mode) << i;
  }
  return codes;
}

/* 32 / bits channels of both pixels: a word of each. */
static inline void whole(const clamp* k, const uint8_t* from, uint32_t plane, uint32_t plane3, uint32_t bits,
                         uint32_t mode, uint32_t codes[2]) {
  uint32_t e, f;
  if (bits == 8) {
    uint32_t a, b, c, d;
    LOAD_QUAD(from, a, b, c, d);
    e = code_of(k, a, bits, mode) | code_of(k, b, bits, mode) << 8;
    f = code_of(k, c, bits, mode) | code_of(k, d, bits, mode) << 8;
  } else {
    e = half(k, from, plane, plane3, bits, mode);
    f = half(k, from + plane * (16 / bits), plane, plane3, bits, mode);
  }
  codes[0] = intact_pack_lower(e, f);
  codes[1] = intact_pack_upper(e, f);
}

/* What is left behind whole words: `rest` channels, below 32 / bits. */
static inline void part(const clamp* k, const uint8_t* from, uint32_t plane, uint32_t rest, uint32_t bits,
                        uint32_t mode, uint32_t codes[2]) {
  uint32_t at = 0;
  codes[0] = codes[1] = 0;
  if (bits < 8 && rest >= 16 / bits) {
    const uint32_t x = half(k, from, plane, plane * 3, bits, mode);
    codes[0] = x & 0xffffu;
    codes[1] = x >> 16;
    at = 16;
    from += plane * (16 / bits);
    rest -= 16 / bits;
  }
  for (; bits < 8 && rest >= 4; rest -= 4, at += 4 * bits, from += 4 * plane) {
    const uint32_t x = quad(k, from, plane, plane * 3, bits, mode);
    codes[0] |= (x & 0xffffu) << at;
    codes[1] |= (x >> 16) << at;
  }
  for (; rest > 0; --rest, at += bits, from += plane) {
    const uint32_t x = code_of(k, intact_load_word(from), bits, mode);
    codes[0] |= (x & 0xffffu) << at;
    codes[1] |= (x >> 16) << at;
  }
}

static __attribute__((noinline)) void store_few(uint8_t* to, uint32_t codes, uint32_t bytes) {
  for (; bytes > 0; --bytes, codes >>= 8) *to++ = (uint8_t)(codes & 0xffu);
}

static inline void pack(const clamp* range, uint32_t pixel_bytes, uint32_t channels,
                        const intact_depthwise16_results* r, uint32_t bits, uint32_t mode) {
  const clamp k = *range;
  const uint32_t per_word = 32 / bits, plane = r->plane * 4, plane3 = r->plane * 12, step = r->step * 4;
  const uint32_t rest = channels % per_word, rest_bytes = bits == 1 ? 4 : (rest * bits + 7) / 8;
  const uint8_t* column = (const uint8_t*)(const void*)r->from;
  uint8_t* word = r->to;
  uint32_t words = channels / per_word, codes[2], x;
  for (; words > 0; --words, word += 4, column += per_word * plane) {
    const uint8_t* from = column;
    uint8_t* to = word;
    for (x = r->outputs / 2; x > 0; --x, from += step, to += 2 * pixel_bytes) {
      whole(&k, from, plane, plane3, bits, mode, codes);
      intact_store_any(to, codes[0]);
      intact_store_any(to + pixel_bytes, codes[1]);
    }
    if (r->outputs & 1u) {
      whole(&k, from, plane, plane3, bits, mode, codes);
      intact_store_any(to, codes[0]);
    }
  }
  if (rest == 0) return;
  for (x = 0; x < r->outputs; x += 2, column += step, word += 2 * pixel_bytes) {
    part(&k, column, plane, rest, bits, mode, codes);
    if (rest_bytes == 4) {
      intact_store_any(word, codes[0]);
      if (x + 1 < r->outputs) intact_store_any(word + pixel_bytes, codes[1]);
    } else {
      store_few(word, codes[0], rest_bytes);
      if (x + 1 < r->outputs) store_few(word + pixel_bytes, codes[1], rest_bytes);
    }
  }
}

static uint32_t both(uint32_t halfword) {
  return (halfword & 0xffffu) * 0x00010001u;
}

void intact_depthwise16_pack(const intact_conv* c, uint32_t channels, const intact_depthwise16_results* r) {
  const intact_round* round = &c->round;
  const uint32_t bits = c->output.storage_bits, range = (uint32_t)(round->qmax - round->qmin);
  const uint32_t is_whole = round->qmin == 0 && round->qmax == (int32_t)((1u << bits) - 1u);
  clamp k;
  k.mask = both((1u << bits) - 1u);
  k.least = both((uint32_t)round->qmin);
  k.spare = both(255 - range);
  k.back = both((255 - range - (uint32_t)round->qmin) & 0xffu);
  if (round->bipolar)
    pack(&k, c->output.pixel_bytes, channels, r, 1, BIPOLAR);
  else if (bits == 8 && is_whole)
    pack(&k, c->output.pixel_bytes, channels, r, 8, WHOLE);
  else if (bits == 8)
    pack(&k, c->output.pixel_bytes, channels, r, 8, RANGE);
  else if (bits == 4 && is_whole)
    pack(&k, c->output.pixel_bytes, channels, r, 4, WHOLE);
  else if (bits == 4)
    pack(&k, c->output.pixel_bytes, channels, r, 4, RANGE);
  else if (bits == 2 && is_whole)
    pack(&k, c->output.pixel_bytes, channels, r, 2, WHOLE);
  else if (bits == 2)
    pack(&k, c->output.pixel_bytes, channels, r, 2, RANGE);
  else
    pack(&k, c->output.pixel_bytes, channels, r, 1, WHOLE);
}

#endif
