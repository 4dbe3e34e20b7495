/* The form of pairs: two channels' codes of two pixels in a word, two channels' weights of two output
 * channels in another.
 *
 * Codes: a word of sixteen codes of 2 bits has codes c and c + 8 16 bits from each other. Of the second pixel
 * it is turned by 16, so that its codes c + 8 and c stand there; then the two words exchange pairs of bits:
 * those of one parity then stand two bits above the other pixel's, which is 14 bits below them in a halfword
 * turned round. One AND with a rotated operand gives a word of a step. Sixteen codes of 1 bit are parted in
 * the same way, their bytes in two halfwords.
 */
#include "../intact_isa.h"
#include "poly_point.h"

#if INTACT_ISA_ARMV7EM && !INTACT_ISA_MVE

#include "dsp_instructions.h"

static inline void exchange(uint32_t* x0, uint32_t* x1) {
  uint32_t t;
  *x1 = *x1 >> 16 | *x1 << 16;
  t = (*x0 ^ *x1 >> 2) & 0x33333333u;
  *x0 ^= t;
  *x1 ^= t << 2;
}

#define STEP(a, u)                        \
  "and r4, %[mask], %[" #a "0], ror #" #u \
  "\n"                                    \
  "and r5, %[mask], %[" #a "1], ror #" #u "\n"
#define SECOND_STEP(a, u)                 \
  "and r6, %[mask], %[" #a "0], ror #" #u \
  "\n"                                    \
  "and r8, %[mask], %[" #a "1], ror #" #u \
  "\n"                                    \
  "stmia %[to]!, {r4, r5, r6, r8}\n"
#define STEPS_OF_A_BLOCK(text)                                                                          \
  __asm__ volatile(text                                                                                 \
                   : [to] "+r"(to)                                                                      \
                   : [high0] "r"(x0), [low0] "r"(x1), [high1] "r"(x2), [low1] "r"(x3), [mask] "r"(mask) \
                   : "r4", "r5", "r6", "r8", "memory")

static inline intact_word_alias* steps_of_block(uint32_t x0, uint32_t x1, uint32_t x2, uint32_t x3,
                                                intact_word_alias* to, uint32_t storage) {
  const uint32_t mask = ((1u << storage) - 1u) * 0x40014001u;
  exchange(&x0, &x1);
  exchange(&x2, &x3);
  if (storage == 2)
    STEPS_OF_A_BLOCK(STEP(low, 2) SECOND_STEP(high, 2) STEP(low, 6) SECOND_STEP(high, 6) STEP(low, 10)
                         SECOND_STEP(high, 10) STEP(low, 14) SECOND_STEP(high, 14));
  else
    STEPS_OF_A_BLOCK(STEP(low, 2) SECOND_STEP(low, 3) STEP(high, 2) SECOND_STEP(high, 3) STEP(low, 6)
                         SECOND_STEP(low, 7) STEP(high, 6) SECOND_STEP(high, 7));
  return to;
}

static intact_word_alias* tap_of_2(const uint8_t* const from[], uint32_t channels, uint32_t flip_first,
                                   uint32_t flip_second, intact_word_alias* to) {
  const uint8_t *from0 = from[0], *from1 = from[1], *from2 = from[2], *from3 = from[3];
  for (; channels >= 16; channels -= 16, from0 += 4, from1 += 4, from2 += 4, from3 += 4)
    to = steps_of_block(intact_load_any(from0) ^ flip_first, intact_load_any(from1) ^ flip_second,
                        intact_load_any(from2) ^ flip_first, intact_load_any(from3) ^ flip_second, to, 2);
  if (channels > 0) {
    const uint32_t bytes = (channels + 3) / 4;
    to = steps_of_block(
        intact_load_few(from0, bytes) ^ flip_first, intact_load_few(from1, bytes) ^ flip_second,
        intact_load_few(from2, bytes) ^ flip_first, intact_load_few(from3, bytes) ^ flip_second, to, 2);
  }
  return to;
}

/* Two bytes in two halfwords. */
static inline uint32_t load_parted(const uint8_t* p) {
  const uint32_t x = intact_load_half(p);
  return (x | x << 8) & 0x00ff00ffu;
}

/* Pixels are whole words. */
static intact_word_alias* tap_of_1(const uint8_t* const from[], uint32_t channels, intact_word_alias* to) {
  const uint8_t *from0 = from[0], *from1 = from[1], *from2 = from[2], *from3 = from[3];
  uint32_t blocks = (channels + 15) / 16;
  for (; blocks > 0; --blocks, from0 += 2, from1 += 2, from2 += 2, from3 += 2)
    to =
        steps_of_block(load_parted(from0), load_parted(from1), load_parted(from2), load_parted(from3), to, 1);
  return to;
}

intact_word_alias* intact_poly_point_pair_tap(const uint8_t* const from[INTACT_POLY_POINT_TILE],
                                              uint32_t channels, uint32_t storage, const uint32_t flips[2],
                                              intact_word_alias* to) {
  return storage == 2 ? tap_of_2(from, channels, flips[0], flips[1], to) : tap_of_1(from, channels, to);
}

typedef struct taps {
  const intact_i16* at[2]; /* of two output channels */
  uint32_t sum[2];         /* of halfwords */
} taps;

