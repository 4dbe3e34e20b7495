/* WINOGRAD_PLAIN: F(4, 3) of Winograd along rows, with the words of intact_plain.h.
 *
 * Of a kernel row g and six inputs d, m = (24 G g) (B^T d) elementwise gives 24 acc = A^T m for four outputs
 * beside each other, with the integer matrices 24 G: 6 0 0 / -4 -4 -4 / -4 4 -4 / 1 2 4 / 1 -2 4 / 0 0 24
 *   B^T: 4 0 -5 0 1 0 / 0 -4 -4 1 1 0 / 0 4 -4 -1 1 0 / 0 -2 -1 2 1 0 / 0 2 -1 -2 1 0 / 0 4 0 -5 0 1
 *   A^T: 1 1 1 1 1 0 / 0 1 -1 2 -2 0 / 0 1 1 4 4 0 / 0 1 -1 8 -8 1.
 * m is summed over kernel rows and channels first. All is linear modulo 2^32, where 3 has an inverse: 8 acc
 * is left, so that the fields start at bit 3 and share 29 bits.
 *
 * The output is cut into strips, four columns wide and `rows` high, `across` beside each other and `down`
 * below each other. A pass computes 4 `fields` strips at once, a row of each at a time: strip 4 fields pass +
 * 4 f + l stands in field f of lane l. The transformed input rows under the kernel are kept, as quads
 * [point][kernel row][channel]. Where the channels are too many they are taken in chunks, with the sums of
 * all rows of a pass.
 */
#ifndef INTACT_WINOGRAD_H
#define INTACT_WINOGRAD_H

#include "intact_plain.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { INTACT_WINOGRAD_POINTS = 6, INTACT_WINOGRAD_OUTPUTS = 4, INTACT_WINOGRAD_BITS = 29 };

typedef struct intact_winograd_plan {
  uint32_t fields, field_bits;
  uint32_t across, down, rows, passes;
  uint32_t chunk, depth; /* input channels, the same rounded up to a multiple of 4 */
  uint32_t outs;         /* output channels in a block */
  uint32_t sum_rows;     /* rows with sums: 1 or `rows` */
  uint32_t at_values, at_sums, at_results, at_fields, at_pixels,
      at_padding; /* offsets in scratch; the weights are at 0 */
  uint32_t bytes;
  uint64_t cost; /* instructions without the finish */
} intact_winograd_plan;

int intact_winograd_find(const intact_conv* c, uint32_t fields, uint64_t limit, intact_winograd_plan* plan);

/* count words at `first` and at five more places, `step` words apart: B^T of them in place. */
void intact_winograd_input(intact_plain_word* first, uint32_t step, uint32_t count);
/* count weights at `first` and at two more places: 24 G of them at six places, `step` apart. */
void intact_winograd_weights(intact_i16* first, uint32_t step, uint32_t count);
/* to[4 j + l] = A^T of sums[4 p + l] over p, for j < 4, l < 4; then divided by 24 modulo 2^32, the topmost
 * three bits copies of the sign. */
void intact_winograd_output(const intact_plain_word* sums, intact_plain_word* to);

#ifdef __cplusplus
}
#endif

#endif
