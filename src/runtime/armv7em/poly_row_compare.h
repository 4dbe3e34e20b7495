/* Comparisons of fields with thresholds, for kernels with n = 4 (poly_row_thresholds.c). */
#ifndef INTACT_POLY_ROW_COMPARE_H
#define INTACT_POLY_ROW_COMPARE_H

#include <stdint.h>

/* Tiles of two groups. From the sums of two channels (poly_tiles.h) their codes in the fields' order: for
 * each tile three words, of the first group's fields 0 to 2, of the second's, and of field 3 of both, in
 * fields of 10 bits from bit 0; behind all tiles one word, of the last group's spill. In the words the lowest
 * 8 bits, a byte of the output, move down by the two channels' bits, and the new ones come on top. */
typedef struct intact_poly_compare {
  const uint8_t* sums;
  uint8_t* codes;
  const uint8_t* codes_end; /* before the last word */
  struct {
    uint32_t spill; /* what is added to the spill: the fields' start */
    uint32_t
        steps[2]; /* from threshold to threshold, in each of a lower word's fields; not of bipolar codes */
  } channels[2];
} intact_poly_compare;

/* first: there are no codes in the words yet. */
void intact_poly_compare_one_first(const intact_poly_compare* compare);
void intact_poly_compare_one(const intact_poly_compare* compare);
void intact_poly_compare_three_first(const intact_poly_compare* compare);
void intact_poly_compare_three(const intact_poly_compare* compare);

#endif
