/* Inner loops of INTACT_CONV_WINOGRAD8; plan_winograd8.h has the order of all arrays. Armv8.1-M with MVE
 * only.
 */
#ifndef INTACT_MVE_WINOGRAD8_H
#define INTACT_MVE_WINOGRAD8_H

#include "../plan_winograd8.h"
#include "mve_quantize.h"

#ifdef __cplusplus
extern "C" {
#endif

/* B^T of a line's tiles, four columns of 16 bytes each: of a tile to point p, p * point_step bytes behind
 * `to`, of the next tile tile_step bytes on. */
void intact_winograd8_values(const int8_t* line, uint32_t tiles, int8_t* to, uint32_t tile_step,
                             uint32_t point_step);

/* G of one plane's weights, vectors `from_step` bytes apart, three kernel rows of three: of a row to point p,
 * p * point_step bytes behind `to`, of the next row 32 bytes on. */
void intact_winograd8_weights(const int8_t* from, uint32_t from_step, int8_t* to, uint32_t point_step);

/* Sums of all points, rows and channels of a pair of output channels. */
typedef struct intact_winograd8_products {
  const int8_t* values;  /* 0 */
  const int8_t* weights; /* 4: of the pair */
  intact_i32* sums;      /* 8 */
  uint32_t planes;       /* 12 */
  uint32_t tiles;        /* 16 */
  uint32_t step;         /* 20: bytes from a tile's sums to the next's */
} intact_winograd8_products;

void intact_winograd8_plane(const intact_winograd8_products* job);  /* planes = 1 */
void intact_winograd8_planes(const intact_winograd8_products* job); /* any number */

/* to[4 columns of each tile][row] = 8 acc of one channel, columns `step` bytes apart; `start`, added to the
 * sum of point 1, stands for the input's constant part. Sums of one pair. */
void intact_winograd8_results(const intact_i32* sums, uint32_t tiles, int32_t start, intact_i32* to,
                              uint32_t step);

/* Packed codes of 8 channels from their sums, which are overwritten. With S = 2^(k-4) results are
 * S 8 acc = 2^(k-1) acc; mve_quantize_words.c has what follows. */
typedef struct intact_winograd8_pack {
  intact_i32* sums;        /* 0; consumed */
  const intact_i32* table; /* 4: multiplier, addend, start of each channel */
  uint32_t factors[6];     /* 8: of intact_winograd8_factors */
  uint32_t align;          /* 32: 32 - bits - r */
  uint32_t tiles;          /* 36; consumed */
  uint32_t columns;        /* 40: of each tile, that are stored: 1 to 4 */
  uint32_t flip;           /* 44 */
  uint32_t mask;           /* 48: of the rows */
  uint8_t* to;             /* 52: first row and column; consumed */
  uint32_t column_bytes;   /* 56 */
  uint32_t reserved;       /* 60 */
  uint32_t rows[4];        /* 64: bytes to the rows */
} intact_winograd8_pack;

void intact_winograd8_factors(uint32_t k, uint32_t factors[6]);
void intact_winograd8_nibbles(intact_winograd8_pack* job);
void intact_winograd8_crumbs(intact_winograd8_pack* job);
void intact_winograd8_signs(intact_winograd8_pack* job);

#ifdef __cplusplus
}
#endif

#endif
