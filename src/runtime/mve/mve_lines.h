/* Input lines expanded to byte lanes with their padding, as many in scratch as it holds: a window of
 * consecutive lines of the padded image that moves down. Armv8.1-M with MVE only.
 */
#ifndef INTACT_MVE_LINES_H
#define INTACT_MVE_LINES_H

#include "mve_lanes.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct intact_lines {
  const intact_conv* conv;
  intact_lanes lanes;
  int8_t* data;
  uint32_t capacity, line_bytes; /* of lines, at least those of one window */
  uint32_t left, pixels;         /* padded columns of a line: left .. left + pixels - 1 */
  uint32_t channel, channels;    /* first and number; the first is a multiple of 16 */
  uint32_t planes;     /* 1: planes of 16 channels, one after the other; 0: pixels, of all channels */
  uint32_t first, end; /* padded lines that are held: first .. end - 1 */
} intact_lines;

/* Codes of `count` pixels from pixel number `pixel` of the image, one after the other. */
void intact_expand_pixels(const intact_conv* conv, const intact_lanes* lanes, uint32_t pixel, uint32_t count,
                          int8_t* to);

/* The address of padded line `line`, with `count` - 1 more behind it, line_bytes apart. Lines never go back:
 * `line` is not less than in earlier calls. */
const int8_t* intact_lines_at(intact_lines* lines, uint32_t line, uint32_t count);

#ifdef __cplusplus
}
#endif

#endif
