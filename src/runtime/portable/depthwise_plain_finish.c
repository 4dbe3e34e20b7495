/* From sums to codes in the output (intact_depthwise_plain.h). */
#include "../intact_depthwise_plain.h"

/* Inlined with constants. Two at a time: one more than `count` may be read and
 * written. */
static inline void take(const intact_plain_word* sums, uint32_t count, uint32_t shift, uint32_t bits,
                        intact_plain_word* to) {
  const uint32_t half = 1u << (bits - 1), mask = 2 * half - 1;
  const intact_plain_word* const end = sums + ((count + 1) & ~1u);
  for (; sums != end; sums += 2, to += 2) {
    to[0] = (sums[0] >> shift & mask) - half;
    to[1] = (sums[1] >> shift & mask) - half;
  }
}

static void take_field(const intact_plain_word* sums, uint32_t count, const intact_depthwise_plain_plan* p,
                       uint32_t field, intact_plain_word* to) {
  if (p->field_bits == 16) {
    if (field == 0) {
      take(sums, count, 0, 16, to);
    } else {
      take(sums, count, 16, 16, to);
    }
  } else if (p->field_bits == 8 && field == 0) {
    take(sums, count, 0, 8, to);
  } else if (p->field_bits == 8 && field == 3) {
    take(sums, count, 24, 8, to);
  } else {
    take(sums, count, field * p->field_bits, p->field_bits, to);
  }
}

static void store_zeros(uint8_t* to, uint32_t step, uint32_t bytes, uint32_t count) {
  uint32_t i;
  for (; count; --count, to += step) {
    for (i = 0; i < bytes; ++i) to[i] = 0;
  }
}

/* Residuals and int32 outputs. */
static void finish_by_places(const intact_conv* c, uint32_t o, intact_plain_word* acc,
                             intact_plain_word* places, uint32_t first, uint32_t rows) {
  const uint32_t width = c->output.width;
  uint32_t y, x;
  for (y = first; y < first + rows; ++y, acc += width) {
    for (x = 0; x < width; ++x) places[x] = (y * width + x) * c->output.pixel_bytes;
    intact_plain_finish(c, o, acc, places, width);
  }
}

void intact_depthwise_plain_finish(const intact_conv* c, const intact_depthwise_plain_plan* p, uint32_t o,
                                   uint32_t field, uint32_t first, uint32_t rows) {
  intact_plain_word* const sums = (intact_plain_word*)(void*)(c->scratch + p->at_sums);
  intact_plain_word* const codes = (intact_plain_word*)(void*)(c->scratch + p->at_codes);
  const uint32_t storage = c->output.storage_bits, step = c->output.pixel_bytes;
  const uint32_t count = rows * c->output.width, bit = o * storage;
  uint8_t* to;
  if (p->fields > 1) take_field(sums, count, p, field, codes);
  if (c->has_residual || storage == 32) {
    finish_by_places(c, o, codes, (intact_plain_word*)(void*)(c->scratch + p->at_places), first, rows);
    return;
  }
  to = c->output.data + (size_t)first * c->output.width * step + (bit >> 3);
  intact_depthwise_plain_codes(c, o, codes, count, to, step, bit & 7u);
  if (o + 1 == c->output.channels && (bit >> 3) + 1 < step)
    store_zeros(to + 1, step, step - (bit >> 3) - 1, count);
}
