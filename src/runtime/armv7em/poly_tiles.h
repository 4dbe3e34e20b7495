/* The inner loops of the polynomial kernels: tiles of two words of values (of two groups of pixels) by two
 * words of weights (of two output channels), with four 64-bit sums; and half tiles, of the first group alone.
 *
 * Values of a tile: pairs of words, one pair for each step; weights likewise. The steps are parted into runs,
 * each with a head: the initial sums of the two channels (lower word first), the same again, the address of
 * the weights behind the run, and what intact_poly_entry gives for the run's steps. A tile's results: for
 * each run the sums of group 0 by channel 0, group 0 by channel 1, group 1 by channel 0, group 1 by channel
 * 1, lower word first; group 1's mean nothing in a half tile.
 */
#ifndef INTACT_POLY_TILES_H
#define INTACT_POLY_TILES_H

#include <stdint.h>

typedef struct intact_poly_tiles {
  const uint8_t* values; /* of the first tile; all are multiples of 4 */
  uint32_t value_step;   /* from tile to tile, bytes */
  uint32_t tiles;        /* at least 1 */
  const uint8_t* weights;
  const uint8_t* heads; /* behind the weights of all runs */
  uint8_t* results;
} intact_poly_tiles;

void intact_poly_run_tiles(const intact_poly_tiles* tiles);
void intact_poly_run_half_tiles(const intact_poly_tiles* tiles);

typedef struct intact_poly_entries {
  uint32_t whole, half;
} intact_poly_entries;

intact_poly_entries intact_poly_entry(uint32_t steps); /* at least 1 */

#endif
