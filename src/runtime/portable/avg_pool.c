/* Average pooling, ARITHMETIC section 6: outside the image v = 0, so that only positions inside are added.
 * With v = (u << shift) + offset the sum of v is (the sum of u << shift) + the number of positions times the
 * offset.
 */
#include "pool_windows.h"

enum { MOST = 32 }; /* codes of a word */

/* Adds even and odd fields to the sums of a word's channels. */
static void spread(uint32_t storage, uint32_t even, uint32_t odd, uint32_t sums[MOST]) {
  const uint32_t mask = (1u << 2 * storage) - 1u, channels = 32 / storage;
  uint32_t i;
  for (i = 0; i < channels; i += 2, even >>= 2 * storage, odd >>= 2 * storage) {
    sums[i] += even & mask;
    sums[i + 1] += odd & mask;
  }
}

/* sums of u over the window for one word of channels. A field holds the sum of 2^storage + 1 codes:
 * (2^storage - 1)(2^storage + 1) = 2^(2 storage) - 1. Inlined with a constant 4 for most. */
static inline void sum_word(const intact_pool* p, const intact_pool_window* w, const uint8_t* from,
                            uint32_t bytes, uint32_t sums[MOST]) {
  const uint32_t storage = p->decode_input.storage, pixel_bytes = p->input.pixel_bytes;
  const uint32_t ones = intact_pool_ones(2 * storage), codes = ones * ((1u << storage) - 1u);
  const uint32_t flip = p->decode_input.flip * (ones | ones << storage), room = (1u << storage) + 1u;
  uint32_t even = 0, odd = 0, left = room, y, x;
  for (x = 0; x < MOST; ++x) sums[x] = 0;
  for (y = w->rows; y > 0; --y, from += w->row_step) {
    const uint8_t* at = from;
    for (x = w->columns; x > 0; --x, at += pixel_bytes) {
      const uint32_t u = intact_load_bytes(at, bytes) ^ flip;
      even += u & codes;
      odd += u >> storage & codes;
      if (--left == 0) {
        spread(storage, even, odd, sums);
        even = odd = 0;
        left = room;
      }
    }
  }
  spread(storage, even, odd, sums);
}

static void reduce(const intact_pool* p, const intact_pool_window* w, uint32_t pixel) {
  const intact_decoder* d = &p->decode_input;
  const uint32_t channels = p->output.channels, per_word = 32 / d->storage;
  const uint32_t offset = w->rows * w->columns * (uint32_t)d->offset;
  const uint8_t *from = w->from, *const end = from + p->input.pixel_bytes;
  intact_writer writer = intact_write_pixel(&p->output, pixel);
  uint32_t sums[MOST], first, i;
  for (first = 0; first < channels; first += per_word, from += 4) {
    const uint32_t count = channels - first < per_word ? channels - first : per_word;
    if (end - from >= 4)
      sum_word(p, w, from, 4, sums);
    else
      sum_word(p, w, from, (uint32_t)(end - from), sums);
    for (i = 0; i < count; ++i) {
      const uint32_t acc = (sums[i] << d->shift) + offset;
      intact_write_code(&writer, intact_round_code(&p->round, intact_scale(acc, p->k, p->m, p->b)));
    }
  }
  intact_write_end(&writer);
}

void intact_avg_pool(const intact_pool* p) {
  intact_pool_windows(p, reduce);
}
