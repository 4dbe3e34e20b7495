/* Input rows as words of n codes, for each pair of groups: slots of rows, in each all channels, of each the
 * words of both groups (stride 2: both of E, then both of D).
 */
#include "poly_row.h"

#include "../intact_isa.h"

#if INTACT_ISA_ARMV7M

#include "dsp_instructions.h"

enum { MOST_CODES = 4 };

/* Of what gets constants: gcc 12 else makes them arguments again. */
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

#define NIBBLES(at) (bits_at_##at(x[0]) | bits_at_##at(x[1]) << field | bits_at_##at(x[2]) << 2 * field)

/* The words of a chunk of channels, the codes of n pixels in the lowest bits of x[0 .. n - 1]; step: words
 * from channel to channel. All inlined with constant step. */
INTACT_INLINED void pack_nibbles(const uint32_t x[], uint32_t field, intact_word_alias* to, uint32_t step) {
  to[0 * step] = NIBBLES(0);
  to[1 * step] = NIBBLES(4);
  to[2 * step] = NIBBLES(8);
  to[3 * step] = NIBBLES(12);
  to[4 * step] = NIBBLES(16);
  to[5 * step] = NIBBLES(20);
  to[6 * step] = NIBBLES(24);
  to[7 * step] = NIBBLES(28);
}

static inline uint32_t rotate(uint32_t x, uint32_t right) {
  return x >> right | x << (32 - right);
}

/* Codes of 1 and 2 bits: of each byte of the pixels' words, bits 2 j and 2 j + 1 of pixel i go to bits 2 i
 * and 2 i + 1 of word j, and i bytes further up. There a byte's codes of four pixels lie 10 bits from each
 * other, counted round the word, so that one AND takes a channel's. */
static inline void exchange(uint32_t x[MOST_CODES]) {
  const uint32_t nibbles = 0x0f0f0f0fu, pairs = 0x33333333u;
  uint32_t i, t;
  for (i = 1; i < 4; ++i) x[i] = rotate(x[i], 32 - 8 * i);
  for (i = 0; i < 2; ++i) {
    t = (x[i] >> 4 ^ x[i + 2]) & nibbles;
    x[i + 2] ^= t;
    x[i] ^= t << 4;
  }
  for (i = 0; i < 4; i += 2) {
    t = (x[i] >> 2 ^ x[i + 1]) & pairs;
    x[i + 1] ^= t;
    x[i] ^= t << 2;
  }
}

/* The words of the first `count` channels of byte `byte`, at most 8 / storage. All inlined with constant byte
 * and storage. */
INTACT_INLINED void pack_few(const uint32_t x[], uint32_t byte, uint32_t count, intact_word_alias* to,
                             uint32_t storage, uint32_t step) {
  const uint32_t mask = storage == 1 ? 0x40100401u : 0xc0300c03u;
  uint32_t j;
#pragma GCC unroll 8
  for (j = 0; j < 8 / storage; ++j, to += step) {
    const uint32_t right = 8 * byte + (storage == 1 ? j % 2 : 0), word = x[j * storage / 2];
    if (j == count) break;
    *to = (right == 0 ? word : rotate(word, right)) & mask;
  }
}

/* Those of a whole word's channels. */
INTACT_INLINED void pack_exchanged(uint32_t x[MOST_CODES], intact_word_alias* to, uint32_t storage,
                                   uint32_t step) {
  uint32_t i;
  exchange(x);
#pragma GCC unroll 4
  for (i = 0; i < 4; ++i) pack_few(x, i, 8 / storage, to + (size_t)i * (8 / storage) * step, storage, step);
}

static inline void pack_bytes(const uint32_t x[], uint32_t field, intact_word_alias* to, uint32_t step) {
  uint32_t j;
#pragma GCC unroll 4
  for (j = 0; j < 4; ++j) to[j * step] = (x[0] >> (8 * j) & 0xffu) | (x[1] >> (8 * j) & 0xffu) << field;
}

