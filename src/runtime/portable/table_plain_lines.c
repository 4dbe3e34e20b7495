/* Indices: of each column, for each plane and four channels, where in a step's tables the entry stands. */
#include "../intact_table_plain.h"

enum { UNIT = INTACT_TABLE_UNIT, TABLE = INTACT_TABLE_BYTES };

/* Of pixels, for as many columns. */
typedef struct columns {
  const intact_table_plan* p;
  uint32_t bytes; /* of a pixel */
  uint32_t flip;  /* of 4 codes of at most 4 bits */
} columns;

/* The four codes' bits of one plane, side by side, times 16. Codes of 2 bits: planes 0 and 1, the latter 16
 * bits higher. */
static inline uint32_t planes_of_two(uint32_t x) {
  x = (x & 0x55u) << 4 | (x & 0xaau) << 19;
  x = (x | x >> 1) & 0x03300330u;
  return (x | x >> 2) & 0x00f000f0u;
}

/* Codes of 4 bits, 16 bits as a 4 x 4 matrix, transposed: plane p at bit 4 p. */
static inline uint32_t planes_of_four(uint32_t x) {
  uint32_t change = (x ^ x >> 3) & 0x0a0au;
  x ^= change ^ change << 3;
  change = (x ^ x >> 6) & 0x00ccu;
  return x ^ change ^ change << 6;
}

static inline void put(intact_table_index* to, uint32_t table, uint32_t bits) {
  *to = (intact_table_index)(table | bits);
}

/* Four channels' indices in all planes; x: their codes. Inlined with constant planes. */
static inline void put_four(uint32_t x, uint32_t flip, uint32_t table, intact_table_index* to, uint32_t fours,
                            uint32_t planes) {
  if (planes == 1) {
    put(to, table, x << 4 & 0xf0u);
  } else if (planes == 2) {
    x = planes_of_two(x ^ flip);
    put(to, table, x & 0xffu);
    put(to + fours, table, x >> 16);
  } else {
    x = planes_of_four(x ^ flip);
    put(to, table, x << 4 & 0xf0u);
    put(to + fours, table, x & 0xf0u);
    put(to + 2 * fours, table, x >> 4 & 0xf0u);
    put(to + 3 * fours, table, x >> 8 & 0xf0u);
  }
}

/* The four channels' codes at `four` of a pixel, which may end within them. */
static inline uint32_t codes_of_four(const columns* c, const uint8_t* pixel, uint32_t four, uint32_t planes) {
  const uint32_t byte = four * planes / 2;
  uint32_t x = pixel[byte];
  if (planes == 1) return x >> (4 * (four & 1u));
  if (planes == 4 && byte + 1 < c->bytes) x |= (uint32_t)pixel[byte + 1] << 8;
  return x;
}

/* Inlined with constant planes. */
static inline void put_columns(const columns* c, const uint8_t* pixel, uint32_t count, intact_table_index* to,
                               uint32_t planes) {
  const uint32_t fours = c->p->fours, rest = fours % UNIT, whole = fours - rest;
  const uint32_t flip = c->flip, bytes = c->bytes;
  uint32_t four, i;
  for (; count; --count, pixel += bytes, to += (planes - 1) * fours) {
    const uint8_t* from = pixel;
    for (four = 0; four < whole; four += UNIT, to += UNIT, from += 2 * planes) {
      if (planes == 1) {
        const uint32_t x = from[0], y = from[1];
        put_four(x, 0, 0, to, fours, 1);
        put_four(x >> 4, 0, TABLE, to + 1, fours, 1);
        put_four(y, 0, 2 * TABLE, to + 2, fours, 1);
        put_four(y >> 4, 0, 3 * TABLE, to + 3, fours, 1);
      } else {
        for (i = 0; i < UNIT; ++i) {
          const uint32_t x = planes == 2 ? from[i] : from[2 * i] | (uint32_t)from[2 * i + 1] << 8;
          put_four(x, flip, i * TABLE, to + i, fours, planes);
        }
      }
    }
    /* The tables of a last step with n < 4 count from 4 - n. */
    for (i = UNIT - rest; four < fours; ++four, ++i, ++to)
      put_four(codes_of_four(c, pixel, four, planes), flip, i * TABLE, to, fours, planes);
  }
}

static void put_pixels(const columns* c, const uint8_t* pixel, uint32_t count, uint8_t* to) {
  intact_table_index* const at = (intact_table_index*)(void*)to;
  if (c->p->planes == 1) {
    put_columns(c, pixel, count, at, 1);
  } else if (c->p->planes == 2) {
    put_columns(c, pixel, count, at, 2);
  } else {
    put_columns(c, pixel, count, at, 4);
  }
}

/* The indices of a pixel of padding, `count` times. */
static void put_padding(const columns* c, const uint8_t* pixel, uint32_t count, uint8_t* to) {
  const intact_table_index* from = (const intact_table_index*)(const void*)to;
  intact_table_index* at = (intact_table_index*)(void*)(to + c->p->pixel);
  uint32_t i;
  if (count == 0) return;
  put_pixels(c, pixel, 1, to);
  for (i = (count - 1) * (c->p->pixel / 2); i; --i) *at++ = *from++;
}

void intact_table_line(const intact_conv* c, const intact_table_plan* p, uint32_t y, uint8_t* to) {
  const uint8_t* const padding = c->scratch + p->at_padding;
  const uint32_t iy = y - c->window.pad_top, width = c->input.width; /* above the image it becomes large */
  const uint32_t left = c->window.pad_left < p->positions ? c->window.pad_left : p->positions;
  const uint32_t inside = p->positions - left < width ? p->positions - left : width;
  columns of;
  of.p = p;
  of.bytes = c->input.pixel_bytes;
  of.flip = c->decode_input.flip * (0xffffu / ((1u << p->planes) - 1u));
  if (iy >= c->input.height) {
    put_padding(&of, padding, p->positions, to);
    return;
  }
  put_padding(&of, padding, left, to);
  to += (size_t)left * p->pixel;
  put_pixels(&of, c->input.data + (size_t)iy * width * of.bytes, inside, to);
  put_padding(&of, padding, p->positions - left - inside, to + (size_t)inside * p->pixel);
}
