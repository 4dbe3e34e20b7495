/* INTACT_CONV_WINOGRAD8: F(4, 3) of Winograd along rows in byte lanes (MVE), and how it lays out its
 * scratch. Portable, since exporters ask for the layout on a host.
 *
 * Of a kernel row g and six input columns d, with
 *   G: 1 0 0 / 1 1 1 / 1 -1 1 / 1 2 4 / 1 -2 4 / 0 0 1
 *   B^T: 4 0 -5 0 1 0 / 0 -4 -4 1 1 0 / 0 4 -4 -1 1 0 / 0 -2 -1 2 1 0 / 0 2 -1 -2 1 0 / 0 4 0 -5 0 1
 * the products m = (G g) (B^T d), element by element ("points"), give four outputs beside each other:
 *   24 acc = A^T diag(6, -4, -4, 1, 1, 24) m,  A^T: 1 1 1 1 1 0 / 0 1 -1 2 -2 0 / 0 1 1 4 4 0 / 0 1 -1 8
 * -8 1. m is summed over kernel rows and channels first. All is linear modulo 2^32, where 3 has an inverse t,
 * so that t 24 acc = 8 acc: |acc| < 2^28 is needed and no more.
 *
 * Factors are signed bytes. Inputs of at most 4 bits are in -8 .. 15; a row of B^T has positive entries of
 * sum at most 5 and negative ones of sum at most 8, the sum of their magnitudes is at most 10: B^T d is in
 * -120 .. 75 if d >= 0, and its magnitude is at most 80 if -8 <= d <= 7. G g has magnitude at most 7 max |g|:
 * 56 for weights of at most 4 bits. Of wider weights the exporter checks each G g; parameter 1 says it holds.
 *
 * The output is cut into strips of `tiles` tiles of 4 columns, and these into bands of 4 rows. Of a band, 6
 * input rows are held transformed: [point][tile][plane of 16 channels][row]. Weights: [pair of output
 * channels][point][plane][kernel row][channel of the pair]. Sums: [tile][pair][point][channel of the
 * pair][row], of one pair at a time, or of all of a group where results are packed without being stored.
 */
#ifndef INTACT_PLAN_WINOGRAD8_H
#define INTACT_PLAN_WINOGRAD8_H

#include "intact_kernels.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
  INTACT_WINOGRAD8_POINTS = 6,
  INTACT_WINOGRAD8_ROWS = 4,       /* of a band */
  INTACT_WINOGRAD8_HELD_ROWS = 6,  /* of input under a band */
  INTACT_WINOGRAD8_PLANE = 96,     /* bytes: 6 rows, or 3 kernel rows of 2 channels */
  INTACT_WINOGRAD8_EXTRA_BITS = 3, /* results are 8 acc */
  INTACT_WINOGRAD8_SUMS = 192,     /* bytes of a tile's of a pair: 6 points, 2 channels, 4 rows */
  INTACT_WINOGRAD8_TABLE = 12      /* bytes of a channel: multiplier, addend, start */
};

typedef struct intact_winograd8_plan {
  uint32_t planes; /* of 16 input channels */
  uint32_t tiles;  /* of a strip */
  uint32_t block;  /* output channels whose weights are held */
  uint32_t group;  /* of them, requantized at a time; a multiple of 4 unless all */
  uint32_t packs;  /* requantized from the sums themselves, 8 channels at a time */
  /* Offsets in scratch. */
  uint32_t values, line, weights, starts, table, sums, results;
  uint64_t work; /* estimated instructions */
} intact_winograd8_plan;

/* Estimated instructions. */
uint64_t intact_winograd8_work(const intact_conv* conv, const intact_winograd8_plan* plan);

/* The bytes that the plan takes, at most `limit`; INTACT_CANNOT where there is none. */
uint64_t intact_plan_winograd8(const intact_conv* conv, uint64_t limit, intact_winograd8_plan* plan);

#ifdef __cplusplus
}
#endif

#endif
