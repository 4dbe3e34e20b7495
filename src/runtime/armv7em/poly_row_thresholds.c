/* Codes of one and two bits without a multiplication. With one run, S = sum of w u of a channel lies in
 * -a N .. a P, where N and P are the sums of its negative and its positive weights' magnitudes and a is the
 * largest u. Codes rise with S (else the weights are negated, and they do), so that each is the number of
 * thresholds tau_1 <= tau_2 .. with S >= tau. Fields that start at H - tau_1 instead of H = 2^(field - 1)
 * have their top bit set where S >= tau_1, and after tau_(i + 1) - tau_i has been subtracted, where S >=
 * tau_(i + 1). That needs 0 <= H - tau - a N and H - tau + a P < 2 H for each tau.
 */
#include "../intact_isa.h"
#include "poly_row.h"

#if INTACT_ISA_ARMV7M

#include "dsp_instructions.h"

enum { HALF = 512, SPILL = 0x1004 }; /* fields of 10 bits; fields 0 and 1 */

/* Of a channel: t = (S scale + start) m / 2^32 + b. */
typedef struct scaling {
  uint32_t scale, start, m, b;
} scaling;

/* The first S in low .. high - 1 with t >= target, high if there is none. */
static int32_t first_reaching(const scaling* s, int32_t low, int32_t high, int32_t target) {
  while (low < high) {
    const int32_t middle = intact_asr(low + high, 1);
    if (intact_to_i32(intact_smmla((uint32_t)middle * s->scale + s->start, s->m, s->b)) >= target)
      high = middle;
    else
      low = middle + 1;
  }
  return low;
}

/* -N of `count` (at most 16) weights of two bits. Of a pair of bits the upper one counts -2, the lower one 1.
 */
static int32_t negative_of_word(uint32_t word, uint32_t count) {
  const uint32_t upper = word >> 1 & 0x55555555u & (0xffffffffu >> (32 - 2 * count));
  uint32_t sum = (upper << 1) - (upper & word); /* in pairs: no borrow */
  sum = (sum & 0x33333333u) + (sum >> 2 & 0x33333333u);
  sum = (sum & 0x0f0f0f0fu) + (sum >> 4 & 0x0f0f0f0fu);
  return -(int32_t)(sum * 0x01010101u >> 24);
}

/* -N of output channel o. */
static int32_t negative_sum(const intact_conv* c, uint32_t o, int32_t weight_sum) {
  const uint8_t* from = c->weights + (size_t)o * c->row_bytes;
  uint32_t left = c->taps;
  int32_t sum = 0;
  if (c->weight_storage == 1) return -(((int32_t)c->taps - weight_sum) / 2);
  for (; left >= 16; left -= 16, from += 4) sum += negative_of_word(intact_load_any(from), 16);
  if (left > 0) sum += negative_of_word(intact_load_few(from, (left + 3) / 4), left);
  return sum;
}

/* Thresholds of output channel o, which has the weights' sum already; 0 if they cannot be. */
static int find_thresholds(const intact_poly_row* row, uint32_t o, intact_poly_thresholds* to) {
  const intact_conv* c = row->conv;
  const uint32_t count = row->plan.thresholds;
  const int32_t a = (1 << c->input.storage_bits) - 1, negative = negative_sum(c, o, to->weight_sum);
  int32_t least = a * negative, most = a * (to->weight_sum - negative), tau, before;
  scaling s;
  uint32_t i;
  s.scale = 1u << (c->decode_input.shift + c->k);
  s.start = intact_mul(to->weight_sum, c->decode_input.offset) << c->k;
  s.m = intact_load_u32(c->multipliers + (size_t)o * 4);
  s.b = intact_load_u32(c->biases + (size_t)o * 4);
  to->negated = s.m >> 31;
  if (to->negated) {
    const int32_t greatest = -least;
    least = -most;
    most = greatest;
    s.scale = 0 - s.scale;
  }
  /* Codes of two bits are t >> 16, clamped (plan.direct); bipolar ones are whether t >= 0. */
  before = tau = first_reaching(&s, least, most + 1, count == 1 ? 0 : 1 << 16);
  to->start = (uint32_t)(HALF - tau);
  to->spill = to->start * SPILL;
  if (HALF - tau + most >= 2 * HALF) return 0;
  for (i = 1; i < count; ++i, before = tau) {
    tau = first_reaching(&s, before, most + 1, (int32_t)(i + 1) << 16);
    to->steps[i - 1] = (uint32_t)(tau - before) * (uint32_t)INTACT_POLY_FOUR_FIELDS;
  }
  return HALF - tau + least >= 0;
}

/* The words of a channel and what its sums start at, negated where it has to be. */
static void start_channel(const intact_poly_row* row, uint32_t i, const intact_poly_thresholds* t) {
  const uint32_t steps = row->plan.steps;
  uint8_t* pair = row->scratch + (size_t)(i / 2) * row->plan.pair_bytes;
  intact_word_alias* words = (intact_word_alias*)(void*)pair + i % 2;
  intact_poly_two* head = (intact_poly_two*)(void*)(pair + (size_t)steps * 8) + i % 2;
  uint64_t more = head[0] - HALF * INTACT_POLY_FOUR_FIELDS; /* for the words (poly_row_weights.c) */
  if (t->negated) {
    uint32_t s;
    for (s = 0; s < steps; ++s) words[2 * s] = 0 - words[2 * s];
    more = 0 - more;
  }
  head[0] = head[2] = more + t->start * INTACT_POLY_FOUR_FIELDS;
}

int intact_poly_row_prepare_thresholds(const intact_poly_row* row, uint32_t first, uint32_t count) {
  intact_poly_thresholds* to = intact_poly_row_thresholds(row);
  uint32_t i;
  for (i = 0; i < count; ++i)
    if (!find_thresholds(row, first + i, to + i)) return 0;
  if (count % 2 != 0) { /* codes of 0: its weights are 0 */
    to[count].start = to[count].spill = to[count].steps[0] = to[count].steps[1] = to[count].negated = 0;
    ++count;
  }
  for (i = 0; i < count; ++i) start_channel(row, i, to + i);
  return 1;
}

#endif
