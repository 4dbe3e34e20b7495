/* Codes of one and two bits from the sums of tiles, by comparisons with thresholds (poly_row_thresholds.c),
 * and from there to pixels. Scratch at fields_at: three words for each tile (poly_row_compare.h).
 */
#include "../intact_isa.h"
#include "poly_row.h"
#include "poly_row_compare.h"

#if INTACT_ISA_ARMV7M

enum { TILE_PIXELS = 8, TILE_WORDS = 3, FIELD = 10 };

void intact_poly_row_compare(const intact_poly_row* row, uint32_t channel) {
  const intact_poly_thresholds* thresholds = intact_poly_row_thresholds(row) + channel;
  const uint32_t groups = row->span.groups;
  const uint32_t first = channel * row->conv->output.storage_bits % 8 == 0;
  intact_word_alias* sums = (intact_word_alias*)(void*)(row->scratch + row->plan.results);
  intact_poly_compare c;
  uint32_t i;
  c.sums = (const uint8_t*)sums;
  c.codes = row->scratch + row->plan.fields_at;
  c.codes_end = c.codes + (size_t)((groups + 1) / 2) * TILE_WORDS * 4;
  for (i = 0; i < 2; ++i) {
    c.channels[i].spill = thresholds[i].spill;
    c.channels[i].steps[0] = thresholds[i].steps[0];
    c.channels[i].steps[1] = thresholds[i].steps[1];
    if (groups % 2 != 0) { /* a group that is not there takes the spill */
      sums[groups * 4 + 2 * i] = thresholds[i].spill;
      sums[groups * 4 + 2 * i + 1] = 0;
    }
  }
  if (row->thresholds == 1 && first)
    intact_poly_compare_one_first(&c);
  else if (row->thresholds == 1)
    intact_poly_compare_one(&c);
  else if (first)
    intact_poly_compare_three_first(&c);
  else
    intact_poly_compare_three(&c);
}

/* The byte of a tile's pixel i, constant, in the lowest bits. */
static inline uint32_t byte_of(const intact_word_alias codes[TILE_WORDS], uint32_t i) {
  return i % 4 == 3 ? codes[2] >> (i / 4 * FIELD) : codes[i / 4] >> (i % 4 * FIELD);
}

/* Those of a tile from pixel `at` on, at most the span's lead, constant: the next pixel's place. */
static inline uint8_t* store_from(const intact_word_alias codes[TILE_WORDS], uint32_t at, uint8_t* out,
                                  uint32_t step) {
  uint32_t i;
#pragma GCC unroll 8
  for (i = at; i < TILE_PIXELS; ++i, out += step) *out = (uint8_t)(byte_of(codes, i) & 0xffu);
  return out;
}

/* Those of the pixels at .. end - 1. */
static inline void store_some(const intact_word_alias codes[TILE_WORDS], uint32_t at, uint32_t end,
                              uint8_t* out, uint32_t step) {
  uint32_t i;
#pragma GCC unroll 8
  for (i = 0; i < TILE_PIXELS; ++i) {
    if (i == end) return;
    if (i < at) continue;
    *out = (uint8_t)(byte_of(codes, i) & 0xffu);
    out += step;
  }
}

void intact_poly_row_store_codes(const intact_poly_row* row, uint32_t first, uint32_t channels,
                                 uint32_t channel, uint32_t pixel, uint32_t count) {
  const intact_conv* c = row->conv;
  const uint32_t storage = c->output.storage_bits, step = c->output.pixel_bytes;
  const uint32_t left = (channels - channel) * storage, lead = row->span.lead;
  intact_word_alias* codes = (intact_word_alias*)(void*)(row->scratch + row->plan.fields_at);
  uint8_t* out = c->output.data + (size_t)pixel * step + (first + channel) * storage / 8;
  if (left < 8) { /* the codes came from the top, those of two channels at a time */
    const uint32_t right = 8 - (left + 2 * storage - 1) / (2 * storage) * (2 * storage);
    uint32_t i;
    for (i = 0; i < (lead + count + TILE_PIXELS - 1) / TILE_PIXELS * TILE_WORDS; ++i) codes[i] >>= right;
  }
  if (lead + count < TILE_PIXELS) {
    store_some(codes, lead, lead + count, out, step);
    return;
  }
  if (lead == 0)
    out = store_from(codes, 0, out, step);
  else if (lead == 1)
    out = store_from(codes, 1, out, step);
  else
    out = store_from(codes, 2, out, step);
  for (count += lead - TILE_PIXELS; count >= TILE_PIXELS; count -= TILE_PIXELS) {
    codes += TILE_WORDS;
    out = store_from(codes, 0, out, step);
  }
  store_some(codes + TILE_WORDS, 0, count, out, step);
}

#endif
