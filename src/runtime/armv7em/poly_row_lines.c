/* Input rows as words of n codes, for each pair of groups: slots of rows, in each all channels, of each the
 * words of both groups (stride 2: both of E, then both of D).
 */
#include "poly_row.h"

#include "../intact_isa.h"

#if INTACT_ISA_ARMV7EM

#include "dsp_instructions.h"

enum { MOST_CODES = 4 };

typedef struct group {
  const uint8_t* pixels[MOST_CODES];
  uint32_t channels, xor_codes, xor_word, field;
  uint32_t step; /* words from channel to channel */
  intact_word_alias* to;
} group;

/* Inlined with constant storage, n and (for n > 2) field. */
static inline void pack_codes(const group* g, const uint32_t x[], uint32_t count, intact_word_alias* to,
                              uint32_t storage, uint32_t n, uint32_t field) {
  const uint32_t mask = (1u << storage) - 1u, step = g->step, flip = g->xor_word;
  uint32_t j, i;
#pragma GCC unroll 32
  for (j = 0; j < 32 / storage; ++j) {
    uint32_t word = x[0] >> (j * storage) & mask;
    if (j == count) return;
#pragma GCC unroll 4
    for (i = 1; i < n; ++i) word |= (x[i] >> (j * storage) & mask) << (i * field);
    *to = word ^ flip;
    to += step;
  }
}

static inline void pack_group(const group* g, uint32_t storage, uint32_t n, uint32_t field) {
  const uint32_t per_word = 32 / storage;
  const uint8_t* from[MOST_CODES];
  intact_word_alias* to = g->to;
  uint32_t left = g->channels, at = 0, x[MOST_CODES], i;
#pragma GCC unroll 4
  for (i = 0; i < n; ++i) from[i] = g->pixels[i];
  for (; left >= per_word; left -= per_word, at += 4, to += (size_t)per_word * g->step) {
#pragma GCC unroll 4
    for (i = 0; i < n; ++i) x[i] = intact_load_any(from[i] + at) ^ g->xor_codes;
    pack_codes(g, x, per_word, to, storage, n, field);
  }
  if (left == 0) return;
#pragma GCC unroll 4
  for (i = 0; i < n; ++i) x[i] = intact_load_few(from[i] + at, (left * storage + 7) / 8) ^ g->xor_codes;
  for (; left > 0; --left, to += g->step) {
    uint32_t word = 0;
#pragma GCC unroll 4
    for (i = 0; i < n; ++i) {
      word |= (x[i] & ((1u << storage) - 1u)) << (i * field);
      x[i] >>= storage;
    }
    *to = word ^ g->xor_word;
  }
}

static void pack(const group* g, uint32_t storage) {
  switch (storage) {
    case 8:
      pack_group(g, 8, 2, g->field);
      break;
    case 4:
      pack_group(g, 4, 3, 13);
      break;
    case 2:
      pack_group(g, 2, 4, 10);
      break;
    default:
      pack_group(g, 1, 4, 10);
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
  const uint32_t storage = c->input.storage_bits, stride = c->window.stride_w, n = p->fields.n;
  const uint32_t y = virtual_row - c->window.pad_top; /* of the image, if below its height */
  const uint32_t image = y < c->input.height;
  const uint8_t* line = c->input.data + (image ? (size_t)y * c->input.width * c->input.pixel_bytes : 0);
  const uint8_t* padding = row->scratch + p->padding;
  uint8_t* to = row->scratch + p->lines + (size_t)(virtual_row - row->first_row) * p->line_bytes;
  uint32_t i, j, part;
  group g;
  int32_t x = row->span.x;
  g.channels = c->group_in;
  g.xor_codes = c->decode_input.flip * (0xffffffffu / ((1u << storage) - 1u));
  g.xor_word = p->flip;
  g.field = p->fields.field;
  g.step = 2 * stride;
  for (i = 0; i < 2 * p->pairs; ++i) {
    for (part = 0; part < stride; ++part) {
      for (j = 0; j < n; ++j) {
        const int32_t at = x + (int32_t)(j * stride) - (int32_t)part;
        const int inside = at >= 0 && (uint32_t)at < c->input.width && image;
        g.pixels[j] = inside ? line + (size_t)(uint32_t)at * c->input.pixel_bytes : padding;
      }
      g.to = (intact_word_alias*)(void*)(to + 4 * (i % 2) + 8 * part);
      pack(&g, storage);
    }
    x += (int32_t)(n * stride);
    if (i % 2 != 0) to += (size_t)p->slots * p->line_bytes;
  }
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
