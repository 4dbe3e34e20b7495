/* Max pooling, ARITHMETIC section 7: the largest code among the positions inside the image; there is always
 * one. Input and output have one grid, and a larger u is a larger code: the output's patterns are the largest
 * u, flipped back.
 */
#include "pool_windows.h"

typedef struct fields {
  uint32_t storage, flip;
  uint32_t codes;  /* mask of a field's lower half */
  uint32_t guards; /* the bit above it */
} fields;

/* The larger of each two fields. The guard bit survives the subtraction where a >= b; it less its field's
 * lowest bit is then a mask of the field's code. */
static inline uint32_t larger(const fields* f, uint32_t a, uint32_t b) {
  const uint32_t kept = ((a | f->guards) - b) & f->guards;
  return b ^ ((a ^ b) & (kept - (kept >> f->storage)));
}

/* Patterns of one word of the window's channels. Inlined with a constant 4 for most. */
static inline uint32_t largest(const fields* at, const intact_pool_window* w, const uint8_t* from,
                               uint32_t pixel_bytes, uint32_t bytes) {
  const fields f = *at;
  uint32_t even = 0, odd = 0, y, x;
  for (y = w->rows; y > 0; --y, from += w->row_step) {
    const uint8_t* p = from;
    for (x = w->columns; x > 0; --x, p += pixel_bytes) {
      const uint32_t u = intact_load_bytes(p, bytes) ^ f.flip;
      even = larger(&f, even, u & f.codes);
      odd = larger(&f, odd, u >> f.storage & f.codes);
    }
  }
  return (even | odd << f.storage) ^ f.flip;
}

static void reduce(const intact_pool* p, const intact_pool_window* w, uint32_t pixel) {
  const uint32_t storage = p->decode_input.storage, pixel_bytes = p->input.pixel_bytes,
                 rest = pixel_bytes % 4;
  const uint32_t ones = intact_pool_ones(2 * storage);
  const uint8_t* from = w->from;
  uint8_t* to = p->output.data + (size_t)pixel * pixel_bytes;
  uint8_t* const end = to + (pixel_bytes - rest);
  fields f;
  uint32_t u, i;
  f.storage = storage;
  f.codes = ones * ((1u << storage) - 1u);
  f.guards = ones << storage;
  f.flip = p->decode_input.flip * (ones | ones << storage);
  for (; to != end; to += 4, from += 4) intact_store_u32(to, largest(&f, w, from, pixel_bytes, 4));
  if (rest == 0) return;
  u = largest(&f, w, from, pixel_bytes, rest);
  for (i = 0; i < rest; ++i, u >>= 8) *to++ = (uint8_t)(u & 0xffu);
}

void intact_max_pool(const intact_pool* p) {
  intact_pool_windows(p, reduce);
}
