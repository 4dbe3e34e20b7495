/* Weights of a block of output channels as polynomials.
 *
 * Sums start such that each field of a finished group is P + (its part of a sum), P = 2^(field - 1), so that
 * none borrows from the next: P in the fields 2 .. n; half of the range in field n + 1, which may be cut off
 * by bit 63; in field 1 the rest of P, since field n + 1 of the group before is added there; none in field 0,
 * which gets field n of the group before. Where many runs are read together, these two start at P as well.
 * With n = 4 all of the lower word's fields start at P, and so does field 3; the spill, fields 4 and 5,
 * starts at 0 and is a signed number: it is added to the next group's lower word without a carry between the
 * words. Where values' last code reaches bit 31, that bit is flipped: as signed numbers the words are then
 * less by 2^31, and the sums start at 2^31 sum(W) more.
 */
#include "poly_row.h"

#include "../intact_isa.h"

#if INTACT_ISA_ARMV7M

static uint64_t initial_fields(const intact_poly_fields* f) {
  const uint64_t half = (uint64_t)1 << (f->field - 1);
  const uint64_t top = (uint64_t)1 << (intact_poly_top_bits(f->n, f->field) - 1);
  uint64_t sum = (half - top) << f->field | top << ((f->n + 1) * f->field);
  uint32_t j;
  if (f->n == 4) return half * INTACT_POLY_FOUR_FIELDS;
  if (intact_poly_row_reads_many(f)) sum = half | half << f->field | top << (4 * f->field);
  for (j = 2; j <= f->n; ++j) sum |= half << (j * f->field);
  return sum;
}

/* words / 2^n, a whole number. */
static int64_t divide(int64_t words, uint32_t n) {
  return words < 0 ? -(int64_t)((uint64_t)-words >> n) : (int64_t)((uint64_t)words >> n);
}

/* Sums of three fields, the lower two signed, are what sums of words hold. */
static uint32_t sum_of_fields(int64_t words, const intact_poly_fields* f) {
  const uint32_t rest = 32 - f->field;
  uint32_t sum = 0, i;
  words = divide(words, intact_poly_place(f->n));
  for (i = 0; i < 2; ++i) {
    const int32_t low = intact_asr(intact_to_i32((uint32_t)words << rest), rest);
    sum += (uint32_t)low;
    words = divide(words - low, f->field);
  }
  return sum + (uint32_t)words;
}

static int64_t sum_words(const intact_word_alias* word, uint32_t steps) {
  int64_t sum = 0;
#pragma GCC unroll 8
  for (; steps > 0; --steps, word += 2) sum += intact_to_i32(*word);
  return sum;
}

/* The heads of channel `which` of the pair whose weights stand at `weights`; returns the channel's constant.
 * thresholds: null, or the channel's, for the sum of its weights. */
static uint32_t write_heads(const intact_poly_row* row, uint8_t* weights, uint32_t which,
                            intact_poly_thresholds* thresholds) {
  const intact_poly_row_plan* p = &row->plan;
  const intact_conv* c = row->conv;
  const uint64_t initial = initial_fields(&p->fields);
  intact_word_alias* head = (intact_word_alias*)(void*)(weights + (size_t)p->steps * 8);
  const uint32_t wants_sum = p->flip != 0 || p->thresholds || c->decode_input.offset != 0;
  uint32_t done, sum = 0;
  for (done = 0; done < p->steps; done += p->run_steps) {
    const uint32_t steps = p->steps - done < p->run_steps ? p->steps - done : p->run_steps;
    const intact_poly_entries entries = intact_poly_entry(steps);
    uint64_t start = initial;
    if (wants_sum) {
      const int64_t words = sum_words((const intact_word_alias*)(void*)weights + which, steps);
      sum += sum_of_fields(words, &p->fields);
      if (p->flip) start += (uint64_t)words << 31;
    }
    weights += (size_t)steps * 8;
    head[2 * which] = head[4 + 2 * which] = (uint32_t)start;
    head[2 * which + 1] = head[5 + 2 * which] = (uint32_t)(start >> 32);
    head[8] = (uint32_t)(uintptr_t)weights;
    head[9] = entries.whole;
    head[10] = entries.half;
    head += INTACT_POLY_HEAD_BYTES / 4;
  }
  if (thresholds) thresholds->weight_sum = intact_to_i32(sum);
  return sum * (uint32_t)c->decode_input.offset -
         (p->fields.runs << (p->fields.field - 1) << c->decode_input.shift);
}

void intact_poly_row_weights(const intact_poly_row* row, uint32_t first, uint32_t count) {
  const intact_poly_row_plan* p = &row->plan;
  intact_word_alias* constants = (intact_word_alias*)(void*)(row->scratch + p->constants);
  intact_poly_thresholds* thresholds = p->thresholds ? intact_poly_row_thresholds(row) : 0;
  uint8_t* to = row->scratch;
  uint32_t i, j;
  for (i = 0; i < count || i % 2 != 0; ++i) {
    intact_word_alias* words = (intact_word_alias*)(void*)to + i % 2;
    if (i < count)
      intact_poly_row_words(row, first + i, words);
    else
      for (j = 0; j < p->steps; ++j) words[2 * j] = 0;
    constants[i] = write_heads(row, to, i % 2, thresholds ? thresholds + i : 0);
    if (i % 2 != 0) to += p->pair_bytes;
  }
}

#endif
