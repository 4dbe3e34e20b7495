/* The inner loops of the direct kernel: tiles of two output pixels by two output channels.
 *
 * Operands are streams of words, each a pair of signed halfwords. The weights of a tile: for each step the
 * weights of both its channels; multipliers m0, m1, biases b0, b1; the
 * distance of its results from `to` in bytes. Tiles follow each other in descending order of that distance;
 * it is 0 in the last one, and there the loop ends. A patch step is two pairs of taps p, q. Weights: p of
 * channel 0, p of channel 1, q likewise. Values: p of pixel 0, p of pixel 1, q likewise. A rows step is a
 * kernel row of three taps on one pair of channels. Weights: taps 0 to 2 of channel 0, then of channel 1.
 * Values: four neighbouring columns; pixel 0 starts at the first, pixel 1 at the second.
 */
#ifndef INTACT_DIRECT16_TILES_H
#define INTACT_DIRECT16_TILES_H

#include <stddef.h>
#include <stdint.h>

/* What becomes of the accumulators. All but SUMS want them multiplied by 2^k, and r = 16. */
enum {
  INTACT_FINISH_SUMS = 0, /* two words, as they are */
  INTACT_FINISH_8,        /* codes 0 .. 255, two bytes; `to` even */
  INTACT_FINISH_8_CLAMPED,
  INTACT_FINISH_4, /* codes 0 .. 15, one byte */
  /* One word for both pixels, in its halves, `to` of pixel 0: */
  INTACT_FINISH_2,       /* codes 0 .. 3, channel 0 in bits 0 and 1, channel 1 in bits 2 and 3 */
  INTACT_FINISH_1,       /* codes 0 and 1, in bits 14 and 15 */
  INTACT_FINISH_BIPOLAR, /* their complements likewise */
  INTACT_FINISHES
};

enum { INTACT_TILE_TAIL = 20, INTACT_PATCH_STEP = 16, INTACT_ROWS_STEP = 24 };

/* Bytes from the results of one tile to those of the next. */
static inline uint32_t intact_direct16_distance(uint32_t finish) {
  switch (finish) {
    case INTACT_FINISH_SUMS:
      return 8;
    case INTACT_FINISH_8:
    case INTACT_FINISH_8_CLAMPED:
      return 2;
    case INTACT_FINISH_4:
      return 1;
    default:
      return 4;
  }
}

/* Whether the results are the output's bytes as they are. */
static inline uint32_t intact_direct16_in_place(uint32_t finish) {
  return finish == INTACT_FINISH_8 || finish == INTACT_FINISH_8_CLAMPED || finish == INTACT_FINISH_4;
}

/* Rows of a tile after the other's results that `pairs` pairs of pixels take: those of a pixel or of a pair.
 * In place: the one for a last pixel's missing neighbour. */
static inline uint32_t intact_direct16_result_rows(uint32_t finish, uint32_t pairs) {
  if (intact_direct16_in_place(finish)) return 1;
  return finish == INTACT_FINISH_SUMS ? 2 * pairs : pairs;
}

typedef struct intact_direct16_tiles {
  const uint8_t* values; /* of the first pair of pixels, 16 bytes a step; a multiple of 4 */
  uint32_t value_step;   /* from pair to pair, bytes */
  uint32_t steps;        /* of a tile, at least 1 */
  const uint8_t* weights;
  uint8_t* to[2];   /* for the two pixels of the first pair; multiples of 4 unless in place */
  uint32_t to_step; /* from pair to pair, bytes */
  uint32_t pairs;   /* of pixels, at least 1 */
  uint32_t finish;
  uint32_t least, spare, back; /* of FINISH_8_CLAMPED: intact_requantizer's */
} intact_direct16_tiles;

void intact_direct16_patch(const intact_direct16_tiles* tiles);
void intact_direct16_rows(const intact_direct16_tiles* tiles);

#endif