typedef struct line {
  const uint8_t *pixels, *padding; /* pixels: null outside the image */
  int32_t width;
  int32_t x; /* of the first code */
  uint32_t groups, channels, pixel_bytes, stride;
  uint32_t storage, xor_codes, field;
  intact_word_alias* to;
  uint32_t pair_words; /* from pair to pair of groups */
} line;

/* The last channels, fewer than in a word; inlined as what follows. */
INTACT_INLINED void pack_rest(uint32_t x[MOST_CODES], uint32_t codes, intact_word_alias* to, uint32_t storage,
                              uint32_t n, uint32_t field, uint32_t step) {
  const uint32_t mask = (1u << storage) - 1u, chunk = 8 / storage;
  uint32_t i;
  if (storage < 4) {
    exchange(x);
    for (; codes >= chunk; codes -= chunk, to += (size_t)chunk * step) {
      pack_few(x, 0, chunk, to, storage, step);
#pragma GCC unroll 4
      for (i = 0; i < n; ++i) x[i] = rotate(x[i], 8);
    }
    if (codes > 0) pack_few(x, 0, codes, to, storage, step);
    return;
  }
  for (; codes > 0; --codes, to += step) {
    uint32_t word = 0;
#pragma GCC unroll 4
    for (i = 0; i < n; ++i, x[i - 1] >>= storage) word |= (x[i] & mask) << (i * field);
    *to = word;
  }
}

/* Eight codes of one or two bits, in the lowest bits of x, as nibbles. */
static inline uint32_t spread(uint32_t x, uint32_t storage) {
  if (storage == 2) {
    x = (x | x << 8) & 0x00ff00ffu;
    x = (x | x << 4) & 0x0f0f0f0fu;
    return (x | x << 2) & 0x33333333u;
  }
  x = (x | x << 12) & 0x000f000fu;
  x = (x | x << 6) & 0x03030303u;
  return (x | x << 3) & 0x11111111u;
}

/* The words of all channels of three pixels of one or two bits. */
INTACT_APART static void pack_three(const line* l, const uint8_t* from[], intact_word_alias* to,
                                    uint32_t step) {
  const uint32_t storage = l->storage, field = l->field;
  uint32_t left, x[MOST_CODES], i;
  for (left = l->channels; left > 0; left -= left < 8 ? left : 8, to += (size_t)8 * step) {
    for (i = 0; i < 3; ++i, from[i - 1] += storage) {
      /* Of two bits the last byte may be another pixel's. */
      const uint32_t codes = storage == 2 && left > 4 ? intact_load_half(from[i]) : *from[i];
      x[i] = spread((codes ^ l->xor_codes) & (storage == 2 ? 0xffffu : 0xffu), storage);
    }
    if (left >= 8) {
      pack_nibbles(x, field, to, step);
      continue;
    }
    for (i = 0; i < left; ++i) {
      const uint32_t at = 4 * i;
      to[i * step] = (x[0] >> at & 15u) | (x[1] >> at & 15u) << field | (x[2] >> at & 15u) << 2 * field;
    }
  }
}

/* The words of all channels of n pixels. Inlined with constant storage, n, step and (for n > 2) field. */
INTACT_INLINED void pack_group(const line* l, const uint8_t* from[], intact_word_alias* to, uint32_t storage,
                               uint32_t n, uint32_t field, uint32_t step) {
  const uint32_t per_word = 32 / storage, rest = l->channels % per_word;
  /* The last of four codes of two bits reaches bit 31, which is flipped. */
  const uint32_t flip = l->xor_codes, flip_last = storage == 2 ? flip ^ 0xaaaaaaaau : flip;
  uint32_t words, x[MOST_CODES], i;
  if (storage < 4 && n == 3) {
    pack_three(l, from, to, step);
    return;
  }
  for (words = l->channels / per_word; words > 0; --words, to += (size_t)per_word * step) {
#pragma GCC unroll 4
    for (i = 0; i < n; ++i, from[i - 1] += 4)
      x[i] = intact_load_any(from[i]) ^ (i + 1 == n ? flip_last : flip);
    if (storage == 8)
      pack_bytes(x, field, to, step);
    else if (storage == 4)
      pack_nibbles(x, field, to, step);
    else
      pack_exchanged(x, to, storage, step);
  }
  if (rest == 0) return;
#pragma GCC unroll 4
  for (i = 0; i < n; ++i) { /* at 1 bit pixels are whole words */
    x[i] = storage == 1 ? intact_load_any(from[i]) : intact_load_few(from[i], (rest * storage + 7) / 8);
    x[i] ^= i + 1 == n ? flip_last : flip;
  }
  pack_rest(x, rest, to, storage, n, field, step);
}

