/* Two pixels' words, packed crosswise, hold the low halves of both words and the high halves; a mask with a
 * shifted operand then leaves one channel's code of both pixels in two halfwords.
 */
#include "depthwise16.h"
#include "dsp_instructions.h"

#if INTACT_ISA_ARMV7EM

/* Where a word of pairs goes: bytes between planes, and three times that. */
typedef struct target {
  uint32_t plane, plane3, mask;
} target;

/* Four channels' pairs, mask & a .. mask & d, into four planes; then on to the fifth. a .. d: x or y and how
 * it is shifted. In C, the compiler puts the mask into the AND and the shift into an instruction of its own,
 * and keeps more multiples of the plane than it has registers. */
#define PUT_QUAD(a, b, c, d)                                                                             \
  __asm__ volatile("and %[t], %[m], " a                                                                  \
                   "\n\tstr %[t], [%[to]]"                                                               \
                   "\n\tand %[t], %[m], " b                                                              \
                   "\n\tstr %[t], [%[to], %[p]]"                                                         \
                   "\n\tand %[t], %[m], " c                                                              \
                   "\n\tstr %[t], [%[to], %[p], lsl #1]"                                                 \
                   "\n\tand %[t], %[m], " d                                                              \
                   "\n\tstr %[t], [%[to], %[p3]]"                                                        \
                   "\n\tadd %[to], %[to], %[p], lsl #2"                                                  \
                   : [to] "+r"(to), [t] "=&r"(t)                                                         \
                   : [p] "r"(at->plane), [p3] "r"(at->plane3), [m] "r"(at->mask), [x] "r"(x), [y] "r"(y) \
                   : "memory")

/* x: a halfword of each pixel. For 8-bit codes two such words, x and y. Returns the next plane's place. */
static inline uint8_t* put_bytes(const target* at, uint32_t shift, uint32_t x, uint32_t y, uint8_t* to) {
  uint32_t t;
  if (shift == 7)
    PUT_QUAD("%[x], lsl #7", "%[x], lsr #1", "%[y], lsl #7", "%[y], lsr #1");
  else if (shift == 8)
    PUT_QUAD("%[x], lsl #8", "%[x]", "%[y], lsl #8", "%[y]");
  else
    PUT_QUAD("%[x]", "%[x], lsr #8", "%[y]", "%[y], lsr #8");
  return to;
}

static inline uint8_t* put_half(const target* at, uint32_t storage, uint32_t x, uint8_t* to) {
  const uint32_t y = x;
  uint32_t t;
  if (storage == 4) {
    PUT_QUAD("%[x]", "%[x], lsr #4", "%[x], lsr #8", "%[x], lsr #12");
  } else if (storage == 2) {
    PUT_QUAD("%[x]", "%[x], lsr #2", "%[x], lsr #4", "%[x], lsr #6");
    PUT_QUAD("%[x], lsr #8", "%[x], lsr #10", "%[x], lsr #12", "%[x], lsr #14");
  } else {
    PUT_QUAD("%[x]", "%[x], lsr #1", "%[x], lsr #2", "%[x], lsr #3");
    PUT_QUAD("%[x], lsr #4", "%[x], lsr #5", "%[x], lsr #6", "%[x], lsr #7");
    PUT_QUAD("%[x], lsr #8", "%[x], lsr #9", "%[x], lsr #10", "%[x], lsr #11");
    PUT_QUAD("%[x], lsr #12", "%[x], lsr #13", "%[x], lsr #14", "%[x], lsr #15");
  }
  return to;
}

static __attribute__((noinline)) uint32_t load_rest(const uint8_t* p, uint32_t bytes) {
  return intact_load_few(p, bytes);
}

/* What is left of the block behind whole words: a and b hold in->rest codes of each pixel, the first
 * `done` of which have been put. Rare, and not inlined. */
static __attribute__((noinline)) void put_rest(const intact_depthwise16_input* in, const target* at,
                                               uint32_t a, uint32_t b, uint32_t done, uint8_t* to) {
  const uint32_t storage = in->storage, shift = in->shift;
  uint32_t i;
  a >>= done * storage;
  b >>= done * storage;
  for (i = done; i < in->rest; ++i, a >>= storage, b >>= storage, to += at->plane)
    intact_store_word(to, (intact_pack_lower(a, b) << shift) & at->mask);
}

/* The block's codes of two pixels. Inlined with constants for storage, shift and has_flip. */
static inline void put_pixels(const intact_depthwise16_input* in, const target* at, const uint8_t* low,
                              const uint8_t* high, uint8_t* to, uint32_t storage, uint32_t shift,
                              uint32_t has_flip) {
  const uint32_t flip = has_flip ? in->flip : 0;
  uint32_t words = in->words, done = 0, a, b;
  for (; words > 0; --words, low += 4, high += 4) {
    a = intact_load_any(low) ^ flip;
    b = intact_load_any(high) ^ flip;
    if (storage == 8) {
      to = put_bytes(at, shift, intact_pack_lower(a, b), intact_pack_upper(a, b), to);
    } else {
      to = put_half(at, storage, intact_pack_lower(a, b), to);
      to = put_half(at, storage, intact_pack_upper(a, b), to);
    }
  }
  if (in->rest == 0) return;
  a = load_rest(low, in->rest_bytes) ^ flip;
  b = load_rest(high, in->rest_bytes) ^ flip;
  if (storage < 8 && in->rest >= 16 / storage) {
    to = put_half(at, storage, intact_pack_lower(a, b), to);
    done = 16 / storage;
  }
  if (in->rest > done) put_rest(in, at, a, b, done, to);
}

static inline const uint8_t* pixel_of(const intact_depthwise16_input* in,
                                      const intact_depthwise16_source* source, uint32_t offset) {
  const uint32_t x = (uint32_t)source->x + offset; /* modulo 2^32: a negative position is beyond any width */
  return source->row && x < in->width ? source->row + (size_t)x * in->pixel_bytes : in->pad_pixel;
}

static inline void expand_line(const intact_depthwise16_input* in, const intact_depthwise16_line* line,
                               uint32_t storage, uint32_t shift, uint32_t has_flip) {
  const target at = {line->plane * 4, line->plane * 12, (((1u << storage) - 1u) << shift) * 0x00010001u};
  uint8_t* to = (uint8_t*)(void*)line->to;
  uint32_t i, offset = 0;
  for (i = 0; i < line->count; ++i, offset += line->step, to += line->to_step * 4)
    put_pixels(in, &at, pixel_of(in, &line->low, offset), pixel_of(in, &line->high, offset), to, storage,
               shift, has_flip);
}

void intact_depthwise16_expand(const intact_depthwise16_input* in, const intact_depthwise16_line* line) {
  switch (in->storage) {
    case 8:
      if (in->shift == 7)
        expand_line(in, line, 8, 7, 0);
      else if (in->shift == 8)
        expand_line(in, line, 8, 8, 0);
      else
        expand_line(in, line, 8, 0, 1);
      break;
    case 4:
      expand_line(in, line, 4, 0, 1);
      break;
    case 2:
      expand_line(in, line, 2, 0, 1);
      break;
    default:
      expand_line(in, line, 1, 0, 1);
      break;
  }
}

#endif
