/* Fields out of 64-bit sums. A group's spill, fields n and n + 1, is added to the next group's sums: both are
 * then whole, and each field is P + (its part of a sum). Behind the last group lie the two fields of its
 * spill.
 */
#include "poly_row.h"

#include "../intact_isa.h"

#if INTACT_ISA_ARMV7EM

/* One channel's sums of a group; returns the spill. to: each second word. */
static inline uint32_t read_group(uint32_t low, uint32_t high, uint32_t spill, intact_word_alias* to,
                                  uint32_t add, uint32_t n, uint32_t field) {
  const uint64_t sum = (low | (uint64_t)high << 32) + spill;
  const uint32_t mask = (1u << field) - 1u;
  uint32_t j;
#pragma GCC unroll 4
  for (j = 0; j < n; ++j) {
    const uint32_t value = (uint32_t)(sum >> (j * field)) & mask;
    to[2 * j] = add ? to[2 * j] + value : value;
  }
  return (uint32_t)(sum >> (n * field));
}

static inline void write_spill(uint32_t spill, intact_word_alias* to, uint32_t add, uint32_t field) {
  const uint32_t low = spill & ((1u << field) - 1u), high = spill >> field;
  to[0] = add ? to[0] + low : low;
  to[2] = add ? to[2] + high : high;
}

/* A run. Inlined with constant add, n and (for n > 2) field. */
static inline void read_run(const intact_poly_row* row, const intact_word_alias* from, uint32_t add,
                            uint32_t n, uint32_t field) {
  intact_word_alias* to = (intact_word_alias*)(void*)(row->scratch + row->plan.fields_at);
  const uint32_t step = row->plan.fields.runs * 8;
  const uint32_t top = 1u << (intact_poly_top_bits(n, field) - 1);
  uint32_t first = 1u << (field - 1) | top << field, second = first;
  uint32_t tiles;
  for (tiles = (row->span.groups + 1) / 2; tiles > 0; --tiles, from += step, to += (size_t)4 * n) {
    first = read_group(from[0], from[1], first, to, add, n, field);
    second = read_group(from[2], from[3], second, to + 1, add, n, field);
    first = read_group(from[4], from[5], first, to + (size_t)2 * n, add, n, field);
    second = read_group(from[6], from[7], second, to + (size_t)2 * n + 1, add, n, field);
  }
  write_spill(first, to, add, field);
  write_spill(second, to + 1, add, field);
}

static inline void read_runs(const intact_poly_row* row, const intact_word_alias* from, uint32_t n,
                             uint32_t field) {
  uint32_t run;
  read_run(row, from, 0, n, field);
  for (run = 1; run < row->plan.fields.runs; ++run) read_run(row, from + (size_t)run * 8, 1, n, field);
}

const intact_word_alias* intact_poly_row_read(const intact_poly_row* row, const uint8_t* results) {
  const intact_word_alias* from = (const intact_word_alias*)(const void*)results;
  const intact_poly_fields f = row->plan.fields;
  if (f.n == 2)
    read_runs(row, from, 2, f.field);
  else if (f.n == 3)
    read_runs(row, from, 3, 13);
  else
    read_runs(row, from, 4, 10);
  return (const intact_word_alias*)(const void*)(row->scratch + row->plan.fields_at) +
         (size_t)2 * row->span.lead;
}

#endif