INTACT_INLINED void pack_line(const line* given, uint32_t storage, uint32_t n, uint32_t field,
                              uint32_t step) {
  const line l = *given; /* not reloaded at each store */
  const int32_t stride = (int32_t)(step / 2), reach = (int32_t)(n - 1) * stride;
  const uint32_t pixel_step = (step / 2) * l.pixel_bytes;
  intact_word_alias* to = l.to;
  const uint8_t* from[MOST_CODES];
  int32_t x = l.x;
  uint32_t q, i;
  for (q = 0; q < l.groups; ++q, x += (int32_t)n * stride) {
    if (l.pixels && x >= 0 && x + reach < l.width) {
      from[0] = l.pixels + (size_t)(uint32_t)x * l.pixel_bytes;
#pragma GCC unroll 4
      for (i = 1; i < n; ++i) from[i] = from[i - 1] + pixel_step;
    } else {
      for (i = 0; i < n; ++i) {
        const int32_t at = x + (int32_t)i * stride;
        from[i] =
            l.pixels && at >= 0 && at < l.width ? l.pixels + (size_t)(uint32_t)at * l.pixel_bytes : l.padding;
      }
    }
    pack_group(&l, from, to, storage, n, field, step);
    to = q % 2 != 0 ? to + l.pair_words - 1 : to + 1;
  }
}

/* Steps of 2 words at stride 1, of 4 at stride 2. */
static void pack_8(const line* l, uint32_t step) {
  pack_line(l, 8, 2, l->field, step);
}
static void pack_4(const line* l) {
  pack_line(l, 4, 3, 13, 2);
}
static void pack_4_strided(const line* l) {
  pack_line(l, 4, 3, 13, 4);
}
static void pack_2(const line* l) {
  pack_line(l, 2, 4, 10, 2);
}
static void pack_2_strided(const line* l) {
  pack_line(l, 2, 4, 10, 4);
}
static void pack_1(const line* l) {
  pack_line(l, 1, 4, 10, 2);
}
static void pack_1_strided(const line* l) {
  pack_line(l, 1, 4, 10, 4);
}

/* Any of less than 4 bits. */
INTACT_APART static void pack_3(const line* l, uint32_t step) {
  pack_line(l, 2, 3, l->field, step);
}

static void pack_strided(const line* l, uint32_t n, uint32_t step) {
  switch (l->storage) {
    case 8:
      pack_8(l, step);
      break;
    case 4:
      if (step == 2)
        pack_4(l);
      else
        pack_4_strided(l);
      break;
    case 2:
      if (n == 3)
        pack_3(l, step);
      else if (step == 2)
        pack_2(l);
      else
        pack_2_strided(l);
      break;
    default:
      if (n == 3)
        pack_3(l, step);
      else if (step == 2)
        pack_1(l);
      else
        pack_1_strided(l);
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
  l.storage = storage;
  l.xor_codes = c->decode_input.flip * (0xffffffffu / ((1u << storage) - 1u));
  l.field = p->fields.field;
  l.to = (intact_word_alias*)(void*)(row->scratch + p->lines + offset);
  l.pair_words = p->slots * p->line_bytes / 4;
  if (l.stride == 1) {
    pack_strided(&l, p->fields.n, 2);
    return;
  }
  pack_strided(&l, p->fields.n, 4); /* E */
  l.to += 2;
  l.x -= 1;
  pack_strided(&l, p->fields.n, 4); /* D */
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
