/* Bipolar codes without a multiplication. With weights of -1 and 1 and one run, S = sum of w u of a channel
 * lies in -a N .. a P, where N and P count its weights and a is the largest u. Its code is a step at some S =
 * tau, upwards or downwards. Fields that start at 2^(field - 1) - tau instead of 2^(field - 1) have their top
 * bit set where S >= tau: the code, or its complement. That needs 0 <= 2^(field - 1) - tau - a N  and
 * 2^(field - 1) - tau + a P < 2^field. In the plan `signs` is only set for n = 4 and fields of 10 bits: the
 * top bits of the four fields are bits 9, 19, 29 of the lower word and bit 7 of the upper one. Eight
 * channels' bits are gathered as four bytes, one each for the four pixels: at bits 2, 12, 22 of a word and
 * bit 0 of the next.
 */
#include "poly_row.h"

#include "../intact_isa.h"

#if INTACT_ISA_ARMV7M

enum { FIELD = 10, TOPS = 0x20080200, LAST_TOP = 0x80 };

static uint32_t code_at(const intact_poly_row* row, uint32_t channel, int32_t weight_sum, int32_t s) {
  const intact_conv* c = row->conv;
  const uint32_t acc =
      ((uint32_t)s << c->decode_input.shift) + intact_mul(weight_sum, c->decode_input.offset);
  return intact_conv_code(c, acc, channel, 0);
}

/* What the channel's fields start at, with INTACT_POLY_COMPLEMENT if the code is the complement;
 * INTACT_POLY_NO_START if it cannot be. */
static uint32_t start_of(const intact_poly_row* row, uint32_t channel, int32_t weight_sum) {
  const int32_t a = (1 << row->conv->input.storage_bits) - 1, half = 1 << (FIELD - 1);
  const int32_t taps = (int32_t)row->conv->taps;
  const int32_t least = -a * ((taps - weight_sum) / 2), most = a * ((taps + weight_sum) / 2);
  const uint32_t below = code_at(row, channel, weight_sum, least);
  int32_t low = least,
          tau = most + 1; /* the code differs from `below` at tau, if that is <= most, not at low */
  if (code_at(row, channel, weight_sum, most) != below) {
    tau = most;
    while (tau - low > 1) {
      const int32_t middle = low + (tau - low) / 2;
      if (code_at(row, channel, weight_sum, middle) != below)
        tau = middle;
      else
        low = middle;
    }
  }
  if (half - tau + least < 0 || half - tau + most >= 2 * half) return INTACT_POLY_NO_START;
  return (uint32_t)(half - tau) | (below ? INTACT_POLY_COMPLEMENT : 0);
}

int intact_poly_row_prepare_signs(const intact_poly_row* row, uint32_t first, uint32_t count) {
  const intact_poly_row_plan* p = &row->plan;
  intact_word_alias* starts = (intact_word_alias*)(void*)(row->scratch + p->starts);
  uint32_t i;
  for (i = 0; i < count; ++i) {
    starts[i] = start_of(row, first + i, intact_to_i32(starts[i]));
    if (starts[i] == INTACT_POLY_NO_START) return 0;
  }
  if (i % 2 != 0) starts[i++] = 0; /* and its weights are 0: bits of 0 */
  while (i > 0) {
    uint8_t* pair = row->scratch + (size_t)(--i / 2) * p->pair_bytes;
    intact_poly_two* head = (intact_poly_two*)(void*)(pair + (size_t)p->steps * 8);
    /* To fields 2 to 5, which start at 2^(FIELD - 1). */
    const uint64_t more = (uint64_t)(starts[i] & 0xffffu) - (1u << (FIELD - 1));
    const uint64_t fields =
        (more << (2 * FIELD)) + (more << (3 * FIELD)) + (more << (4 * FIELD)) + (more << (5 * FIELD));
    head[i % 2] += fields;
    head[2 + i % 2] += fields;
  }
  return 1;
}

typedef struct gather {
  const intact_poly_two* from;
  intact_word_alias* to;
  uint32_t groups, first, second; /* the spills */
} gather;

/* Inlined with constant place, the first channel's bit in the byte; 0: nothing is there yet. */
static inline void gather_bits(const gather* g, uint32_t place) {
  const intact_poly_two* from = g->from;
  intact_word_alias* to = g->to;
  uint32_t first = g->first, second = g->second, groups, low, high;
#pragma GCC unroll 2
  for (groups = g->groups; groups > 0; --groups, from += 2, to += 2) {
    const uint64_t a = from[0] + first, b = from[1] + second;
    low = ((uint32_t)a & TOPS) >> (7 - place) | ((uint32_t)b & TOPS) >> (6 - place);
    first = (uint32_t)(a >> 32);
    second = (uint32_t)(b >> 32);
    high = (first & LAST_TOP) >> (7 - place) | (second & LAST_TOP) >> (6 - place);
    to[0] = place ? to[0] | low : low;
    to[1] = place ? to[1] | high : high;
    first >>= 8;
    second >>= 8;
  }
  low = (first & TOPS) >> (7 - place) | (second & TOPS) >> (6 - place);
  to[0] = place ? to[0] | low : low;
  if (!place) to[1] = 0;
}

void intact_poly_row_collect_signs(const intact_poly_row* row, uint32_t channel) {
  const intact_word_alias* starts = (const intact_word_alias*)(void*)(row->scratch + row->plan.starts);
  gather g;
  g.from = (const intact_poly_two*)(void*)(row->scratch + row->plan.results);
  g.to = (intact_word_alias*)(void*)(row->scratch + row->plan.fields_at);
  g.groups = row->span.groups;
  g.first = (starts[channel] & 0xffffu) * ((1u << FIELD) + 1u);
  g.second = (starts[channel + 1] & 0xffffu) * ((1u << FIELD) + 1u);
  switch (channel % 8) {
    case 0:
      gather_bits(&g, 0);
      break;
    case 2:
      gather_bits(&g, 2);
      break;
    case 4:
      gather_bits(&g, 4);
      break;
    default:
      gather_bits(&g, 6);
      break;
  }
}

void intact_poly_row_store_signs(const intact_poly_row* row, uint32_t first, uint32_t channels,
                                 uint32_t channel, uint32_t pixel, uint32_t count) {
  const intact_conv* c = row->conv;
  const uint32_t eight = channel & ~7u;
  const intact_word_alias* starts =
      (const intact_word_alias*)(void*)(row->scratch + row->plan.starts) + eight;
  const intact_word_alias* from = (const intact_word_alias*)(void*)(row->scratch + row->plan.fields_at);
  const uint32_t step = c->output.pixel_bytes, left = channels - eight;
  const uint8_t* byte = row->scratch + row->plan.fields_at;
  intact_word_alias* to = (intact_word_alias*)(void*)(row->scratch + row->plan.fields_at);
  uint8_t* out = c->output.data + (size_t)pixel * step + (first + eight) / 8;
  uint32_t complement = 0, groups, i;
  for (i = 0; i < 8 && i < left; ++i) complement |= starts[i] / INTACT_POLY_COMPLEMENT << i;
  complement *= 0x01010101u;
  for (groups = row->span.groups + 1; groups > 0; --groups, from += 2) {
    const uint32_t low = from[0] >> 2, high = from[1];
    *to++ = ((low & 0xffu) | (low >> 2 & 0xff00u) | (low >> 4 & 0xff0000u) | high << 24) ^ complement;
  }
  byte += row->span.lead;
  for (; count > 0; --count, out += step) *out = *byte++;
}

#endif
