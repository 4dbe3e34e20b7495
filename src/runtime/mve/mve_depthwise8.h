/* Inner loops of INTACT_CONV_DEPTHWISE8. Four rows of a plane of 16 channels are interleaved: a word for each
 * column and channel, its bytes the four rows (64 bytes a column), so that one gather of four words is 4x4
 * pixels of a channel: lane 4 i + r is row r of column i. Armv8.1-M with MVE only.
 */
#ifndef INTACT_MVE_DEPTHWISE8_H
#define INTACT_MVE_DEPTHWISE8_H

#include "mve_quantize.h"

#ifdef __cplusplus
extern "C" {
#endif

/* to[column][channel][row] = rows[row][column][channel], 16 channels. */
void intact_interleave_rows(int8_t* to, const int8_t* const rows[4], uint32_t columns);

/* Weights: for each channel 8 words, all the sum that its accumulators start at, then its vectors. Sums: for
 * each tile and channel, 4 words. */
typedef struct intact_depthwise8_job {
  const int8_t* columns; /* 0: word of the first channel in the first column */
  const int8_t* weights; /* 4 */
  intact_i32* sums;      /* 8 */
  uint32_t sums_step;    /* 12: bytes from a tile to the next */
  uint32_t tiles;        /* 16 */
  uint32_t channels;     /* 20 */
  /* Of _any alone: */
  uint32_t groups_h, groups_w; /* of 4 rows, of 4 columns of taps */
  uint32_t group_bytes;        /* from a group of rows to the next */
  uint32_t stride, dilation;   /* of columns */
} intact_depthwise8_job;

/* 3x3, stride 1: a tile is 2x2 outputs in the order of rows, 4 vectors a channel, one for each output. Takes
 * two tiles at a time: `tiles` is even. Consumes the job. */
void intact_depthwise8_square(intact_depthwise8_job* job);

/* A tile is 4 outputs of a row; groups_h groups_w vectors a channel. */
void intact_depthwise8_any(const intact_depthwise8_job* job);

#ifdef __cplusplus
}
#endif

#endif
