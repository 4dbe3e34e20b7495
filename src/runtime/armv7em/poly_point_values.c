/* Codes of four pixels into words of two. Two loaded words x0, x1 exchange the lower nibbles of the one's
 * bytes with the upper ones of the other's: each code of x0 then stands 4 bits above the same code of x1,
 * which is 28 bits below it in a word turned round. So one AND with a rotated operand gives a word of a step.
 */
#include "../intact_isa.h"
#include "poly_point.h"

#if INTACT_ISA_ARMV7EM && !INTACT_ISA_MVE

#include "dsp_instructions.h"

static inline void exchange(uint32_t* x0, uint32_t* x1) {
  const uint32_t t = (*x0 ^ *x1 >> 4) & 0x0f0f0f0fu;
  *x0 ^= t;
  *x1 ^= t << 4;
}

/* Where the codes of one tap of four pixels stand. */
typedef struct gather {
  const uint8_t* from[INTACT_POLY_POINT_TILE];
  uint32_t channels;
  uint32_t flips[2]; /* of all codes of a word, of the two pixels of a pair */
  uint32_t pairs;
} gather;

/* Two steps from exchanged words, STM since gcc 12 makes none of single stores. Codes turned right by u and
 * v: the lower nibbles of bytes stand in the pairs' second words, the upper ones in the first. */
#define TWO_STEPS(a, u, b, v)             \
  "and r4, %[mask], %[" #a "0], ror #" #u \
  "\n"                                    \
  "and r5, %[mask], %[" #a "1], ror #" #u \
  "\n"                                    \
  "and r6, %[mask], %[" #b "0], ror #" #v \
  "\n"                                    \
  "and r8, %[mask], %[" #b "1], ror #" #v \
  "\n"                                    \
  "stmia %[to]!, {r4, r5, r6, r8}\n"
#define HALF_OF_BITS          \
  TWO_STEPS(low, 4, low, 5)   \
  TWO_STEPS(low, 6, low, 7)   \
  TWO_STEPS(high, 4, high, 5) \
  TWO_STEPS(high, 6, high, 7) \
  TWO_STEPS(low, 12, low, 13) \
  TWO_STEPS(low, 14, low, 15) TWO_STEPS(high, 12, high, 13) TWO_STEPS(high, 14, high, 15)

#define STEPS(text)                                                                                  \
  __asm__ volatile(                                                                                  \
      text                                                                                           \
      : [to] "+r"(to)                                                                                \
      : [high0] "r"(high0), [low0] "r"(low0), [high1] "r"(high1), [low1] "r"(low1), [mask] "r"(mask) \
      : "r4", "r5", "r6", "r8", "memory")

/* high, low: of the two pairs of pixels. */
static inline intact_word_alias* whole_word(uint32_t high0, uint32_t low0, uint32_t high1, uint32_t low1,
                                            intact_word_alias* to, uint32_t mask, uint32_t storage) {
  if (storage == 4) {
    STEPS(TWO_STEPS(low, 4, high, 4) TWO_STEPS(low, 12, high, 12) TWO_STEPS(low, 20, high, 20)
              TWO_STEPS(low, 28, high, 28));
  } else if (storage == 2) {
    STEPS(TWO_STEPS(low, 4, low, 6) TWO_STEPS(high, 4, high, 6) TWO_STEPS(low, 12, low, 14)
              TWO_STEPS(high, 12, high, 14) TWO_STEPS(low, 20, low, 22) TWO_STEPS(high, 20, high, 22)
                  TWO_STEPS(low, 28, low, 30) TWO_STEPS(high, 28, high, 30));
  } else {
    STEPS(HALF_OF_BITS TWO_STEPS(low, 20, low, 21) TWO_STEPS(low, 22, low, 23) TWO_STEPS(high, 20, high, 21)
              TWO_STEPS(high, 22, high, 23) TWO_STEPS(low, 28, low, 29) TWO_STEPS(low, 30, low, 31)
                  TWO_STEPS(high, 28, high, 29) TWO_STEPS(high, 30, high, 31));
  }
  return to;
}

/* The codes of the lower half of words, of one bit. */
static inline intact_word_alias* half_word(uint32_t high0, uint32_t low0, uint32_t high1, uint32_t low1,
                                           intact_word_alias* to, uint32_t mask) {
  STEPS(HALF_OF_BITS);
  return to;
}

