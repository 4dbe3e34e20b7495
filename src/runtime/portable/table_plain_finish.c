/* From fields to codes. Those of up to two bits are counts of thresholds that the field has reached: bit 14
 * of field + threshold, for fields below 2^14.
 */
#include "../intact_table_plain.h"

enum { OUTS = INTACT_TABLE_OUTS };

static uint32_t field(const intact_plain_word* sums, uint32_t o) {
  return sums[intact_table_sum_word(o)] >> intact_table_sum_shift(o) & 0xffffu;
}

typedef const uint32_t (*thresholds)[INTACT_TABLE_THRESHOLDS];

/* The bits of a pixel's 16 channels. */
static inline uint32_t bits_of_pixel(const intact_plain_word* sums, thresholds t) {
  uint32_t both = 0, k; /* channels 0 .. 3 and 4 .. 7, 8 .. 11, 12 .. 15 from bits 7, 23, 11, 27 on */
  for (k = 0; k < 4; ++k, sums += 2, t += 2) {
    const uint32_t low = (sums[0] + t[0][0]) & 0x40004000u, high = (sums[1] + t[1][0]) & 0x40004000u;
    both |= low >> (7 - k) | high >> (3 - k);
  }
  return (both >> 7 & 15u) | (both >> 19 & 0xf0u) | (both >> 3 & 0xf00u) | (both >> 15 & 0xf000u);
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

/* The codes of channels 0 .. 7 or 8 .. 15 of a block in two bytes for each pixel: the first words of fields
 * and thresholds, then every second. */
static void finish_eight(const intact_conv* c, const intact_plain_word* sums, thresholds t, uint32_t flip,
                         uint32_t outs, uint8_t* to) {
  const uint32_t step = c->output.pixel_bytes, tops = 0x40004000u;
  const uint32_t mask = outs < 8 ? (1u << (2 * outs)) - 1u : 0xffffu;
  const uint32_t a0 = t[0][0], a1 = t[0][1], a2 = t[0][2], b0 = t[2][0], b1 = t[2][1], b2 = t[2][2];
  const uint32_t d0 = t[4][0], d1 = t[4][1], d2 = t[4][2], e0 = t[6][0], e1 = t[6][1], e2 = t[6][2];
  uint32_t count = c->output.width;
  for (; count; --count, sums += INTACT_TABLE_SUM_WORDS, to += step) {
    const uint32_t a = sums[0], b = sums[2], d = sums[4], e = sums[6];
    /* Up to three of bit 14 stay below bit 16. */
    const uint32_t pairs = (((a + a0) & tops) + ((a + a1) & tops) + ((a + a2) & tops)) >> 14 |
                           (((b + b0) & tops) + ((b + b1) & tops) + ((b + b2) & tops)) >> 12 |
                           (((d + d0) & tops) + ((d + d1) & tops) + ((d + d2) & tops)) >> 10 |
                           (((e + e0) & tops) + ((e + e1) & tops) + ((e + e2) & tops)) >> 8;
    const uint32_t codes = ((pairs | pairs >> 8) ^ flip) & mask;
    to[0] = (uint8_t)(codes & 0xffu);
    if (outs > 4) to[1] = (uint8_t)(codes >> 8);
  }
}

static void finish_pairs(const intact_conv* c, const intact_table_block* block, const intact_plain_word* sums,
                         uint8_t* to) {
  const thresholds t = (thresholds)block->thresholds;
  const uint32_t outs = block->outs;
  to += block->first / 4;
  finish_eight(c, sums, t, block->flip & 0xffffu, outs < 8 ? outs : 8, to);
  if (outs > 8) finish_eight(c, sums + 1, t + 1, block->flip >> 16, outs - 8, to + 2);
}

static void finish_any(const intact_conv* c, const intact_table_plan* p, const intact_table_block* block,
                       const intact_plain_word* sums, uint32_t y) {
  intact_plain_word* const at = (intact_plain_word*)(void*)(c->scratch + p->at_pixels);
  const uint32_t width = c->output.width, shift = c->decode_input.shift;
  intact_plain_pixels pixels = {at, width, 0, 0};
  uint32_t o, x;
  for (x = 0; x < width; ++x) at[x] = (y * width + x) * c->output.pixel_bytes;
  for (o = 0; o < block->outs; ++o) {
    const uint32_t base = block->base[o];
    intact_plain_word* const acc =
        intact_plain_free_half(&pixels, (intact_plain_word*)(void*)(c->scratch + p->at_acc));
    for (x = 0; x < width; ++x)
      acc[x] = (field(sums + (size_t)x * INTACT_TABLE_SUM_WORDS, o) << shift) + base;
    intact_plain_finish(c, block->first + o, acc, &pixels, o + 1 < block->outs);
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
