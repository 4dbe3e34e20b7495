/* From accumulators of a pixel's channels to packed codes. */
#ifndef INTACT_TILE_RESULTS_H
#define INTACT_TILE_RESULTS_H

#include "../intact_kernels.h"

enum { INTACT_TILE_CHANNELS = 1024 };

typedef struct intact_tile_results {
  const intact_conv* c;
  uint32_t first, count; /* channels; `first` at a whole byte of codes */
  int32_t m[INTACT_TILE_CHANNELS], b[INTACT_TILE_CHANNELS];
  intact_i16 residual[INTACT_TILE_CHANNELS];
} intact_tile_results;

/* For channels first .. first + count - 1, at most INTACT_TILE_CHANNELS. */
void intact_tile_load_scales(intact_tile_results* t, const intact_conv* c, uint32_t first, uint32_t count);

/* Writes the channels' codes of a pixel, behind the last channel the pixel's padding. Changes `acc`. All of
 * the pixel's residual is read before anything is written. */
void intact_tile_finish(intact_tile_results* t, uint32_t pixel, uint32_t* acc);

#endif