/* Some steps, fewer than a word's. */
static intact_word_alias* few_codes(uint32_t high0, uint32_t low0, uint32_t high1, uint32_t low1,
                                    intact_word_alias* to, uint32_t mask, uint32_t storage, uint32_t codes) {
  uint32_t bit;
  for (bit = 0; codes > 0; --codes, bit += storage, to += 2) {
    const uint32_t turn = bit / 8 * 8 + 4 + bit % 4;
    to[0] = intact_rotate_right(bit % 8 < 4 ? low0 : high0, turn) & mask;
    to[1] = intact_rotate_right(bit % 8 < 4 ? low1 : high1, turn) & mask;
  }
  return to;
}

/* Inlined with constant storage. Returns behind the words of the channels. */
static inline intact_word_alias* gather_tap(const gather* g, intact_word_alias* to, uint32_t storage) {
  const uint32_t per_word = 32 / storage, mask = ((1u << storage) - 1u) * 0x10000001u;
  const uint32_t flip_first = g->flips[0], flip_second = g->flips[1];
  const uint8_t *from0 = g->from[0], *from1 = g->from[1], *from2 = g->from[2], *from3 = g->from[3];
  uint32_t left = g->channels, x0, x1, x2, x3;
  for (; left >= per_word; left -= per_word, from0 += 4, from1 += 4, from2 += 4, from3 += 4) {
    x0 = intact_load_any(from0) ^ flip_first;
    x1 = intact_load_any(from1) ^ flip_second;
    x2 = intact_load_any(from2) ^ flip_first;
    x3 = intact_load_any(from3) ^ flip_second;
    exchange(&x0, &x1);
    exchange(&x2, &x3);
    to = whole_word(x0, x1, x2, x3, to, mask, storage);
  }
  if (storage == 1 && left >= 16) {
    x0 = intact_load_half(from0);
    x1 = intact_load_half(from1);
    x2 = intact_load_half(from2);
    x3 = intact_load_half(from3);
    exchange(&x0, &x1);
    exchange(&x2, &x3);
    to = half_word(x0, x1, x2, x3, to, mask);
    left -= 16;
    from0 += 2;
    from1 += 2;
    from2 += 2;
    from3 += 2;
  }
  if (left > 0) {
    const uint32_t bytes = (left * storage + 7) / 8;
    x0 = intact_load_few(from0, bytes) ^ flip_first;
    x1 = intact_load_few(from1, bytes) ^ flip_second;
    x2 = intact_load_few(from2, bytes) ^ flip_first;
    x3 = intact_load_few(from3, bytes) ^ flip_second;
    exchange(&x0, &x1);
    exchange(&x2, &x3);
    to = few_codes(x0, x1, x2, x3, to, mask, storage, left);
  }
  return to;
}

/* Each by itself, so that one does not save the registers that another needs. */
INTACT_APART static intact_word_alias* gather_nibbles(const gather* g, intact_word_alias* to) {
  return gather_tap(g, to, 4);
}
INTACT_APART static intact_word_alias* gather_twos(const gather* g, intact_word_alias* to) {
  return gather_tap(g, to, 2);
}
INTACT_APART static intact_word_alias* gather_bits(const gather* g, intact_word_alias* to) {
  return gather_tap(g, to, 1);
}

static intact_word_alias* gather_any(const gather* g, uint32_t storage, intact_word_alias* to) {
  if (g->pairs) return intact_poly_point_pair_tap(g->from, g->channels, storage, g->flips, to);
  switch (storage) {
    case 4:
      return gather_nibbles(g, to);
    case 2:
      return gather_twos(g, to);
    default:
      return gather_bits(g, to);
  }
}

void intact_poly_point_padding(const intact_poly_point* point) {
  const intact_conv* c = point->conv;
  const uint32_t storage = c->input.storage_bits;
  const uint32_t byte = (point->plan.pad_code ^ c->decode_input.flip) * (0xffu / ((1u << storage) - 1u));
  uint8_t* to = point->scratch + point->plan.padding;
  uint32_t i;
  for (i = 0; i < c->input.pixel_bytes; ++i) to[i] = (uint8_t)byte;
}

