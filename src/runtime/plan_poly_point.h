/* How INTACT_CONV_POLY_POINT packs codes into words and lays out its scratch. Portable, since exporters ask
 * for it on a host.
 *
 * The codes u of one input channel at two pixels (patterns with the decoder's flip applied: v = (u << shift)
 * + offset, 0 <= u < 2^storage) stand in one number, A = u0 + u1 2^(2g), the weights of two output channels
 * in another, W = w0 + w1 2^g. One product holds all four, in fields g bits apart: u0 w0, u0 w1, u1 w0, u1
 * w1. Their sums run over the window's taps and the input channels. There are two forms. Words: g = 14, one
 * 32 x 32 -> 64 bit multiplication and addition (SMLAL). A step is a channel. Of 4 bits u1 reaches bit 31,
 * which is flipped: as a signed number the word is then less by 2^31, and the sums start at 2^31 sum(W) more.
 *   Pairs: g = 7, A and W are halfwords, of two channels in a word (SMLAD adds both products). A step is
 * channels c and c + 8 of a block of sixteen. Of 2 bits u1 reaches the halfword's top bit, which is flipped:
 * the sums start at 2^15 sum(W) more.
 */
#ifndef INTACT_PLAN_POLY_POINT_H
#define INTACT_PLAN_POLY_POINT_H

#include "intact_kernels.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The parameter of FORMAT section 11: bits 0-6 the number of runs, bit 7 the form, bits 8-14 the start of
 * pairs. Runs are parts of the sum between two read-outs, of ceil(steps / runs) steps each. The promise, for
 * each output channel, with P, N the sums of the positive weights and of the negative ones' magnitudes.
 * Words: in each run a N <= 2^13 and a P < 2^13, a the largest u of the input's grid; fields start at 2^13.
 * Pairs: there is one run, and a (P + N) < 2^7, a = 2^storage - 1; fields start at a N. So none borrows from
 * the next or reaches it.
 */
enum {
  INTACT_POLY_POINT_FIELD = 14,
  INTACT_POLY_POINT_PAIR_FIELD = 7,
  INTACT_POLY_POINT_MOST_RUNS = 127,
  INTACT_POLY_POINT_PAIRS = 128,
  INTACT_POLY_POINT_START_BIT = 8,
  INTACT_POLY_POINT_BLOCK = 16 /* channels */
};

/* Pixels and output channels of a tile. */
enum { INTACT_POLY_POINT_TILE = 4 };

/* Behind the heads of four channels' weights (armv7em/poly_tiles.h): for each channel what its fields' sum
 * times 2^shift lacks to the accumulator (fused: times 2^k), multiplier and bias. Pairs: these come first,
 * and behind them the initial sums of both pairs of pixels by channels 0 and 1, then by 2 and 3. */
enum { INTACT_POLY_POINT_CONSTANT_BYTES = 48, INTACT_POLY_POINT_START_BYTES = 16 };

typedef struct intact_poly_point_plan {
  uint32_t runs, steps, run_steps;
  uint32_t pairs;      /* 1: that form */
  uint32_t start;      /* of its fields */
  uint32_t flip;       /* of u1: 1 where it reaches the top bit */
  uint32_t pad_code;   /* u outside the image */
  uint32_t fused;      /* 1: codes come straight from the tiles; 0: through `sums` */
  uint32_t batch;      /* tiles of pixels whose values are in memory together */
  uint32_t block;      /* output channels whose weights are, a multiple of 4 */
  uint32_t quad_bytes; /* of four channels' weights, heads and constants */
  /* Offsets in scratch; values stand at 0. */
  uint32_t weights, results, sums, padding;
} intact_poly_point_plan;

/* Whether codes can come straight from tiles of one run with such fields. */
uint32_t intact_poly_point_fuses(const intact_conv* conv, uint32_t field);

/* The bytes that the plan takes, at most `limit`; INTACT_CANNOT where there is none. */
uint64_t intact_plan_poly_point(const intact_conv* conv, uint64_t limit, intact_poly_point_plan* plan);

#ifdef __cplusplus
}
#endif

#endif
