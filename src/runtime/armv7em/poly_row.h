/* Parts of INTACT_CONV_POLY_ROW: packed codes into words, sums out of words. */
#ifndef INTACT_POLY_ROW_H
#define INTACT_POLY_ROW_H

#include "../plan_poly_row.h"
#include "poly_tiles.h"
#include "requantize_tile.h"

typedef struct intact_poly_row {
  const intact_conv* conv;
  intact_poly_row_plan plan;
  intact_decoder weight_decoder;
  uint8_t* scratch;
  intact_poly_span span; /* of the strip */
  uint32_t first_row;    /* in slot 0, counted from the padding above */
  uint32_t end_row;      /* behind the last one expanded */
} intact_poly_row;

/* Output channels first .. first + count - 1 in the weights' area, two by two (poly_tiles.h), and of each
 * what intact_poly_read adds. A last one without partner gets one of zeros. */
void intact_poly_row_weights(const intact_poly_row* row, uint32_t first, uint32_t count);

/* The words of one of them: to[2 s] is that of step s. */
void intact_poly_row_words(const intact_poly_row* row, uint32_t o, intact_word_alias* to);

/* Fills the pixel that stands for all those outside the image. */
void intact_poly_row_padding(const intact_poly_row* row);

/* The window of output row y expanded; its slot. Rows must ascend within a strip; begin: before a strip's
 * first one. */
void intact_poly_row_begin(intact_poly_row* row);
uint32_t intact_poly_row_slot(intact_poly_row* row, uint32_t y);

/* The sums over runs of the fields of a pair of channels, from the results of its tiles: word 2 x + i is
 * channel i's at the strip's output column x. */
const intact_word_alias* intact_poly_row_read(const intact_poly_row* row, const uint8_t* results);

/* Fields of `count` output pixels from `pixel` on, channels `channel` and the next: their codes
 * (plan.direct), or their accumulators, to[x sums_stride + i]. constants: of the two channels. */
void intact_poly_row_finish(const intact_poly_row* row, const intact_word_alias* fields, uint32_t pixel,
                            uint32_t count, uint32_t channel, const intact_accumulator* constants);
void intact_poly_row_sums(const intact_poly_row* row, const intact_word_alias* fields, uint32_t count,
                          const intact_accumulator* constants, intact_accumulator* to);

#endif
