/* Two pixels' words, packed crosswise, hold the low halves of both words and the high halves; a mask with a
 * shifted operand then leaves one channel's code of both pixels in two halfwords.
 */
#include "depthwise16.h"
#include "dsp_instructions.h"

#if INTACT_ISA_ARMV7EM

/* Some pairs of pixels, one word of codes of each: the words of pair i at low + i low_step and high + i
 * high_step, their codes' pairs in the planes from to + i to_step on. All steps count bytes. */
typedef struct run {
  const uint8_t *low, *high;
  uint8_t* to;
  uint32_t count, low_step, high_step, to_step;
  uint32_t plane, mask, flip;
} run;

/* Four channels' pairs, mask & a .. mask & d, into four planes. a .. d: x or y and how it is shifted. In C,
 * the compiler puts the mask into the AND and the shift into an instruction of its own, and keeps more
 * multiples of the plane than it has registers. */
#define PUT_QUAD(a, b, c, d)                                                                               \
  __asm__ volatile("and %[t], %[m], " a                                                                    \
                   "\n\tstr %[t], [%[to]]"                                                                 \
                   "\n\tand %[t], %[m], " b                                                                \
                   "\n\tstr %[t], [%[to], %[p]]"                                                           \
                   "\n\tand %[t], %[m], " c                                                                \
                   "\n\tstr %[t], [%[to], %[p], lsl #1]"                                                   \
                   "\n\tand %[t], %[m], " d "\n\tstr %[t], [%[to], %[p3]]"                                 \
                   : [t] "=&r"(t)                                                                          \
                   : [to] "r"(to), [p] "r"(plane), [p3] "r"(plane3), [m] "r"(mask), [x] "r"(x), [y] "r"(y) \
                   : "memory")

/* x: a halfword of each pixel; 8-bit codes: y: the other one. Returns the place of the first plane behind. */
static inline uint8_t* put_halves(uint8_t* to, uint32_t plane, uint32_t plane3, uint32_t mask,
                                  uint32_t storage, uint32_t shift, uint32_t x, uint32_t y) {
  uint32_t t;
  if (storage == 8 && shift == 7) {
    PUT_QUAD("%[x], lsl #7", "%[x], lsr #1", "%[y], lsl #7", "%[y], lsr #1");
  } else if (storage == 8 && shift == 8) {
    PUT_QUAD("%[x], lsl #8", "%[x]", "%[y], lsl #8", "%[y]");
  } else if (storage == 8) {
    PUT_QUAD("%[x]", "%[x], lsr #8", "%[y]", "%[y], lsr #8");
  } else if (storage == 4) {
    PUT_QUAD("%[x]", "%[x], lsr #4", "%[x], lsr #8", "%[x], lsr #12");
  } else if (storage == 2) {
    PUT_QUAD("%[x]", "%[x], lsr #2", "%[x], lsr #4", "%[x], lsr #6");
    to += 4 * plane;
    PUT_QUAD("%[x], lsr #8", "%[x], lsr #10", "%[x], lsr #12", "%[x], lsr #14");
  } else {
    PUT_QUAD("%[x]", "%[x], lsr #1", "%[x], lsr #2", "%[x], lsr #3");
    to += 4 * plane;
    PUT_QUAD("%[x], lsr #4", "%[x], lsr #5", "%[x], lsr #6", "%[x], lsr #7");
    to += 4 * plane;
    PUT_QUAD("%[x], lsr #8", "%[x], lsr #9", "%[x], lsr #10", "%[x], lsr #11");
    to += 4 * plane;
    PUT_QUAD("%[x], lsr #12", "%[x], lsr #13", "%[x], lsr #14", "%[x], lsr #15");
  }
  return to + 4 * plane;
}

/* Inlined with constants for storage, shift and has_flip. */
static inline void put_words(const run* r, uint32_t storage, uint32_t shift, uint32_t has_flip) {
  const uint8_t *low = r->low, *high = r->high;
  const uint32_t low_step = r->low_step, high_step = r->high_step, to_step = r->to_step, plane = r->plane,
                 plane3 = plane * 3, mask = r->mask, flip = r->flip;
  uint8_t* to = r->to;
  uint8_t* const end = to + r->count * to_step;
  do {
    uint32_t a = intact_load_any(low), b = intact_load_any(high);
    low += low_step;
    high += high_step;
    if (has_flip) {
      a ^= flip;
      b ^= flip;
    }
    if (storage == 8) {
      put_halves(to, plane, plane3, mask, storage, shift, intact_pack_lower(a, b), intact_pack_upper(a, b));
    } else {
      uint8_t* half = put_halves(to, plane, plane3, mask, storage, shift, intact_pack_lower(a, b), 0);
      put_halves(half, plane, plane3, mask, storage, shift, intact_pack_upper(a, b), 0);
    }
    to += to_step;
  } while (to != end);
}

static void put_word_run(const run* r, uint32_t storage, uint32_t shift) {
  switch (storage) {
    case 8:
      if (shift == 7)
        put_words(r, 8, 7, 0);
      else if (shift == 8)
        put_words(r, 8, 8, 0);
      else
        put_words(r, 8, 0, 1);
      break;
    case 4:
      if (r->flip)
        put_words(r, 4, 0, 1);
      else
        put_words(r, 4, 0, 0);
      break;
    case 2:
      if (r->flip)
        put_words(r, 2, 0, 1);
      else
        put_words(r, 2, 0, 0);
      break;
    default:
      put_words(r, 1, 0, 0); /* one bit has no sign to flip */
      break;
  }
}

