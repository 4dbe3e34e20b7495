/* Indices: of each column, for each plane and four channels, where in a step's tables the entry stands. */
#include "../intact_table_plain.h"

/* Bits 0, 2, 4, 6, or 0, 4, 8, 12, beside each other. In the product every pair of a bit and a factor has a
 * place of its own, so that nothing is carried. */
static inline uint32_t every_second(uint32_t x) {
  x &= 0x55u;
  x = (x | x >> 1) & 0x33u;
  return (x | x >> 2) & 15u;
}
static inline uint32_t every_fourth(uint32_t x) {
  return (x & 0x1111u) * 0x1248u >> 12 & 15u;
}

/* Inlined with constant planes. */
static inline void column(const intact_conv* c, const intact_table_plan* p, const uint8_t* pixel,
                          intact_table_index* to, uint32_t planes) {
  const uint32_t fours = p->fours, bytes = c->input.pixel_bytes, rest = fours & 3u;
  const uint32_t flip = c->decode_input.flip * (0xffffu / ((1u << planes) - 1u));
  /* The tables of a last step with n < 4 count from 4 - n. */
  const uint32_t last = rest ? fours - rest : fours, skip = 4 - rest;
  uint32_t four = 0, plane;
  if (planes == 1) { /* whole steps, two bytes each */
    for (; four < last; four += 4, pixel += 2, to += 4) {
      const uint32_t low = pixel[0], high = pixel[1];
      to[0] = (intact_table_index)((low & 15u) << 4);
      to[1] = (intact_table_index)(INTACT_TABLE_BYTES | (low & 0xf0u));
      to[2] = (intact_table_index)(2 * INTACT_TABLE_BYTES | (high & 15u) << 4);
      to[3] = (intact_table_index)(3 * INTACT_TABLE_BYTES | (high & 0xf0u));
    }
    pixel -= last / 2;
  }
  for (; four < fours; ++four, ++to) {
    const uint32_t table = (four < last ? four & 3u : (four & 3u) + skip) * INTACT_TABLE_BYTES;
    if (planes == 1) {
      *to = (intact_table_index)(table | ((uint32_t)pixel[four >> 1] >> (4 * (four & 1u)) & 15u) << 4);
    } else if (planes == 2) {
      const uint32_t x = pixel[four] ^ flip;
      to[0] = (intact_table_index)(table | every_second(x) << 4);
      to[fours] = (intact_table_index)(table | every_second(x >> 1) << 4);
    } else {
      uint32_t x = pixel[2 * four];
      if (2 * four + 1 < bytes) x |= (uint32_t)pixel[2 * four + 1] << 8;
      x ^= flip;
      for (plane = 0; plane < 4; ++plane)
        to[plane * fours] = (intact_table_index)(table | every_fourth(x >> plane) << 4);
    }
  }
}

void intact_table_line(const intact_conv* c, const intact_table_plan* p, uint32_t y, uint8_t* to) {
  const uint8_t* const padding = c->scratch + p->at_padding;
  const uint32_t iy = y - c->window.pad_top, inside = iy < c->input.height;
  const uint8_t* const row =
      c->input.data + (inside ? (size_t)iy * c->input.width * c->input.pixel_bytes : 0);
  uint32_t i;
  for (i = 0; i < p->positions; ++i, to += p->pixel) {
    /* Negative columns become large. */
    const uint32_t x = i - c->window.pad_left;
    const uint8_t* const pixel =
        inside && x < c->input.width ? row + (size_t)x * c->input.pixel_bytes : padding;
    intact_table_index* const at = (intact_table_index*)(void*)to;
    if (p->planes == 1) {
      column(c, p, pixel, at, 1);
    } else if (p->planes == 2) {
      column(c, p, pixel, at, 2);
    } else {
      column(c, p, pixel, at, 4);
    }
  }
}
