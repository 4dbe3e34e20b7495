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

/* Words of four planes; on to the fifth. In C the compiler keeps more multiples of the plane than it has
 * registers. */
#define LOAD_QUAD(from, a, b, c, d)                                                \
  __asm__ volatile(                                                                \
      "ldr %[ra], [%[p]]"                                                          \
      "\n\tldr %[rb], [%[p], %[s]]"                                                \
      "\n\tldr %[rc], [%[p], %[s], lsl #1]"                                        \
      "\n\tldr %[rd], [%[p], %[s3]]"                                               \
      "\n\tadd %[p], %[p], %[s], lsl #2"                                           \
      : [p] "+r"(from), [ra] "=&r"(a), [rb] "=&r"(b), [rc] "=&r"(c), [rd] "=&r"(d) \
      : [s] "r"(plane), [s3] "r"(plane3)                                           \
      : "memory")

/* 16 / bits channels of both pixels: in halfwords. 8 bits: twice as many, in *e and *f. */
static inline const uint8_t* gather(const clamp* k, const uint8_t* from, uint32_t plane, uint32_t plane3,
                                    uint32_t bits, uint32_t mode, uint32_t* e, uint32_t* f) {
  uint32_t a, b, c, d, i;
  if (bits == 8) {
    LOAD_QUAD(from, a, b, c, d);
    *e = code_of(k, a, bits, mode) | code_of(k, b, bits, mode) << 8;
    *f = code_of(k, c, bits, mode) | code_of(k, d, bits, mode) << 8;
    return from;
  }
  *e = 0;
#pragma GCC unroll 4
  for (i = 0; i < 16; i += 4 * bits) {
    LOAD_QUAD(from, a, b, c, d);
    a = code_of(k, a, bits, mode) | code_of(k, b, bits, mode) << bits;
    a |= code_of(k, c, bits, mode) << 2 * bits;
    a |= code_of(k, d, bits, mode) << 3 * bits;
    *e |= a << i;
  }
  return from;
}

/* What is left behind whole words: below 32 / bits channels. */
static inline void pack_rest(const clamp* k, const uint8_t* from, uint32_t plane, uint32_t rest,
                             uint32_t bits, uint32_t mode, uint32_t codes[2]) {
  uint32_t at;
  codes[0] = codes[1] = 0;
  for (at = 0; rest > 0; --rest, at += bits, from += plane) {
    const uint32_t x = code_of(k, intact_load_word(from), bits, mode);
    codes[0] |= (x & 0xffffu) << at;
    codes[1] |= (x >> 16) << at;
  }
}

static __attribute__((noinline)) void store_rest(uint8_t* to, uint32_t codes, uint32_t bytes) {
  for (; bytes > 0; --bytes, codes >>= 8) *to++ = (uint8_t)(codes & 0xffu);
}

static inline void pack(const intact_conv* conv, const clamp* range, uint32_t channels,
                        const intact_depthwise16_results* r, uint32_t bits, uint32_t mode) {
  const clamp k = *range;
  const uint32_t per_word = 32 / bits, plane = r->plane * 4, plane3 = r->plane * 12;
  const uint32_t words = channels / per_word, rest = channels % per_word;
  const uint32_t rest_bytes = bits == 1 ? 4 : (rest * bits + 7) / 8, pixel_bytes = conv->output.pixel_bytes;
  const uint8_t* column = (const uint8_t*)(const void*)r->from;
  uint8_t* to = r->to;
  uint32_t x, i;
  for (x = 0; x < r->outputs; x += 2, column += r->step * 4, to += 2 * pixel_bytes) {
    const uint32_t both = x + 1 < r->outputs;
    const uint8_t* from = column;
    uint8_t* first = to;
    uint8_t* second = both ? to + pixel_bytes : to; /* without a second pixel the first is written over it */
    for (i = 0; i < words; ++i) {
      uint32_t e, f;
      from = gather(&k, from, plane, plane3, bits, mode, &e, &f);
      if (bits != 8) from = gather(&k, from, plane, plane3, bits, mode, &f, &f);
      intact_store_any(second, intact_pack_upper(e, f));
      intact_store_any(first, intact_pack_lower(e, f));
      first += 4;
      second += 4;
    }
    if (rest > 0) {
      uint32_t codes[2];
      pack_rest(&k, from, plane, rest, bits, mode, codes);
      store_rest(second, codes[1], rest_bytes);
      store_rest(first, codes[0], rest_bytes);
    }
  }
}

static uint32_t both(uint32_t halfword) {
  return (halfword & 0xffffu) * 0x00010001u;
}

void intact_depthwise16_pack(const intact_conv* c, uint32_t channels, const intact_depthwise16_results* r) {
  const intact_round* round = &c->round;
  const uint32_t bits = c->output.storage_bits, range = (uint32_t)(round->qmax - round->qmin);
  const uint32_t whole = round->qmin == 0 && round->qmax == (int32_t)((1u << bits) - 1u);
  clamp k;
  k.mask = both((1u << bits) - 1u);
  k.least = both((uint32_t)round->qmin);
  k.spare = both(255 - range);
  k.back = both((255 - range - (uint32_t)round->qmin) & 0xffu);
  if (round->bipolar)
    pack(c, &k, channels, r, 1, BIPOLAR);
  else if (bits == 8 && whole)
    pack(c, &k, channels, r, 8, WHOLE);
  else if (bits == 8)
    pack(c, &k, channels, r, 8, RANGE);
  else if (bits == 4 && whole)
    pack(c, &k, channels, r, 4, WHOLE);
  else if (bits == 4)
    pack(c, &k, channels, r, 4, RANGE);
  else if (bits == 2 && whole)
    pack(c, &k, channels, r, 2, WHOLE);
  else if (bits == 2)
    pack(c, &k, channels, r, 2, RANGE);
  else if (whole)
    pack(c, &k, channels, r, 1, WHOLE);
  else
    pack(c, &k, channels, r, 1, RANGE);
}

#endif
