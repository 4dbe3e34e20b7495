/* Fields out of 64-bit sums, two channels at once: the lower word of an element is the first one's. A group's
 * spill, fields n and n + 1, is added to the next group's sums: both are then whole, and each field is P +
 * (its part of a sum). Behind the last group lie the two fields of its spill. With n = 4 the upper word
 * stands for the spill, which lies above its field 3: shifted to fields 0 and 1, what is left of field 3 is
 * below them.
 */
#include "poly_row.h"
#include "poly_row_many.h"

#include "../intact_isa.h"

#if INTACT_ISA_ARMV7M

/* Of what gets constants: gcc 12 else makes them arguments again. */
typedef struct reader {
  const intact_poly_two* from; /* the sums of a run in the first tile */
  intact_poly_two* to;
  uint32_t step; /* of `from`, from tile to tile */
  uint32_t groups;
} reader;

/* Field j, constant. The last one straddles the words: BFI puts its upper bits on top of the lower ones,
 * where gcc 12 takes an instruction more. */
INTACT_INLINED uint32_t field_of(uint64_t sum, uint32_t j, uint32_t n, uint32_t field) {
  uint32_t value = (uint32_t)sum >> (j * field & 31u);
  if (n == 3 && j == 2 && field == 13)
    __asm__("bfi %0, %1, #6, #7" : "+r"(value) : "r"((uint32_t)(sum >> 32)));
  else if (n == 3 && j == 2)
    __asm__("bfi %0, %1, #8, #4" : "+r"(value) : "r"((uint32_t)(sum >> 32)));
  else
    value &= (1u << field) - 1u;
  return value;
}

/* Adds the fields of a group to to[0 .. n - 1]; its spill. */
INTACT_INLINED uint32_t add_fields(uint64_t sum, uint32_t spill, uint32_t n, uint32_t field, uint32_t to[4]) {
  const uint32_t upper = (uint32_t)(sum >> 32);
  uint32_t j;
  if (n == 4) {
    const uint32_t lower = (uint32_t)sum + intact_poly_four_spill(spill);
    to[0] += lower >> 2 & 1023u;
    to[1] += lower >> 12 & 1023u;
    to[2] += lower >> 22;
    to[3] += upper & 1023u;
    return upper;
  }
  sum += spill;
#pragma GCC unroll 4
  for (j = 0; j < n; ++j) to[j] += field_of(sum, j, n, field);
  return (uint32_t)(sum >> (n * field));
}

/* One group of `runs` runs (1 or 2); spill: of each run, the first channel's, then the second's. All inlined
 * with constant add, runs, n and (for n > 2) field. */
INTACT_INLINED void read_group(const intact_poly_two* from, uint32_t* spill, intact_poly_two* to,
                               uint32_t add, uint32_t runs, uint32_t n, uint32_t field) {
  uint32_t first[4] = {0, 0, 0, 0}, second[4] = {0, 0, 0, 0}, r, j;
#pragma GCC unroll 2
  for (r = 0; r < runs; ++r, from += 4, spill += 2) {
    spill[0] = add_fields(from[0], spill[0], n, field, first);
    spill[1] = add_fields(from[1], spill[1], n, field, second);
  }
#pragma GCC unroll 4
  for (j = 0; j < n; ++j) {
    const uint64_t both = first[j] | (uint64_t)second[j] << 32;
    to[j] = add ? to[j] + both : both;
  }
}

/* Its two fields in the lowest bits, with n = 4 of P + (part of a sum). */
INTACT_INLINED uint32_t last_spill(uint32_t spill, uint32_t n, uint32_t field) {
  if (n != 4) return spill;
  return (intact_poly_four_spill(spill) + (uint32_t)INTACT_POLY_FOUR_FIELDS * (1u << (field - 1))) << 10 >>
         12;
}

INTACT_INLINED void read_runs(const reader* read, const intact_poly_two* from, uint32_t add, uint32_t runs,
                              uint32_t n, uint32_t field) {
  const uint32_t top = 1u << (intact_poly_top_bits(n, field) - 1), mask = (1u << field) - 1u;
  const uint32_t start = n == 4 ? 0 : 1u << (field - 1) | top << field;
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
    const uint32_t a = last_spill(spill[2 * r], n, field), b = last_spill(spill[2 * r + 1], n, field);
    const uint64_t low = (a & mask) | (uint64_t)(b & mask) << 32;
    /* Field n + 1 may have started at less than P: no next group makes up for it. */
    const uint32_t rest = n == 4 ? 0 : (1u << (field - 1)) - top;
    const uint64_t high = ((a >> field) + rest) | (uint64_t)((b >> field) + rest) << 32;
    to[0] = add || r > 0 ? to[0] + low : low;
    to[1] = add || r > 0 ? to[1] + high : high;
  }
}

/* Many runs (poly_row_many.h). The spill behind the last group comes without its start. */
static void read_many(const reader* read, uint32_t runs) {
  const uint32_t half = runs << 12;
  intact_word_alias* end = (intact_word_alias*)(void*)(read->to + (size_t)3 * read->groups);
  intact_poly_many many;
  uint32_t i;
  many.groups = read->groups;
  many.runs = runs;
  for (i = 0; i < 2; ++i, ++end) {
    many.sums = read->from + i;
    many.fields = (uint32_t*)(void*)read->to + i;
    intact_poly_read_many(&many);
    end[0] = many.spill[0] + half;
    end[2] = many.spill[1] + half;
  }
}

INTACT_INLINED void read_all(const reader* read, uint32_t runs, uint32_t n, uint32_t field) {
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
  else if (intact_poly_row_reads_many(&f))
    read_many(&read, f.runs);
  else if (f.n == 3 && f.field == 13)
    read_all(&read, f.runs, 3, 13);
  else if (f.n == 3)
    read_all(&read, f.runs, 3, 12);
  else
    read_all(&read, f.runs, 4, 10);
  return read.to + row->span.lead;
}

#endif
