/* Parts of INTACT_CONV_POLY_POINT: packed codes into words, sums out of words. */
#ifndef INTACT_POLY_POINT_H
#define INTACT_POLY_POINT_H

#include "../plan_poly_point.h"
#include "../plan_poly_row.h"
#include "poly_tiles.h"

typedef struct intact_poly_point {
  const intact_conv* conv;
  intact_poly_point_plan plan;
  uint8_t* scratch;
} intact_poly_point;

/* The K weights of output channel `o`, decoded; zeros where `there` is 0. `to` is a multiple of 4. */
void intact_poly_point_taps(const intact_poly_point* point, uint32_t o, uint32_t there, intact_i16* to);

/* Output channels first .. first + count - 1 in the weights' area, four by four; those that are not there get
 * weights of zero. Uses the area of the values. */
void intact_poly_point_weights(const intact_poly_point* point, uint32_t first, uint32_t count);
void intact_poly_point_pair_weights(const intact_poly_point* point, uint32_t first, uint32_t count);

/* Fills the pixel that stands for all those outside the image. */
void intact_poly_point_padding(const intact_poly_point* point);

/* The values of output pixels pixel .. pixel + count - 1, in tiles of four: for each step the word of the
 * first two pixels and that of the other two. Pixels behind the last one count as padding. */
void intact_poly_point_values(const intact_poly_point* point, uint32_t pixel, uint32_t count);

/* Tiles of four equally distant pixels to the values' words, unsigned codes. Words: of 4 bits, pixels of
 * whole words. Pairs: of 2 or 1 bits, pixels of whole blocks. */
typedef struct intact_poly_point_line {
  const uint8_t* from; /* of the first pixel */
  uint32_t step;       /* from pixel to pixel, bytes */
  intact_word_alias* to;
  uint32_t tiles; /* at least 1 */
  uint32_t bytes; /* of a pixel's codes, above 0 */
} intact_poly_point_line;

void intact_poly_point_lines4(const intact_poly_point_line* line);
void intact_poly_point_lines2(const intact_poly_point_line* line);
void intact_poly_point_lines1(const intact_poly_point_line* line);

/* Pairs: one tap of a tile, `channels` of the four pixels that start at `from`; flips: of all codes of a
 * word, of the first and the second pixel of a pair. Returns behind the words. */
intact_word_alias* intact_poly_point_pair_tap(const uint8_t* const from[INTACT_POLY_POINT_TILE],
                                              uint32_t channels, uint32_t storage, const uint32_t flips[2],
                                              intact_word_alias* to);

/* From the results of `tiles` tiles of four channels to accumulators, those of channel i of pixel x at
 * to[x stride + i]. constants: of the four channels. */
void intact_poly_point_sums(const intact_poly_point* point, uint32_t tiles,
                            const intact_word_alias* constants, uint32_t stride, intact_word_alias* to);

enum {
  INTACT_POLY_POINT_4 = 0, /* codes 0 .. 15 */
  INTACT_POLY_POINT_2,     /* 0 .. 3 */
  INTACT_POLY_POINT_8,     /* 0 .. 255 */
  INTACT_POLY_POINT_8_SIGNED,
  INTACT_POLY_POINT_BIPOLAR,     /* the lower half of a byte; the upper half becomes 0 */
  INTACT_POLY_POINT_BIPOLAR_HIGH /* the upper half of a byte whose lower half is there */
};

/* The tiles with requantization to codes in them. */
typedef struct intact_poly_point_tiles {
  const uint8_t *values, *values_end; /* tile after tile; at least one */
  const uint8_t* weights;             /* of four channels, heads and constants behind them */
  const uint8_t* heads;
  uint32_t entry;   /* what intact_poly_point_entry gives for the steps */
  uint8_t* to;      /* of the first pixel; a multiple of the bytes that four codes take */
  uint32_t to_step; /* from pixel to pixel, likewise */
  uint32_t scale;   /* 2^(k + shift) */
  uint32_t finish;  /* below */
  uint32_t pairs;   /* 1: halfwords of two channels, fields of 7 bits */
} intact_poly_point_tiles;

uint32_t intact_poly_point_entry(uint32_t steps, uint32_t pairs); /* at least 1 */
void intact_poly_point_run(const intact_poly_point_tiles* tiles);

#endif
