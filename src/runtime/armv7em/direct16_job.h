/* The parts of the direct kernel (conv_direct16.c) around its tiles: operands in, codes out. */
#ifndef INTACT_DIRECT16_JOB_H
#define INTACT_DIRECT16_JOB_H

#include "direct16_plan.h"
#include "expand_pairs.h"
#include "requantize_tile.h"

/* One convolution, at one block of output channels of one group. */
typedef struct intact_direct16_job {
  const intact_conv* c;
  intact_direct16_plan plan;
  intact_pairs inputs, weights;
  intact_requantizer requantizer; /* of sums that lack plan.rest bits of k */
  uint32_t pad;                   /* the value outside the image, scaled, in both halfwords */
  uint32_t group;                 /* at hand */
  uint32_t first, channels;       /* output channels at hand, `first` counted in the group */
} intact_direct16_job;

static inline uint32_t intact_direct16_tiles_of(const intact_direct16_job* job) {
  return (job->channels + 1) / 2;
}

/* Writes the pixel of padding. */
void intact_direct16_fill_pad(const intact_direct16_job* job);

/* Expands the block's weights into tiles. */
void intact_direct16_expand_weights(const intact_direct16_job* job);

/* Gathers the patches of `pixels` output pixels, the first at (y, x), into the first pairs of `values`. */
void intact_direct16_gather(const intact_direct16_job* job, uint32_t y, uint32_t x, uint32_t pixels);

/* Expands input row `row`, counted from the padding's first, into slot `slot`: the columns that `pairs` pairs
 * of output pixels from column `x` on need. */
void intact_direct16_expand_row(const intact_direct16_job* job, uint32_t row, uint32_t x, uint32_t pairs,
                                uint32_t slot);

/* Copies `rows` slots from slot `from` to slot 0, of `pairs` pairs. */
void intact_direct16_move_rows(const intact_direct16_job* job, uint32_t from, uint32_t rows, uint32_t pairs);

/* Runs the tiles over the first pixels in `values`, `pixels` of them, to the output's pixels `pixel` and on.
 * slot: where the values begin (ROWS). */
void intact_direct16_compute(const intact_direct16_job* job, uint32_t slot, uint32_t pixel, uint32_t pixels);

/* The whole convolution by INTACT_DIRECT16_VECTOR. */
void intact_direct16_vector(const intact_direct16_job* job);

#endif
