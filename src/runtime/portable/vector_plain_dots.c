/* Products of packed weights with words of values (intact_vector_plain.h). */
#include "../intact_vector_plain.h"

#if !INTACT_ISA_ARMV6M

/* All are inlined with constants for storage and terms. */
static inline uint32_t add_word(uint32_t acc, uint32_t w, uint32_t mask, const intact_plain_word* values,
                                uint32_t storage, uint32_t terms) {
  uint32_t i, j = 0;
#if defined(__GNUC__) && !defined(__SANITIZE_ADDRESS__) /* instrumented, there is no plain loop left */
#pragma GCC unroll 16
#endif
  for (i = 0; i < 32 / terms; i += storage) acc += (w >> i & mask) * values[j++];
  return acc;
}

static inline void by_words(const intact_vector_plain_job* job, uint32_t storage, uint32_t terms) {
  const uint32_t flip = job->flip, mask = job->mask;
  const intact_plain_word* row = job->rows;
  uint32_t i;
  for (i = 0; i < job->count; ++i) {
    const intact_plain_word* const end = row + job->words;
    const intact_plain_word *at = row, *values = job->values;
    uint32_t acc = job->start;
    for (; at != end; values += 32 / storage / terms)
      acc = add_word(acc, *at++ ^ flip, mask, values, storage, terms);
    job->sums[i] += acc >> (32 - 32 / terms);
    row += job->step / 4;
  }
}

static inline void by_word(const intact_vector_plain_job* job, uint32_t storage, uint32_t terms) {
  const uint32_t flip = job->flip, mask = job->mask, start = job->start;
  const intact_plain_word* row = job->rows;
  uint32_t i;
  for (i = 0; i < job->count; ++i) {
    const intact_plain_word* const end = row + job->words;
    const intact_plain_word *at = row, *values = job->values;
    uint32_t total = 0;
    for (; at != end; values += 32 / storage / terms)
      total += add_word(start, *at++ ^ flip, mask, values, storage, terms) >> (32 - 32 / terms);
    job->sums[i] += total;
    row += job->step / 4;
  }
}

static inline void by_product(const intact_vector_plain_job* job, uint32_t storage, uint32_t start) {
  const uint32_t flip = job->flip, mask = job->mask;
  const intact_plain_word* row = job->rows;
  uint32_t i, j, shift;
  for (i = 0; i < job->count; ++i) {
    const intact_plain_word* const end = row + job->words;
    const intact_plain_word *at = row, *values = job->values;
    uint32_t total = 0;
    for (; at != end; values += 8 / storage) {
      const uint32_t w = *at++ ^ flip;
      j = 0;
#if defined(__GNUC__) && !defined(__SANITIZE_ADDRESS__) /* instrumented, there is no plain loop left */
#pragma GCC unroll 8
#endif
      for (shift = 0; shift < 8; shift += storage) total += ((w >> shift & mask) * values[j++] + start) >> 24;
    }
    job->sums[i] += total;
    row += job->step / 4;
  }
}

void intact_vector_plain_by_words(const intact_vector_plain_job* job) {
  if (job->terms == 2) {
    if (job->storage == 4) by_words(job, 4, 2);
    if (job->storage == 2) by_words(job, 2, 2);
    if (job->storage == 1) by_words(job, 1, 2);
  } else {
    if (job->storage == 4) by_words(job, 4, 4);
    if (job->storage == 2) by_words(job, 2, 4);
    if (job->storage == 1) by_words(job, 1, 4);
  }
}

void intact_vector_plain_by_word(const intact_vector_plain_job* job) {
  if (job->terms == 2) {
    if (job->storage == 4) by_word(job, 4, 2);
    if (job->storage == 2) by_word(job, 2, 2);
    if (job->storage == 1) by_word(job, 1, 2);
  } else {
    if (job->storage == 4) by_word(job, 4, 4);
    if (job->storage == 2) by_word(job, 2, 4);
    if (job->storage == 1) by_word(job, 1, 4);
  }
}

void intact_vector_plain_by_product(const intact_vector_plain_job* job) {
  const uint32_t start = job->start;
  if (start) {
    if (job->storage == 4) by_product(job, 4, start);
    if (job->storage == 2) by_product(job, 2, start);
    if (job->storage == 1) by_product(job, 1, start);
  } else {
    if (job->storage == 4) by_product(job, 4, 0);
    if (job->storage == 2) by_product(job, 2, 0);
    if (job->storage == 1) by_product(job, 1, 0);
  }
}

#endif
