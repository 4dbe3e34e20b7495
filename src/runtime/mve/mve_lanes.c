#include "mve_lanes.h"
#include "../intact_isa.h"

#if INTACT_ISA_MVE

#include <arm_mve.h>

intact_lanes intact_input_lanes(const intact_tensor* input) {
  intact_lanes lanes;
  lanes.storage = input->storage_bits;
  lanes.kind = input->kind;
  lanes.offset = -input->zero_point;
  if (lanes.kind == INTACT_KIND_UNSIGNED && lanes.storage == 8) lanes.offset += 128;
  return lanes;
}

intact_lanes intact_weight_lanes(const intact_conv* c) {
  intact_lanes lanes;
  lanes.storage = c->weight_storage;
  lanes.kind = c->weight_kind;
  lanes.offset = 0;
  return lanes;
}

static inline int8x16_t bytes(uint8x16_t q, uint32_t is_signed) {
  return vreinterpretq_s8_u8(is_signed ? q : veorq_u8(q, vdupq_n_u8(0x80)));
}

/* The lowest `bits` bits of each lane as a number. */
#define EXTEND(X, is_signed, bits)                                                      \
  ((is_signed) ? vshrq_n_s8(vreinterpretq_s8_u8(vshlq_n_u8(X, 8 - (bits))), 8 - (bits)) \
               : vreinterpretq_s8_u8(vandq_u8(X, vdupq_n_u8((1 << (bits)) - 1))))

/* A halfword b = h l (nibbles) becomes 0 h h l by the shift and insertion of 4, then 0 h 0 l. */
static inline int8x16_t nibbles(uint16x8_t x, uint32_t is_signed) {
  x = vsliq_n_u16(x, x, 4);
  return EXTEND(vreinterpretq_u8_u16(x), is_signed, 4);
}

/* A word d c b a (2 bits each) becomes b a in bits 12 to 15 above d c b a, so that each of its halfwords
 * starts with a pair: b a (and more) and d c; then in each the upper one is inserted at bit 8. */
static inline int8x16_t crumbs(uint32x4_t w, uint32_t is_signed) {
  uint16x8_t x;
  w = vsliq_n_u32(w, w, 12);
  x = vreinterpretq_u16_u32(w);
  x = vsliq_n_u16(x, x, 6);
  return EXTEND(vreinterpretq_u8_u16(x), is_signed, 2);
}

/* The predicate register takes 16 bits as 16 lanes. */
static inline int8x16_t signs(uint32_t bits) {
  return vpselq_s8(vdupq_n_s8(1), vdupq_n_s8(-1), (mve_pred16_t)bits);
}

static inline int8x16_t keep(int8x16_t x, uint32_t count) {
  return vpselq_s8(x, vdupq_n_s8(0), vctp8q(count));
}

/* The loops over runs and vectors; VECTOR and TAIL give 16 lanes from `from`, TAIL the last `rest` codes.
 * `BYTES` are those of 16 codes. Vectors that lie apart do not overlap the next run: all runs' first ones,
 * then all runs' second ones take fewer instructions than run after run where there are more runs than
 * vectors in one. */
#define EXPAND_RUNS(BYTES, VECTOR, TAIL)                                                            \
  if (r->count <= 16 || (step > 16 && r->runs > whole)) {                                           \
    for (i = 0; i < whole + (rest != 0); ++i) {                                                     \
      const uint8_t* from = r->from + (size_t)i * (BYTES);                                          \
      int8_t* to = r->to + (size_t)i * step;                                                        \
      if (i < whole) {                                                                              \
        for (run = r->runs; run > 0; --run, from += from_step, to += to_step) vst1q_s8(to, VECTOR); \
      } else {                                                                                      \
        for (run = r->runs; run > 0; --run, from += from_step, to += to_step)                       \
          vst1q_s8(to, keep(TAIL, rest));                                                           \
      }                                                                                             \
    }                                                                                               \
  } else {                                                                                          \
    for (run = 0; run < r->runs; ++run) {                                                           \
      const uint8_t* from = r->from + (size_t)run * from_step;                                      \
      int8_t* to = r->to + (size_t)run * to_step;                                                   \
      for (i = 0; i < whole; ++i, from += (BYTES), to += step) vst1q_s8(to, VECTOR);                \
      if (rest) vst1q_s8(to, keep(TAIL, rest));                                                     \
    }                                                                                               \
  }

static void expand_bytes(const intact_lane_runs* r, uint32_t is_signed) {
  const uint32_t whole = r->count / 16, rest = r->count % 16, step = r->vector_step;
  const uint32_t from_step = r->from_step, to_step = r->to_step;
  uint32_t run, i;
  if (is_signed) {
    EXPAND_RUNS(16, bytes(vldrbq_u8(from), 1), bytes(vldrbq_z_u8(from, vctp8q(rest)), 1))
  } else {
    EXPAND_RUNS(16, bytes(vldrbq_u8(from), 0), bytes(vldrbq_z_u8(from, vctp8q(rest)), 0))
  }
}

static void expand_nibbles(const intact_lane_runs* r, uint32_t is_signed) {
  const uint32_t whole = r->count / 16, rest = r->count % 16, step = r->vector_step;
  const uint32_t from_step = r->from_step, to_step = r->to_step;
  const uint32_t rest_bytes = (rest + 1) / 2;
  uint32_t run, i;
  if (is_signed) {
    EXPAND_RUNS(8, nibbles(vldrbq_u16(from), 1), nibbles(vldrbq_z_u16(from, vctp16q(rest_bytes)), 1))
  } else {
    EXPAND_RUNS(8, nibbles(vldrbq_u16(from), 0), nibbles(vldrbq_z_u16(from, vctp16q(rest_bytes)), 0))
  }
}

