/* Lines of the input, expanded with their padding to 16 bits and kept while windows meet them. */
#ifndef INTACT_TILE_LINES_H
#define INTACT_TILE_LINES_H

#include "../intact_kernels.h"

enum {
  INTACT_TILE_VECTOR = 8, /* values; readers may take whole vectors, so as many zeros follow each line */
  INTACT_TILE_VALUES = 1 << 14,
  INTACT_TILE_LINES = 32
};

typedef struct intact_tile_lines {
  const intact_conv* c;
  uint32_t line;                            /* values of a line with its padding */
  uint32_t step;                            /* from line to line */
  uint32_t slots;                           /* lines that are kept: line y in slot y % slots */
  uint32_t held[INTACT_TILE_LINES];         /* y + 1 in each slot, 0: none */
  const intact_i16* row[INTACT_TILE_LINES]; /* of the window: the line that kernel row ky meets */
  intact_i16 values[INTACT_TILE_VALUES];
} intact_tile_lines;

/* 0 where the lines of a window do not fit, or where expanding them costs more than the products would. */
uint32_t intact_tile_plan_lines(intact_tile_lines* t, const intact_conv* c);

/* Before the first line: nothing is held. */
void intact_tile_clear_lines(intact_tile_lines* t);

/* Sets `row` for the windows of output row `y`. */
void intact_tile_take_lines(intact_tile_lines* t, uint32_t y);

#endif
