/* Fields out of 64-bit sums, two channels at once: the lower word of an element is the first one's. A group's
 * spill, fields n and n + 1, is added to the next group's sums: both are then whole, and each field is P +
 * (its part of a sum). Behind the last group lie the two fields of its spill.
 */
#include "poly_row.h"

#include "../intact_isa.h"

#if INTACT_ISA_ARMV7M

typedef struct reader {
  const intact_poly_two* from; /* the sums of a run in the first tile */
  intact_poly_two* to;
  uint32_t step; /* of `from`, from tile to tile */
  uint32_t groups;
} reader;

/* Field j, constant. The last one straddles the words: BFI puts its upper bits on top of the lower ones,
 * where gcc 12 takes an instruction more. */
static inline uint32_t field_of(uint64_t sum, uint32_t j, uint32_t n, uint32_t field) {
  uint32_t value = (uint32_t)sum >> (j * field & 31u);
  if (n == 3 && j == 2)
    __asm__("bfi %0, %1, #6, #7" : "+r"(value) : "r"((uint32_t)(sum >> 32)));
  else if (n == 4 && j == 3)
    __asm__("bfi %0, %1, #2, #8" : "+r"(value) : "r"((uint32_t)(sum >> 32)));
  else
    value &= (1u << field) - 1u;
  return value;
}

/* One group of `runs` runs (1 or 2); spill: of each run, the first channel's, then the second's. All inlined
 * with constant add, runs, n and (for n > 2) field. */
static inline void read_group(const intact_poly_two* from, uint32_t* spill, intact_poly_two* to, uint32_t add,
                              uint32_t runs, uint32_t n, uint32_t field) {
  uint32_t first[4] = {0, 0, 0, 0}, second[4] = {0, 0, 0, 0}, r, j;
#pragma GCC unroll 2
  for (r = 0; r < runs; ++r, from += 4, spill += 2) {
    const uint64_t a = from[0] + spill[0], b = from[1] + spill[1];
#pragma GCC unroll 4
    for (j = 0; j < n; ++j) {
      first[j] += field_of(a, j, n, field);
      second[j] += field_of(b, j, n, field);
    }
    spill[0] = (uint32_t)(a >> (n * field));
    spill[1] = (uint32_t)(b >> (n * field));
  }
#pragma GCC unroll 4
  for (j = 0; j < n; ++j) {
    const uint64_t both = first[j] | (uint64_t)second[j] << 32;
    to[j] = add ? to[j] + both : both;
  }
}

static inline void read_runs(const reader* read, const intact_poly_two* from, uint32_t add, uint32_t runs,
                             uint32_t n, uint32_t field) {
  const uint32_t top = 1u << (intact_poly_top_bits(n, field) - 1), mask = (1u << field) - 1u;
  const uint32_t start = 1u << (field - 1) | top << field;
  uint32_t spill[4], groups;
  intact_poly_two* to = read->to;
  uint32_t r;
  spill[0] = spill[1] = spill[2] = spill[3] = start;
  for (groups = read->groups; groups > 1; groups -= 2, from += read->step, to += (size_t)2 * n) {
    read_group(from, spill, to, add, runs, n, field);
    read_group(from + 2, spill, to + n, add, runs, n, field);
  }
  if (groups > 0) {
    read_group(from, spill, to, add, runs, n, field);
    to += n;
  }
  for (r = 0; r < runs; ++r) {
    const uint32_t a = spill[2 * r], b = spill[2 * r + 1];
    const uint64_t low = (a & mask) | (uint64_t)(b & mask) << 32;
    /* Field n + 1 may have started at less than P: no next group makes up for it. */
    const uint32_t rest = (1u << (field - 1)) - top;
    const uint64_t high = ((a >> field) + rest) | (uint64_t)((b >> field) + rest) << 32;
    to[0] = add || r > 0 ? to[0] + low : low;
    to[1] = add || r > 0 ? to[1] + high : high;
  }
}

static inline void read_all(const reader* read, uint32_t runs, uint32_t n, uint32_t field) {
  const intact_poly_two* from = read->from;
  if (runs == 1) {
    read_runs(read, from, 0, 1, n, field);
    return;
  }
  read_runs(read, from, 0, 2, n, field);
  for (runs -= 2; runs > 0; --runs, from += 4) read_runs(read, from + 8, 1, 1, n, field);
}

const intact_poly_two* intact_poly_row_read(const intact_poly_row* row) {
  const intact_poly_fields f = row->plan.fields;
  reader read;
  read.from = (const intact_poly_two*)(const void*)(row->scratch + row->plan.results);
  read.to = (intact_poly_two*)(void*)(row->scratch + row->plan.fields_at);
  read.step = f.runs * 4;
  read.groups = row->span.groups;
  if (f.n == 2)
    read_all(&read, f.runs, 2, f.field);
  else if (f.n == 3)
    read_all(&read, f.runs, 3, 13);
  else
    read_all(&read, f.runs, 4, 10);
  return read.to + row->span.lead;
}

#endif