static void expand_crumbs(const intact_lane_runs* r, uint32_t is_signed) {
  const uint32_t whole = r->count / 16, rest = r->count % 16, step = r->vector_step;
  const uint32_t from_step = r->from_step, to_step = r->to_step;
  const uint32_t rest_bytes = (rest + 3) / 4;
  uint32_t run, i;
  if (is_signed) {
    EXPAND_RUNS(4, crumbs(vldrbq_u32(from), 1), crumbs(vldrbq_z_u32(from, vctp32q(rest_bytes)), 1))
  } else {
    EXPAND_RUNS(4, crumbs(vldrbq_u32(from), 0), crumbs(vldrbq_z_u32(from, vctp32q(rest_bytes)), 0))
  }
}

static void expand_signs(const intact_lane_runs* r) {
  const uint32_t whole = r->count / 16, rest = r->count % 16, step = r->vector_step;
  const uint32_t from_step = r->from_step, to_step = r->to_step;
  uint32_t run, i;
  EXPAND_RUNS(2, signs(intact_load_u16(from)), signs(rest > 8 ? intact_load_u16(from) : *from))
}

/* Unsigned 1-bit codes, 0 and 1. */
static void expand_bits(const intact_lane_runs* r) {
  const uint32_t whole = r->count / 16, rest = r->count % 16, step = r->vector_step;
  const uint32_t from_step = r->from_step, to_step = r->to_step;
  const int8x16_t one = vdupq_n_s8(1), zero = vdupq_n_s8(0);
  uint32_t run, i;
  EXPAND_RUNS(2, vpselq_s8(one, zero, (mve_pred16_t)intact_load_u16(from)),
              vpselq_s8(one, zero, (mve_pred16_t)(rest > 8 ? intact_load_u16(from) : *from)))
}

/* A single run whose vectors follow each other, 32 nibbles at a time. Not inline, so that short runs of other
 * kinds do without its frame. */
static __attribute__((noinline)) void expand_nibble_run(const intact_lane_runs* r, uint32_t is_signed) {
  const uint8_t* from = r->from;
  int8_t* to = r->to;
  uint32_t left = r->count;
  for (; left >= 32; left -= 32, from += 16, to += 32) {
    const uint8x16_t x = vldrbq_u8(from);
    int8x16x2_t codes;
    codes.val[0] = EXTEND(x, is_signed, 4);
    codes.val[1] = is_signed ? vshrq_n_s8(vreinterpretq_s8_u8(x), 4) : vreinterpretq_s8_u8(vshrq_n_u8(x, 4));
    vst2q_s8(to, codes);
  }
  for (; left > 0; from += 8, to += 16) {
    const uint32_t count = left < 16 ? left : 16;
    vst1q_s8(to, keep(nibbles(vldrbq_z_u16(from, vctp16q((count + 1) / 2)), is_signed), count));
    left -= count;
  }
}

/* The same, 64 pairs of bits at a time. */
static __attribute__((noinline)) void expand_crumb_run(const intact_lane_runs* r, uint32_t is_signed) {
  const uint8_t* from = r->from;
  int8_t* to = r->to;
  uint32_t left = r->count;
  for (; left >= 64; left -= 64, from += 16, to += 64) {
    const uint8x16_t x = vldrbq_u8(from);
    int8x16x4_t codes;
    codes.val[0] = EXTEND(x, is_signed, 2);
    codes.val[1] = EXTEND(vshrq_n_u8(x, 2), is_signed, 2);
    codes.val[2] = EXTEND(vshrq_n_u8(x, 4), is_signed, 2);
    codes.val[3] = is_signed ? vshrq_n_s8(vreinterpretq_s8_u8(x), 6) : vreinterpretq_s8_u8(vshrq_n_u8(x, 6));
    vst4q_s8(to, codes);
  }
  for (; left > 0; from += 4, to += 16) {
    const uint32_t count = left < 16 ? left : 16;
    vst1q_s8(to, keep(crumbs(vldrbq_z_u32(from, vctp32q((count + 3) / 4)), is_signed), count));
    left -= count;
  }
}

void intact_expand_lanes(const intact_lanes* lanes, const intact_lane_runs* runs) {
  const uint32_t is_signed = lanes->kind == INTACT_KIND_SIGNED;
  const uint32_t gapless = runs->runs == 1 && runs->vector_step == 16;
  switch (lanes->storage) {
    case 8:
      expand_bytes(runs, is_signed);
      break;
    case 4:
      if (gapless)
        expand_nibble_run(runs, is_signed);
      else
        expand_nibbles(runs, is_signed);
      break;
    case 2:
      if (gapless)
        expand_crumb_run(runs, is_signed);
      else
        expand_crumbs(runs, is_signed);
      break;
    default:
      if (lanes->kind == INTACT_KIND_BIPOLAR)
        expand_signs(runs);
      else
        expand_bits(runs);
      break;
  }
}

void intact_fill_lanes(int8_t* to, uint32_t count, int32_t lane) {
  const int8x16_t x = vdupq_n_s8((int8_t)lane);
  uint32_t i;
  for (i = 0; i + 16 <= count; i += 16) vst1q_s8(to + i, x);
  if (i < count) vstrbq_p_s8(to + i, x, vctp8q(count - i));
}

void intact_copy_lanes(int8_t* to, const int8_t* from, uint32_t count) {
  uint32_t i;
  for (i = 0; i < count; i += 16) vst1q_s8(to + i, vld1q_s8(from + i));
}

int32_t intact_sum_lanes(const int8_t* from, uint32_t vectors, uint32_t step) {
  int32_t sum = 0;
  uint32_t i;
  for (i = 0; i < vectors; ++i, from += step) sum = vaddvaq_s8(sum, vld1q_s8(from));
  return sum;
}

#endif
