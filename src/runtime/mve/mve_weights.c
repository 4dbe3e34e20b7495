#include "mve_weights.h"
#include "../intact_isa.h"

#if INTACT_ISA_MVE

#include <arm_mve.h>

/* How the first `count` of 16 codes become lanes, the others zeros. Of 4 and 2 bits: lane i's byte, the shift
 * that brings its code to the top, the code's bits there; lanes that are zeros read the first byte. Of one
 * bit: the lanes of weights 1 and -1, and whether a second byte is there. */
typedef struct places {
  uint8x16_t at;
  int8x16_t up;
  uint8x16_t top;
  int8x16_t plus, minus;
  uint32_t both;
} places;

INTACT_INLINED places places_of(uint32_t storage, uint32_t count) {
  const uint8x16_t bit = vmulq_n_u8(vidupq_n_u8(0, 1), (uint8_t)storage), none = vdupq_n_u8(0);
  const mve_pred16_t lanes = vctp8q(count);
  places p;
  p.at = vpselq_u8(vshrq_n_u8(bit, 3), none, lanes);
  p.up = vreinterpretq_s8_u8(vsubq_u8(vdupq_n_u8((uint8_t)(8 - storage)), vandq_u8(bit, vdupq_n_u8(7))));
  p.top = vpselq_u8(vdupq_n_u8((uint8_t)(0xff00u >> storage)), none, lanes);
  p.plus = vpselq_s8(vdupq_n_s8(1), vdupq_n_s8(0), lanes);
  p.minus = vpselq_s8(vdupq_n_s8(-1), vdupq_n_s8(0), lanes);
  p.both = count > 8;
  return p;
}

/* `count` vectors. Returns `sum` and theirs. */
INTACT_INLINED int32_t sweep(const places* p, uint32_t bits, const uint8_t* from, uint32_t from_step,
                             int8_t* to, uint32_t to_step, uint32_t count, int32_t sum) {
  const places q = *p;
  for (; count > 0; --count, from += from_step, to += to_step) {
    int8x16_t x;
    if (bits)
      x = vpselq_s8(q.plus, q.minus, (mve_pred16_t)(q.both ? intact_load_u16(from) : *from));
    else
      x = vreinterpretq_s8_u8(vandq_u8(vshlq_u8(vldrbq_gather_offset_u8(from, q.at), q.up), q.top));
    sum = vaddvaq_s8(sum, x);
    vst1q_s8(to, x);
  }
  return sum;
}

/* Runs of whole vectors in two loops, the longer one inside; then the runs' ends of `rest` codes. */
typedef struct loops {
  uint32_t outer, outer_from, outer_to;
  uint32_t inner, inner_from, inner_to;
  uint32_t rest, rest_from, rest_to; /* where the ends begin */
  uint32_t runs, run_from, run_to;
} loops;

static loops loops_of(const intact_lane_runs* r, uint32_t bytes) {
  const uint32_t whole = r->count / 16, by_run = r->runs <= whole;
  loops l;
  l.outer = by_run ? r->runs : whole;
  l.outer_from = by_run ? r->from_step : bytes;
  l.outer_to = by_run ? r->to_step : r->vector_step;
  l.inner = by_run ? whole : r->runs;
  l.inner_from = by_run ? bytes : r->from_step;
  l.inner_to = by_run ? r->vector_step : r->to_step;
  l.rest = r->count % 16;
  l.rest_from = whole * bytes;
  l.rest_to = whole * r->vector_step;
  l.runs = r->runs;
  l.run_from = r->from_step;
  l.run_to = r->to_step;
  return l;
}

/* Returns the sum of all lanes. */
INTACT_INLINED int32_t expand(uint32_t storage, const places* p, const loops* l, const uint8_t* from,
                              int8_t* to) {
  const uint8_t* const ends = from + l->rest_from;
  int8_t* const to_ends = to + l->rest_to;
  int32_t sum = 0;
  uint32_t i;
  for (i = l->outer; i > 0; --i, from += l->outer_from, to += l->outer_to)
    sum = sweep(p, storage == 1, from, l->inner_from, to, l->inner_to, l->inner, sum);
  if (l->rest > 0) {
    const places q = places_of(storage, l->rest);
    sum = sweep(&q, storage == 1, ends, l->run_from, to_ends, l->run_to, l->runs, sum);
  }
  return sum;
}

/* Channels one after the other, each with its starts; a channel in one sweep: as one run of whole vectors. */
INTACT_INLINED void expand_rows(uint32_t storage, const intact_weight_rows* w, const loops* l,
                                uint32_t in_one) {
  const uint32_t row_bytes = w->row_bytes, pair_bytes = w->pair_bytes, start_bytes = w->start_bytes;
  const uint32_t count = l->inner, from_step = l->inner_from, to_step = l->inner_to;
  const places p = places_of(storage, 16);
  const int32_t offset = w->offset;
  const uint8_t* from = w->runs.from;
  int8_t* to = w->runs.to;
  uint32_t i, step = 16;
  for (i = w->channels; i > 0; --i, from += row_bytes, to += step, step = pair_bytes - step) {
    const int32_t sum = in_one ? sweep(&p, storage == 1, from, from_step, to, to_step, count, 0)
                               : expand(storage, &p, l, from, to);
    vst1q_s32((int32_t*)(void*)(to - start_bytes), vdupq_n_s32(intact_to_i32(intact_mul(sum, offset))));
  }
}

void intact_expand_weight_rows(const intact_conv* c, const intact_weight_rows* w) {
  const uint32_t storage = c->weight_storage;
  const loops l = loops_of(&w->runs, 2 * storage);
  const uint32_t in_one = l.outer == 1 && l.rest == 0;
  if (storage == 1 && in_one)
    expand_rows(1, w, &l, 1);
  else if (storage == 1)
    expand_rows(1, w, &l, 0);
  else if (in_one)
    expand_rows(storage, w, &l, 1);
  else
    expand_rows(storage, w, &l, 0);
}

INTACT_INLINED void expand_vectors(uint32_t storage, const intact_lane_runs* r) {
  const places p = places_of(storage, r->count);
  sweep(&p, storage == 1, r->from, r->from_step, r->to, r->to_step, r->runs, 0);
}

void intact_expand_weights(const intact_conv* c, const intact_lane_runs* r) {
  if (c->weight_storage == 1)
    expand_vectors(1, r);
  else
    expand_vectors(c->weight_storage, r);
}

#endif
