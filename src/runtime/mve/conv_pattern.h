/* Parts of INTACT_CONV_PATTERN. A count is the number of a window's bits that equal the weights', those of
 * the channels that fill up a group of 4 included (0 in both, always equal). With bits b as values v0 + s b
 * and weights +-1, of K taps P positive: acc = s (count - filled - (K - P)) + v0 (2 P - K) = s count + beta.
 * Armv8.1-M with MVE only.
 */
#ifndef INTACT_CONV_PATTERN_H
#define INTACT_CONV_PATTERN_H

#include "../plan_pattern.h"
#include "mve_pattern.h"
#include "mve_quantize.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct intact_pattern {
  const intact_conv* conv;
  intact_pattern_plan plan;
  intact_quantizer quantizer;
  uint8_t *raw, *table, *patterns, *counts;
  intact_u32 *bases, *lists;
  intact_u32* betas;                    /* of the block */
  uint8_t *thresholds, *flips, *planes; /* by sign */
  intact_i32* sums;
  uint32_t first, count; /* channels of the block */
  uint32_t count_bytes;  /* of a channel in a segment */
  uint32_t row_counts;   /* from a row of outputs to the next, in a channel's counts */
  uint32_t filled;       /* bits of a window that are no channel's */
  uint32_t sides_filled; /* the bytes read hold padding beside lines that lie all in the image */
} intact_pattern;

/* Where the tables' entries of each tap and group begin; once. */
void intact_pattern_fill_bases(const intact_pattern* p);

/* The input's bytes and the tables for outputs from (y, x) on. */
void intact_pattern_fill_tables(intact_pattern* p, uint32_t y, uint32_t x);

/* Lists, betas, thresholds of channels p->first on. */
void intact_pattern_fill_block(intact_pattern* p);

/* Stores the block's outputs of `rows` rows and `width` columns from (y, x) on. */
void intact_pattern_store(const intact_pattern* p, uint32_t y, uint32_t rows, uint32_t x, uint32_t width);

#ifdef __cplusplus
}
#endif

#endif