/* Weights w0 + w1 2^7 of up to eight input channels in one half of eight steps' words. */
static inline void put_half(taps* t, uint32_t count, uint32_t half, intact_i16* to) {
  uint32_t i;
  for (i = 0; i < 8; ++i) {
    const uint32_t w0 = i < count ? (uint32_t)*t->at[0]++ : 0, w1 = i < count ? (uint32_t)*t->at[1]++ : 0;
    to[4 * i + half] = (intact_i16)(w0 + (w1 << INTACT_POLY_POINT_PAIR_FIELD));
    t->sum[0] += w0;
    t->sum[1] += w1;
  }
}

/* Whole blocks; words of the taps hold two weights, and those of a step stand eight apart. */
static inline void put_block(taps* t, intact_word_alias* to) {
  const intact_word_alias* x = (const intact_word_alias*)(const void*)t->at[0];
  const intact_word_alias* y = (const intact_word_alias*)(const void*)t->at[1];
  uint32_t i;
#pragma GCC unroll 4
  for (i = 0; i < 4; ++i) {
    const uint32_t x0 = x[i], x1 = x[i + 4], y0 = y[i], y1 = y[i + 4];
    const uint32_t first = intact_add16(x0, y0 << INTACT_POLY_POINT_PAIR_FIELD & 0xff80ff80u);
    const uint32_t second = intact_add16(x1, y1 << INTACT_POLY_POINT_PAIR_FIELD & 0xff80ff80u);
    to[4 * i] = intact_pack_lower(first, second);
    to[4 * i + 2] = intact_pack_upper(first, second);
    t->sum[0] = intact_add16(intact_add16(t->sum[0], x0), x1);
    t->sum[1] = intact_add16(intact_add16(t->sum[1], y0), y1);
  }
  t->at[0] += INTACT_POLY_POINT_BLOCK;
  t->at[1] += INTACT_POLY_POINT_BLOCK;
}

/* The words of two output channels at every second place; sums: of their weights. */
static void put_taps(const intact_conv* c, taps* t, intact_word_alias* to, uint32_t sums[2]) {
  uint32_t tap, i;
  t->sum[0] = t->sum[1] = 0;
  if (c->group_in % INTACT_POLY_POINT_BLOCK == 0) {
    for (tap = c->taps / INTACT_POLY_POINT_BLOCK; tap > 0; --tap, to += INTACT_POLY_POINT_BLOCK)
      put_block(t, to);
    for (i = 0; i < 2; ++i)
      sums[i] = (uint32_t)intact_asr(intact_to_i32(t->sum[i]), 16) +
                (uint32_t)intact_asr(intact_to_i32(t->sum[i] << 16), 16);
    return;
  }
  for (tap = c->window.kernel_h * c->window.kernel_w; tap > 0; --tap) {
    uint32_t left = c->group_in;
    while (left > 0) {
      const uint32_t low = left < 8 ? left : 8, high = left - low < 8 ? left - low : 8;
      put_half(t, low, 0, (intact_i16*)(void*)to);
      put_half(t, high, 1, (intact_i16*)(void*)to);
      left -= low + high;
      to += INTACT_POLY_POINT_BLOCK;
    }
  }
  sums[0] = t->sum[0];
  sums[1] = t->sum[1];
}

void intact_poly_point_pair_weights(const intact_poly_point* point, uint32_t first, uint32_t count) {
  const intact_conv* c = point->conv;
  const intact_poly_point_plan* p = &point->plan;
  const intact_word_alias* m = (const intact_word_alias*)(const void*)c->multipliers + first;
  const intact_word_alias* b = (const intact_word_alias*)(const void*)c->biases + first;
  const uint32_t both = p->start | p->start << (2 * INTACT_POLY_POINT_PAIR_FIELD);
  intact_i16* const taps0 = (intact_i16*)(void*)point->scratch;
  intact_i16* const taps1 = taps0 + (c->taps + 1) / 2 * 2;
  uint8_t* to = point->scratch + p->weights;
  uint32_t i, j, k;
  for (i = 0; i < count; i += INTACT_POLY_POINT_TILE, to += p->quad_bytes) {
    intact_word_alias* constant = (intact_word_alias*)(void*)(to + (size_t)p->steps * 8);
    intact_word_alias* start = constant + INTACT_POLY_POINT_CONSTANT_BYTES / 4;
    for (j = 0; j < INTACT_POLY_POINT_TILE; j += 2, start += 2) {
      uint32_t sums[2], initial = both | both << INTACT_POLY_POINT_PAIR_FIELD;
      taps t;
      intact_poly_point_taps(point, first + i + j, 1, taps0);
      intact_poly_point_taps(point, first + i + j + 1, 1, taps1);
      t.at[0] = taps0;
      t.at[1] = taps1;
      put_taps(c, &t, (intact_word_alias*)(void*)to + j / 2, sums);
      if (p->flip) initial += (sums[0] + (sums[1] << INTACT_POLY_POINT_PAIR_FIELD)) << 15;
      start[0] = start[1] = initial;
      for (k = 0; k < 2; ++k, constant += 3) {
        constant[0] = (sums[k] * (uint32_t)c->decode_input.offset - (p->start << c->decode_input.shift))
                      << c->k;
        constant[1] = m[i + j + k];
        constant[2] = b[i + j + k];
      }
    }
  }
}

#endif