/* A tile's taps, each pixel's window by itself. */
static intact_word_alias* gather_windows(const intact_poly_point* point, gather* g, uint32_t y, uint32_t x,
                                         uint32_t pixels, intact_word_alias* to) {
  const intact_conv* c = point->conv;
  const intact_window* w = &c->window;
  const uint8_t* const padding = point->scratch + point->plan.padding;
  uint32_t ys[INTACT_POLY_POINT_TILE], xs[INTACT_POLY_POINT_TILE], ky, kx, i;
  for (i = 0; i < INTACT_POLY_POINT_TILE; ++i) {
    /* Beyond every height and width where negative. */
    ys[i] = y * w->stride_h - w->pad_top;
    xs[i] = x * w->stride_w - w->pad_left;
    if (++x == c->output.width) {
      x = 0;
      ++y;
    }
  }
  for (ky = 0; ky < w->kernel_h; ++ky) {
    for (kx = 0; kx < w->kernel_w; ++kx) {
      for (i = 0; i < INTACT_POLY_POINT_TILE; ++i) {
        const uint32_t row = ys[i] + ky * w->dilation_h, column = xs[i] + kx * w->dilation_w;
        g->from[i] = i < pixels && row < c->input.height && column < c->input.width
                         ? c->input.data + ((size_t)row * c->input.width + column) * c->input.pixel_bytes
                         : padding;
      }
      to = gather_any(g, c->input.storage_bits, to);
    }
  }
  return to;
}

/* Tiles from (y, x) on, up to `most`, of which each lies in one output row and has its only tap in the image:
 * pixels are equally far apart. Returns how many there are. */
static uint32_t even_tiles(const intact_conv* c, uint32_t x, uint32_t most) {
  const intact_window* w = &c->window;
  uint32_t tiles;
  if (w->kernel_h != 1 || w->kernel_w != 1 || w->pad_top != 0 || w->pad_left != 0 || w->pad_bottom != 0 ||
      w->pad_right != 0)
    return 0;
  if (w->stride_h == 1 && w->stride_w == 1) return most; /* one row's pixels follow the other's */
  tiles = (c->output.width - x) / INTACT_POLY_POINT_TILE;
  return tiles < most ? tiles : most;
}

static intact_word_alias* gather_even(gather* g, const uint8_t* from, uint32_t step, uint32_t tiles,
                                      uint32_t storage, intact_word_alias* to) {
  /* Codes of a load, each a step in the form of words; in that of pairs two are one. */
  const uint32_t unit = g->pairs ? INTACT_POLY_POINT_BLOCK : 8;
  if (g->flips[0] == 0 && g->channels % unit == 0 && (g->pairs || storage == 4)) {
    intact_poly_point_line line;
    line.from = from;
    line.step = step;
    line.to = to;
    line.tiles = tiles;
    line.bytes = g->channels * storage / 8;
    if (storage == 4)
      intact_poly_point_lines4(&line);
    else if (storage == 2)
      intact_poly_point_lines2(&line);
    else
      intact_poly_point_lines1(&line);
    return to + (size_t)tiles * g->channels * (g->pairs ? 1 : 2);
  }
  for (; tiles > 0; --tiles) {
    uint32_t i;
    for (i = 0; i < INTACT_POLY_POINT_TILE; ++i, from += step) g->from[i] = from;
    to = gather_any(g, storage, to);
  }
  return to;
}

void intact_poly_point_values(const intact_poly_point* point, uint32_t pixel, uint32_t count) {
  const intact_conv* c = point->conv;
  const uint32_t storage = c->input.storage_bits, width = c->output.width;
  uint32_t y = pixel / width, x = pixel % width;
  intact_word_alias* to = (intact_word_alias*)(void*)point->scratch;
  gather g;
  g.channels = c->group_in;
  g.pairs = point->plan.pairs;
  g.flips[0] = c->decode_input.flip * (0xffffffffu / ((1u << storage) - 1u));
  g.flips[1] = g.flips[0] ^ (!point->plan.flip ? 0 : storage == 4 ? 0x88888888u : 0xaaaaaaaau);
  while (count > 0) {
    const uint32_t tiles = even_tiles(c, x, count / INTACT_POLY_POINT_TILE);
    uint32_t now = tiles * INTACT_POLY_POINT_TILE;
    if (tiles > 0) {
      const uint32_t row = y * c->window.stride_h, column = x * c->window.stride_w;
      to = gather_even(&g, c->input.data + ((size_t)row * c->input.width + column) * c->input.pixel_bytes,
                       c->window.stride_w * c->input.pixel_bytes, tiles, storage, to);
    } else {
      now = count < INTACT_POLY_POINT_TILE ? count : INTACT_POLY_POINT_TILE;
      to = gather_windows(point, &g, y, x, now, to);
    }
    count -= now;
    for (x += now; x >= width; x -= width) ++y;
  }
}

#endif
