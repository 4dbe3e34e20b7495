/* PATTERN_PLAIN: convolution of 1-bit codes with bipolar weights by tables of sums over bit patterns.
 *
 * Let m be the number of taps whose weight bit equals the input's code bit u. With v = 2 u - 1 the
 * accumulator is 2 m - K; with v = u - z it is (2 m - K + sum w) / 2 - z sum w, and padding is a pixel with u
 * = z.
 *
 * For four input channels there are 16 patterns of weight bits. A table holds for each pattern and pixel of a
 * row how many of the four match, a nibble; byte j of a pattern's line holds pixels j and j + line, so that a
 * word adds eight pixels at once. Lines of three kernel rows are added before the nibbles are spread to
 * bytes. The sums of each kernel column stand apart, and are shifted against each other when they are added
 * up. The rows under the kernel have their tables in a ring.
 */
#ifndef INTACT_PATTERN_PLAIN_H
#define INTACT_PATTERN_PLAIN_H

#include "intact_plain.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct intact_pattern_plain_plan {
  uint32_t fours; /* input channels by four */
  uint32_t line;  /* bytes of a pattern's line, a multiple of 4 */
  uint32_t row;   /* bytes of the tables of an input row: fours * 16 lines */
  uint32_t outs;  /* output channels in a block */
  uint32_t at_weights, at_sums, at_acc, at_pixels, at_padding; /* offsets in scratch; the tables are at 0 */
  uint32_t bytes;
} intact_pattern_plain_plan;

int intact_pattern_plain_find(const intact_conv* c, uint64_t limit, intact_pattern_plain_plan* plan);

#ifdef __cplusplus
}
#endif

#endif
