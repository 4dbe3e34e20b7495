/* Input rows as words of n codes, for each pair of groups: slots of rows, in each all channels, of each the
 * words of both groups (stride 2: both of E, then both of D).
 */
#include "poly_row.h"

#include "../intact_isa.h"

#if INTACT_ISA_ARMV7M

#include "dsp_instructions.h"

enum { MOST_CODES = 4 };

/* Three codes or a few of each of three words: x >> at with `width` bits, by an instruction (gcc 12 shifts,
 * masks and then shifts to the field, where UBFX and ORR with a shift are two). Volatile, or it works on all
 * words at once and spills. */
#define BITS_AT(at)                                                   \
  static inline uint32_t bits_at_##at(uint32_t x) {                   \
    uint32_t d;                                                       \
    __asm__ volatile("ubfx %0, %1, #" #at ", #4" : "=r"(d) : "r"(x)); \
    return d;                                                         \
  }
BITS_AT(0)
BITS_AT(4)
BITS_AT(8)
BITS_AT(12)
BITS_AT(16)
BITS_AT(20)
BITS_AT(24)
BITS_AT(28)

#define NIBBLES(at) (bits_at_##at(x[0]) | bits_at_##at(x[1]) << 13 | bits_at_##at(x[2]) << 26)

/* The words of a chunk of channels, the codes of n pixels in the lowest bits of x[0 .. n - 1]; step: words
 * from channel to channel. All inlined with constant step. */
static inline void pack_nibbles(const uint32_t x[], intact_word_alias* to, uint32_t step) {
  to[0 * step] = NIBBLES(0);
  to[1 * step] = NIBBLES(4);
  to[2 * step] = NIBBLES(8);
  to[3 * step] = NIBBLES(12);
  to[4 * step] = NIBBLES(16);
  to[5 * step] = NIBBLES(20);
  to[6 * step] = NIBBLES(24);
  to[7 * step] = NIBBLES(28);
}

/* Eight bits of the first three pixels lie 10 bits from each other, so that one AND takes a code of each; the
 * last one's codes go to bits 30 and 31. The last of codes of two bits reaches bit 31, which is flipped then.
 */
static inline void pack_byte(const uint32_t x[], intact_word_alias* to, uint32_t storage, uint32_t step) {
  const uint32_t mask = ((1u << storage) - 1u) * 0x00100401u;
  const uint32_t three = (x[0] & 0xffu) | (x[1] & 0xffu) << 10 | (x[2] & 0xffu) << 20;
  uint32_t j;
#pragma GCC unroll 8
  for (j = 0; j < 8 / storage; ++j) {
    uint32_t word = three >> (j * storage) & mask;
    __asm__ volatile("" : "+r"(word)); /* one after the other: gcc 12 spills else */
    if (storage == 1)
      word |= (x[3] >> j) << 31 >> 1;
    else
      word = (word | (x[3] >> (2 * j)) << 30) ^ 0x80000000u;
    to[j * step] = word;
  }
}

static inline void pack_bytes(const uint32_t x[], uint32_t field, intact_word_alias* to, uint32_t step) {
  uint32_t j;
#pragma GCC unroll 4
  for (j = 0; j < 4; ++j) to[j * step] = (x[0] >> (8 * j) & 0xffu) | (x[1] >> (8 * j) & 0xffu) << field;
}

static inline uint32_t word_of(const uint32_t x[], uint32_t storage, uint32_t n, uint32_t field) {
  const uint32_t mask = (1u << storage) - 1u;
  uint32_t word = x[0] & mask, i;
#pragma GCC unroll 4
  for (i = 1; i < n; ++i) word |= (x[i] & mask) << (i * field);
  return storage == 2 ? word ^ 0x80000000u : word;
}

typedef struct line {
  const uint8_t *pixels, *padding; /* pixels: null outside the image */
  int32_t width;
  int32_t x; /* of the first code */
  uint32_t groups, channels, pixel_bytes, stride;
  uint32_t xor_codes, field;
  intact_word_alias* to;
  uint32_t pair_words; /* from pair to pair of groups */
} line;

/* Inlined with constant storage, n, step and (for n > 2) field. */
static inline void pack_group(const line* l, const uint8_t* from[], intact_word_alias* to, uint32_t storage,
                              uint32_t n, uint32_t field, uint32_t step) {
  const uint32_t per_word = 32 / storage, chunk = storage < 4 ? 8 / storage : per_word, flip = l->xor_codes;
  uint32_t left = l->channels, x[MOST_CODES], i;
  while (left > 0) {
    uint32_t codes = left < per_word ? left : per_word;
    left -= codes;
    if (codes == per_word || storage == 1) { /* at 1 bit pixels are whole words */
#pragma GCC unroll 4
      for (i = 0; i < n; ++i, from[i - 1] += 4) x[i] = intact_load_any(from[i]) ^ flip;
    } else {
#pragma GCC unroll 4
      for (i = 0; i < n; ++i) x[i] = intact_load_few(from[i], (codes * storage + 7) / 8) ^ flip;
    }
    for (; codes >= chunk; codes -= chunk, to += (size_t)chunk * step) {
      if (storage == 8)
        pack_bytes(x, field, to, step);
      else if (storage == 4)
        pack_nibbles(x, to, step);
      else
        pack_byte(x, to, storage, step);
      if (chunk < per_word) {
#pragma GCC unroll 4
        for (i = 0; i < n; ++i) x[i] >>= 8;
      }
    }
    for (; codes > 0; --codes, to += step) {
      *to = word_of(x, storage, n, field);
#pragma GCC unroll 4
      for (i = 0; i < n; ++i) x[i] >>= storage;
    }
  }
}

