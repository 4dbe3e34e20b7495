/* From fields to codes. Those of up to two bits are counts of thresholds that the field has reached: in a
 * halfword the top bit of field + threshold, for fields below 2^15.
 */
#include "../intact_table_plain.h"

enum { OUTS = INTACT_TABLE_OUTS };

static uint32_t field(const intact_plain_word* sums, uint32_t o) {
  return sums[intact_table_sum_word(o)] >> intact_table_sum_shift(o) & 0xffffu;
}

typedef const uint32_t (*thresholds)[INTACT_TABLE_THRESHOLDS];

/* The codes of a pixel's 16 channels. */
static inline uint32_t bits_of_pixel(const intact_plain_word* sums, thresholds t) {
  uint32_t both = 0, k; /* channels 0 .. 3 and 4 .. 7, 8 .. 11, 12 .. 15 from bits 8, 24, 12, 28 on */
  for (k = 0; k < 4; ++k, sums += 2, t += 2) {
    const uint32_t low = (sums[0] + t[0][0]) & 0x80008000u, high = (sums[1] + t[1][0]) & 0x80008000u;
    both |= low >> (7 - k) | high >> (3 - k);
  }
  return (both >> 8 & 15u) | (both >> 20 & 0xf0u) | (both >> 4 & 0xf00u) | (both >> 16 & 0xf000u);
}

static inline uint32_t count_of_two(uint32_t fields, const uint32_t* t) {
  return ((fields + t[0]) >> 15 & 0x00010001u) + ((fields + t[1]) >> 15 & 0x00010001u) +
         ((fields + t[2]) >> 15 & 0x00010001u);
}
static inline uint32_t pairs_of_pixel(const intact_plain_word* sums, thresholds t) {
  uint32_t low = 0, high = 0, k; /* channels 0 .. 3 and 4 .. 7, 8 .. 11 and 12 .. 15 from bits 0, 16 on */
  for (k = 0; k < 4; ++k, sums += 2, t += 2) {
    low |= count_of_two(sums[0], t[0]) << (2 * k);
    high |= count_of_two(sums[1], t[1]) << (2 * k);
  }
  return (low & 0xffu) | (low >> 8 & 0xff00u) | (high & 0xffu) << 16 | (high >> 16) << 24;
}

static void finish_bits(const intact_conv* c, const intact_table_block* block, const intact_plain_word* sums,
                        uint8_t* to) {
  const uint32_t step = c->output.pixel_bytes, flip = block->flip,
                 last = block->first + OUTS >= c->output.channels;
  const uint32_t mask = (1u << block->outs) - 1u, zeros = last ? step - block->first / 8 - 2 : 0;
  const thresholds t = (thresholds)block->thresholds;
  uint32_t count = c->output.width, i;
  to += block->first / 8;
  for (; count; --count, sums += INTACT_TABLE_SUM_WORDS, to += step) {
    const uint32_t codes = (bits_of_pixel(sums, t) ^ flip) & mask;
    to[0] = (uint8_t)(codes & 0xffu);
    to[1] = (uint8_t)(codes >> 8);
    for (i = 0; i < zeros; ++i) to[2 + i] = 0;
  }
}

static void finish_pairs(const intact_conv* c, const intact_table_block* block, const intact_plain_word* sums,
                         uint8_t* to) {
  const uint32_t step = c->output.pixel_bytes, flip = block->flip;
  const uint32_t mask = block->outs < OUTS ? (1u << (2 * block->outs)) - 1u : 0xffffffffu;
  const uint32_t bytes = (block->outs + 3) / 4;
  const thresholds t = (thresholds)block->thresholds;
  uint32_t count = c->output.width, i;
  to += block->first / 4;
  for (; count; --count, sums += INTACT_TABLE_SUM_WORDS, to += step) {
    uint32_t codes = (pairs_of_pixel(sums, t) ^ flip) & mask;
    for (i = 0; i < bytes; ++i, codes >>= 8) to[i] = (uint8_t)(codes & 0xffu);
  }
}

static void finish_any(const intact_conv* c, const intact_table_plan* p, const intact_table_block* block,
                       const intact_plain_word* sums, uint32_t y) {
  intact_plain_word* const acc = (intact_plain_word*)(void*)(c->scratch + p->at_acc);
  intact_plain_word* const pixels = (intact_plain_word*)(void*)(c->scratch + p->at_pixels);
  const uint32_t width = c->output.width, shift = c->decode_input.shift;
  uint32_t o, x;
  for (x = 0; x < width; ++x) pixels[x] = (y * width + x) * c->output.pixel_bytes;
  for (o = 0; o < block->outs; ++o) {
    const uint32_t base = block->base[o];
    for (x = 0; x < width; ++x)
      acc[x] = (field(sums + (size_t)x * INTACT_TABLE_SUM_WORDS, o) << shift) + base;
    intact_plain_finish(c, block->first + o, acc, pixels, width);
  }
}

void intact_table_finish(const intact_conv* c, const intact_table_plan* p, const intact_table_block* block,
                         const intact_plain_word* sums, uint32_t y) {
  uint8_t* const row = c->output.data + (size_t)y * c->output.width * c->output.pixel_bytes;
  if (!block->by_thresholds) {
    finish_any(c, p, block, sums, y);
  } else if (c->output.storage_bits == 1) {
    finish_bits(c, block, sums, row);
  } else {
    finish_pairs(c, block, sums, row);
  }
}
