/* VECTOR_PLAIN: any convolution whose weights are used too seldom to be expanded, by 32-bit multiplications.
 *
 * Weights stay as they are: a word of packed codes, each made unsigned by flipping its sign bit, is shifted
 * and masked so that it holds `terms` of them, 32 / terms bits apart; against it stands a word with the
 * values of as many taps in reverse. The product's top field, whose position is T = 32 - 32 / terms, is the
 * sum of the terms' products: a multiplication of polynomials of which one coefficient is wanted. The fields
 * below must not disturb it. They start at `bias` each, which makes them, and the top one, not negative; and
 * a run of products ends before one of them reaches 2^(32 / terms).
 *
 *   a run:  sum += (bias in all fields + the products) >> T
 *
 * Values are what the input's codes stand for, z subtracted. 8-bit weights meet their values alone, four
 * output channels at a time.
 */
#ifndef INTACT_VECTOR_PLAIN_H
#define INTACT_VECTOR_PLAIN_H

#include "intact_plain.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { INTACT_VECTOR_PLAIN_ROWS = 32 /* at a time */ };

/* How long a run is. */
enum { INTACT_VECTOR_PLAIN_PRODUCT, INTACT_VECTOR_PLAIN_WORD, INTACT_VECTOR_PLAIN_WORDS };

typedef struct intact_vector_plain_plan {
  uint32_t terms;                             /* 2 or 4; 1 with 8-bit weights */
  uint32_t words;                             /* of a row of weights */
  uint32_t length, run;                       /* of a run; words of it where it has several */
  uint32_t bias;                              /* of a field, 0 where no value is negative */
  uint32_t aligned;                           /* rows are whole words, read where they are */
  uint32_t at_values, at_row, at_sums, bytes; /* in scratch; the values of a window are at 0 */
} intact_vector_plain_plan;

int intact_vector_plain_find(const intact_conv* c, uint64_t limit, intact_vector_plain_plan* plan);

/* Rows of packed weights against the words of values. */
typedef struct intact_vector_plain_job {
  uint32_t flip, mask;
  uint32_t start; /* the bias in all fields */
  const intact_plain_word *rows, *values;
  uint32_t words, step; /* of a row; bytes to the next */
  intact_plain_word* sums;
  uint32_t count; /* rows */
  uint32_t storage, terms;
} intact_vector_plain_job;

/* sums[i] += the sum of the top fields of the products of row i: one run of all words, a run of each word, or
 * a run of each product (4 terms only). At least one word and row. */
void intact_vector_plain_by_words(const intact_vector_plain_job* job);
void intact_vector_plain_by_word(const intact_vector_plain_job* job);
void intact_vector_plain_by_product(const intact_vector_plain_job* job);

/* sums[j] = sum over i < count of values[i] times the signed byte rows[j step + i], for j < 4. */
void intact_vector_plain_bytes(const uint8_t* rows, uint32_t step, const intact_plain_word* values,
                               uint32_t count, intact_plain_word* sums);

#ifdef __cplusplus
}
#endif

#endif
