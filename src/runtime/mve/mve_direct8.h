/* Inner loops of INTACT_CONV_DIRECT8: sums of products of byte lanes for tiles of 4 pixels x 2 output
 * channels. Weights: for each pair of channels, the 8 words that its sums start at, then its vectors (those
 * of the two channels alternate). Sums: for each tile and pair, 4 pixels of the first channel, then of the
 * second. Armv8.1-M with MVE only.
 */
#ifndef INTACT_MVE_DIRECT8_H
#define INTACT_MVE_DIRECT8_H

#include "mve_quantize.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct intact_direct8_job {
  const int8_t* weights;     /* 0 */
  const int8_t* weights_end; /* 4 */
  intact_i32* sums;          /* 8 */
  uint32_t steps;            /* 12: vectors of a channel; _rows: planes of 16 input channels */
  uint32_t tiles;            /* 16: consumed; _steps: 1 is meant */
  const int8_t* at[4];       /* 20: _point: the first pixel; _rows: 3 lines; _steps: 4 pixels */
  uint32_t step;             /* 36: _point: bytes from pixel to pixel; _rows: from plane to plane */
} intact_direct8_job;

/* Pixels of one vector each. */
void intact_direct8_point(intact_direct8_job* job);
/* One tile, pixels of `steps` vectors. */
void intact_direct8_steps(intact_direct8_job* job);
/* Windows of 3 x 3 pixels of 16 channels in one plane, or in `steps` planes; lines at multiples of 4. */
void intact_direct8_rows(intact_direct8_job* job);
void intact_direct8_planes(intact_direct8_job* job);

#ifdef __cplusplus
}
#endif

#endif