static inline uint32_t load_rest(const uint8_t* p, uint32_t bytes) {
  uint32_t x;
  if (bytes == 4) return intact_load_any(p);
  x = p[0];
  if (bytes > 1) x |= (uint32_t)p[1] << 8;
  if (bytes > 2) x |= (uint32_t)p[2] << 16;
  return x;
}

/* The channels behind whole words: in->rest codes of each pixel. Inlined with a constant storage. */
static inline void put_rest(const intact_depthwise16_input* in, const run* r, uint32_t storage) {
  const uint32_t bytes = in->rest_bytes, flip = r->flip, mask = r->mask, shift = in->shift;
  const uint32_t plane = r->plane, plane3 = plane * 3;
  const uint8_t *low = r->low, *high = r->high;
  uint8_t* line = r->to;
  uint32_t count = r->count, rest;
  for (; count > 0; --count, low += r->low_step, high += r->high_step, line += r->to_step) {
    uint32_t a = load_rest(low, bytes) ^ flip, b = load_rest(high, bytes) ^ flip;
    uint8_t* to = line;
    rest = in->rest;
    if (storage < 4 && rest >= 16 / storage) {
      to = put_halves(to, plane, plane3, mask, storage, 0, intact_pack_lower(a, b), 0);
      a >>= 16;
      b >>= 16;
      rest -= 16 / storage;
    }
    for (; storage < 8 && rest >= 4; rest -= 4, to += 4 * plane) {
      const uint32_t x = intact_pack_lower(a, b), y = x;
      uint32_t t;
      if (storage == 4)
        PUT_QUAD("%[x]", "%[x], lsr #4", "%[x], lsr #8", "%[x], lsr #12");
      else if (storage == 2)
        PUT_QUAD("%[x]", "%[x], lsr #2", "%[x], lsr #4", "%[x], lsr #6");
      else
        PUT_QUAD("%[x]", "%[x], lsr #1", "%[x], lsr #2", "%[x], lsr #3");
      a >>= 4 * storage;
      b >>= 4 * storage;
    }
    for (; rest > 0; --rest, a >>= storage, b >>= storage, to += plane)
      intact_store_word(to, (intact_pack_lower(a, b) << shift) & mask);
  }
}

static void put_rest_run(const intact_depthwise16_input* in, const run* r) {
  switch (in->storage) {
    case 8:
      put_rest(in, r, 8);
      break;
    case 4:
      put_rest(in, r, 4);
      break;
    case 2:
      put_rest(in, r, 2);
      break;
    default:
      put_rest(in, r, 1);
      break;
  }
}

/* All channels of a run whose pointers stand at the block's first: word by word or pair by pair, whatever is
 * the fewer. */
static void put_run(const intact_depthwise16_input* in, run* r) {
  const uint32_t planes = r->plane * (32 / in->storage);
  const run all = *r;
  uint32_t i;
  if (in->words > r->count) {
    r->count = in->words;
    r->low_step = r->high_step = 4;
    r->to_step = planes;
    for (i = 0; i < all.count; ++i) {
      put_word_run(r, in->storage, in->shift);
      r->low += all.low_step;
      r->high += all.high_step;
      r->to += all.to_step;
    }
  } else {
    for (i = 0; i < in->words; ++i) {
      put_word_run(r, in->storage, in->shift);
      r->low += 4;
      r->high += 4;
      r->to += planes;
    }
  }
  if (in->rest > 0) {
    *r = all;
    r->low += in->words * 4;
    r->high += in->words * 4;
    r->to += in->words * planes;
    put_rest_run(in, r);
  }
}

/* The pixel `offset` columns behind the source's first one; *left: how many are there from it on, `step`
 * columns apart, at equal distances of *step_bytes. */
static const uint8_t* pixels_of(const intact_depthwise16_input* in, const intact_depthwise16_source* source,
                                uint32_t offset, uint32_t step, uint32_t* left, uint32_t* step_bytes) {
  const uint32_t x = (uint32_t)source->x + offset; /* modulo 2^32: a negative position is beyond any width */
  *step_bytes = 0;
  if (!source->row) {
    *left = UINT32_MAX;
    return in->pad_pixel;
  }
  if (x >= in->width) {
    *left = 1;
    return in->pad_pixel;
  }
  *step_bytes = step * in->pixel_bytes;
  *left = (in->width - x - 1) / step + 1;
  return source->row + (size_t)x * in->pixel_bytes;
}

void intact_depthwise16_expand(const intact_depthwise16_input* in, const intact_depthwise16_line* line) {
  uint8_t* const to = (uint8_t*)(void*)line->to;
  uint32_t i, count, low_left, high_left;
  run r;
  r.plane = line->plane * 4;
  r.mask = (((1u << in->storage) - 1u) << in->shift) * 0x00010001u;
  r.flip = in->shift ? 0 : in->flip;
  for (i = 0; i < line->count; i += count) {
    r.to = to + i * line->to_step * 4;
    r.low = pixels_of(in, &line->low, i * line->step, line->step, &low_left, &r.low_step);
    r.high = pixels_of(in, &line->high, i * line->step, line->step, &high_left, &r.high_step);
    r.to_step = line->to_step * 4;
    count = line->count - i;
    if (low_left < count) count = low_left;
    if (high_left < count) count = high_left;
    r.count = count;
    put_run(in, &r);
  }
}

#endif