static inline void pack_line(const line* l, uint32_t storage, uint32_t n, uint32_t field, uint32_t step) {
  const int32_t stride = (int32_t)l->stride, reach = (int32_t)(n - 1) * stride;
  const uint32_t pixel_step = l->stride * l->pixel_bytes;
  intact_word_alias* to = l->to;
  const uint8_t* from[MOST_CODES];
  int32_t x = l->x;
  uint32_t q, i;
  for (q = 0; q < l->groups; ++q, x += (int32_t)n * stride) {
    if (l->pixels && x >= 0 && x + reach < l->width) {
      from[0] = l->pixels + (size_t)(uint32_t)x * l->pixel_bytes;
#pragma GCC unroll 4
      for (i = 1; i < n; ++i) from[i] = from[i - 1] + pixel_step;
    } else {
      for (i = 0; i < n; ++i) {
        const int32_t at = x + (int32_t)i * stride;
        from[i] = l->pixels && at >= 0 && at < l->width ? l->pixels + (size_t)(uint32_t)at * l->pixel_bytes
                                                        : l->padding;
      }
    }
    pack_group(l, from, to, storage, n, field, step);
    to = q % 2 != 0 ? to + l->pair_words - 1 : to + 1;
  }
}

/* step: 2 at stride 1, 4 at stride 2. */
static inline void pack_strided(const line* l, uint32_t storage, uint32_t step) {
  switch (storage) {
    case 8:
      pack_line(l, 8, 2, l->field, step);
      break;
    case 4:
      pack_line(l, 4, 3, 13, step);
      break;
    case 2:
      pack_line(l, 2, 4, 10, step);
      break;
    default:
      pack_line(l, 1, 4, 10, step);
      break;
  }
}

void intact_poly_row_padding(const intact_poly_row* row) {
  const intact_conv* c = row->conv;
  const uint32_t storage = c->input.storage_bits;
  const uint32_t byte = (row->plan.pad_code ^ c->decode_input.flip) * (0xffu / ((1u << storage) - 1u));
  uint8_t* to = row->scratch + row->plan.padding;
  uint32_t i;
  for (i = 0; i < c->input.pixel_bytes; ++i) to[i] = (uint8_t)byte;
}

static void expand_row(const intact_poly_row* row, uint32_t virtual_row) {
  const intact_poly_row_plan* p = &row->plan;
  const intact_conv* c = row->conv;
  const uint32_t storage = c->input.storage_bits;
  const uint32_t y = virtual_row - c->window.pad_top; /* of the image, if below its height */
  const size_t offset = (size_t)(virtual_row - row->first_row) * p->line_bytes;
  line l;
  l.pixels = y < c->input.height ? c->input.data + (size_t)y * c->input.width * c->input.pixel_bytes : 0;
  l.padding = row->scratch + p->padding;
  l.width = (int32_t)c->input.width;
  l.x = row->span.x;
  l.groups = row->span.groups;
  l.channels = c->group_in;
  l.pixel_bytes = c->input.pixel_bytes;
  l.stride = c->window.stride_w;
  l.xor_codes = c->decode_input.flip * (0xffffffffu / ((1u << storage) - 1u));
  l.field = p->fields.field;
  l.to = (intact_word_alias*)(void*)(row->scratch + p->lines + offset);
  l.pair_words = p->slots * p->line_bytes / 4;
  if (l.stride == 1) {
    pack_strided(&l, storage, 2);
    return;
  }
  pack_strided(&l, storage, 4); /* E */
  l.to += 2;
  l.x -= 1;
  pack_strided(&l, storage, 4); /* D */
}

static void move_words(uint8_t* to, const uint8_t* from, uint32_t words) {
  intact_word_alias* t = (intact_word_alias*)(void*)to;
  const intact_word_alias* f = (const intact_word_alias*)(const void*)from;
  for (; words >= 4; words -= 4, t += 4, f += 4) {
    const uint32_t a = f[0], b = f[1], c = f[2], d = f[3];
    t[0] = a;
    t[1] = b;
    t[2] = c;
    t[3] = d;
  }
  for (; words > 0; --words) *t++ = *f++;
}

void intact_poly_row_begin(intact_poly_row* row) {
  row->first_row = row->end_row = 0;
}

uint32_t intact_poly_row_slot(intact_poly_row* row, uint32_t y) {
  const intact_poly_row_plan* p = &row->plan;
  const uint32_t first = y * row->conv->window.stride_h, end = first + row->conv->window.kernel_h;
  if (end - row->first_row > p->slots) {
    /* The rows that stay move to the front. */
    const uint32_t stay = row->end_row > first ? row->end_row - first : 0;
    uint8_t* at = row->scratch + p->lines;
    uint32_t i;
    for (i = 0; stay > 0 && i < p->pairs; ++i, at += (size_t)p->slots * p->line_bytes)
      move_words(at, at + (size_t)(first - row->first_row) * p->line_bytes, stay * p->line_bytes / 4);
    row->first_row = first;
  }
  if (row->end_row < first) row->end_row = first;
  for (; row->end_row < end; ++row->end_row) expand_row(row, row->end_row);
  return first - row->first_row;
}

#endif
