/* Parts of INTACT_CONV_POLY_ROW: packed codes into words, sums out of words. */
#ifndef INTACT_POLY_ROW_H
#define INTACT_POLY_ROW_H

#include "../plan_poly_row.h"
#include "poly_tiles.h"
#include "requantize_tile.h"

typedef uint64_t INTACT_MAY_ALIAS intact_poly_two;

/* Whether runs are read together (poly_row_many.h). */
static inline int intact_poly_row_reads_many(const intact_poly_fields* f) {
  return f->n == 3 && f->field == 13 && f->runs >= 3;
}

/* With n = 4: 1 in each of the fields 0 to 3 (plan_poly_row.h: place). */
#define INTACT_POLY_FOUR_FIELDS ((uint64_t)0x00000001u << 32 | 0x00401004u)

/* A channel's codes from its fields (poly_row_thresholds.c). */
typedef struct INTACT_MAY_ALIAS intact_poly_thresholds {
  uint32_t start;    /* of the fields, such that a field's top bit says that the first threshold is reached */
  uint32_t spill;    /* start in fields 0 and 1 */
  uint32_t steps[2]; /* from threshold to threshold, in the lower word's fields; one threshold: none */
  int32_t weight_sum; /* once the heads are written */
  uint32_t negated;   /* 1: the weights are, since the multiplier is negative */
} intact_poly_thresholds;

typedef struct intact_poly_row {
  const intact_conv* conv;
  intact_poly_row_plan plan;
  intact_decoder weight_decoder;
  uint8_t* scratch;
  uint32_t thresholds;   /* of a code of the block, or 0 */
  intact_poly_span span; /* of the strip */
  uint32_t first_row;    /* in slot 0, counted from the padding above */
  uint32_t end_row;      /* behind the last one expanded */
} intact_poly_row;

static inline intact_poly_thresholds* intact_poly_row_thresholds(const intact_poly_row* row) {
  return (intact_poly_thresholds*)(void*)(row->scratch + row->plan.thresholds_at);
}

/* With n = 4: what a group's spill adds to the lower word of the next, from the upper word of its sum. */
static inline uint32_t intact_poly_four_spill(uint32_t upper) {
  return (uint32_t)intact_asr(intact_to_i32(upper), 8);
}

/* Output channels first .. first + count - 1 in the weights' area, two by two (poly_tiles.h), and of each
 * what intact_poly_read adds. A last one without partner gets one of zeros. */
void intact_poly_row_weights(const intact_poly_row* row, uint32_t first, uint32_t count);

/* The words of one of them: to[2 s] is that of step s. */
void intact_poly_row_words(const intact_poly_row* row, uint32_t o, intact_word_alias* to);

/* Fills the pixel that stands for all those outside the image. */
void intact_poly_row_padding(const intact_poly_row* row);

/* The window of output row y expanded; its slot. Rows must ascend within a strip; begin: before a strip's
 * first one, unless the block before has kept all rows. */
void intact_poly_row_begin(intact_poly_row* row);
uint32_t intact_poly_row_slot(intact_poly_row* row, uint32_t y);

/* From the results of a pair of channels: element x is the strip's output column x, its lower word the first
 * channel's sum over runs of the field, the upper word the second's. */
const intact_poly_two* intact_poly_row_read(const intact_poly_row* row);

/* These of `count` output pixels from `pixel` on, channels `channel` and the next: their codes (plan.direct),
 * or their accumulators, to[x sums_stride + i]. constants: of the two channels. */
void intact_poly_row_finish(const intact_poly_row* row, const intact_poly_two* fields, uint32_t pixel,
                            uint32_t count, uint32_t channel, const intact_accumulator* constants);
void intact_poly_row_sums(const intact_poly_row* row, const intact_poly_two* fields, uint32_t count,
                          const intact_accumulator* constants, intact_accumulator* to);

/* Whether the codes of a block, channels first .. first + count - 1, can be read off the fields: how many
 * thresholds they pass. The heads then get other initial sums. Takes the sums of the channels' weights. */
int intact_poly_row_prepare_thresholds(const intact_poly_row* row, uint32_t first, uint32_t count);

/* Takes the results of the pair of channels `channel`, counted in the block. */
void intact_poly_row_compare(const intact_poly_row* row, uint32_t channel);

/* After the last pair of a byte, `channel` its first one: the byte in `count` pixels from `pixel` on. */
void intact_poly_row_store_codes(const intact_poly_row* row, uint32_t first, uint32_t channels,
                                 uint32_t channel, uint32_t pixel, uint32_t count);

#endif
