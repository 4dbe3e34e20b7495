/* Depthwise convolution on 16-bit products: what its files share.
 *
 * Channels are handled in blocks, output columns in strips. Each input row is expanded once for a strip to
 * pairs of 16-bit numbers, each channel in a plane of its own; a sweep then runs along the plane with one
 * channel's weights in registers. All numbers are raw: u = pattern XOR flip (intact_decoder), and v =
 * (u << shift) + offset, so that acc = offset sum w + sum (w << shift) u; the first term is each sum's start.
 *
 * Three ways to compute, chosen by intact_depthwise16_way:
 *   FIELDS  3 x 3, accumulators of 16 bits (k >= 16). Two neighbouring pixels of a row in one word, two
 *           accumulators in another: a long product with two taps of a row adds to two outputs at once.
 *   PAIRS   3 x 3, 8-bit input. Two neighbouring pixels of a column in one word: SMLAD sums two taps.
 *   TAPS    any window; the same pairs, expanded anew for each output row.
 */
#ifndef INTACT_DEPTHWISE16_H
#define INTACT_DEPTHWISE16_H

#include "../intact_isa.h"
#include "../intact_kernels.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
  INTACT_DEPTHWISE16_FIELDS = 0,
  INTACT_DEPTHWISE16_PAIRS = 1,
  INTACT_DEPTHWISE16_TAPS = 2,
  INTACT_DEPTHWISE16_CANNOT = 3
};

/* How the scratch is used. Offsets and sizes count words of 32 bits; sizes are of one channel, for a strip of
 * `outputs` columns. */
typedef struct intact_depthwise16_plan {
  uint32_t way;
  uint32_t channels;                            /* of a block; but for the last a multiple of `granule` */
  uint32_t outputs;                             /* columns of a strip; FIELDS, PAIRS: a multiple of 2 */
  uint32_t granule;                             /* channels that fill words of the input and of the output */
  uint32_t weights, constants, planes, results; /* offsets; the pad pixel is at 0 */
} intact_depthwise16_plan;

/* How to compute. Portable; reads no memory. */
uint32_t intact_depthwise16_way(const intact_conv* conv);

/* The plan within `limit` bytes of scratch, and the bytes that it takes; INTACT_CANNOT where there is none.
 * Portable; reads no memory. */
uint64_t intact_depthwise16_plan_within(const intact_conv* conv, uint64_t limit,
                                        intact_depthwise16_plan* plan);

/* Words of one channel's plane, for `outputs` columns. */
uint64_t intact_depthwise16_plane_words(const intact_conv* conv, uint32_t way, uint32_t outputs);

/* Words of one channel's weights. */
uint64_t intact_depthwise16_weight_words(const intact_conv* conv, uint32_t way);

/* The columns that a sweep computes are a multiple of this. */
static inline uint32_t intact_depthwise16_output_unit(uint32_t way) {
  return way == INTACT_DEPTHWISE16_TAPS ? 1 : 2;
}

/* The shift that PAIRS gives 8-bit codes: unsigned ones stay below 2^15, signed ones need no flip. */
static inline uint32_t intact_depthwise16_value_shift(const intact_conv* conv) {
  return conv->decode_input.flip ? 8 : 7;
}

enum {
  INTACT_DEPTHWISE16_CONSTANTS = 3,        /* words of one channel: the sum's start, multiplier, bias */
  INTACT_DEPTHWISE16_FIELDS1_WEIGHTS = 10, /* words of one channel */
  INTACT_DEPTHWISE16_FIELDS2_WEIGHTS = 15,
  INTACT_DEPTHWISE16_PAIRS_WEIGHTS = 6
};

static inline uint32_t intact_round_up_to(uint32_t n, uint32_t multiple) {
  return (n + multiple - 1) / multiple * multiple;
}

typedef uint32_t INTACT_MAY_ALIAS intact_depthwise16_word;

/* Where the elements of one half of the pairs come from: pixels x, x + step, ... of a row, or, where the row
 * is null or the position outside, the pad pixel. */
typedef struct intact_depthwise16_source {
  const uint8_t* row; /* from the block's first channel on */
  int32_t x;
} intact_depthwise16_source;

/* A line of pairs of a block's channels: pair i holds pixel x + i step of `low` and of `high`, raw, shifted
 * left by `shift` where that is not 0 (8-bit input only). */
typedef struct intact_depthwise16_line {
  intact_depthwise16_source low, high;
  uint32_t step, count;
  intact_depthwise16_word* to; /* pair 0 of the block's first channel */
  uint32_t to_step, plane;     /* words to the next pair, to the next channel */
} intact_depthwise16_line;

typedef struct intact_depthwise16_input {
  const uint8_t* pad_pixel; /* a multiple of 4; whole words */
  uint32_t pixel_bytes, width;
  uint32_t storage, flip; /* flip: of all codes of a word */
  uint32_t shift;         /* 0, or 8-bit input: 7 unsigned, 8 signed (then two's complement, without flip) */
  uint32_t words, rest, rest_bytes; /* whole words of a block's codes; channels behind them, their bytes */
} intact_depthwise16_input;

void intact_depthwise16_expand(const intact_depthwise16_input* input, const intact_depthwise16_line* line);

/* How a block's raw numbers are scaled: weights by 2^weight_shift, which includes the decoder's shift; offset
 * sum w, with which each sum starts, by 2^start_shift. */
typedef struct intact_depthwise16_scale {
  uint32_t weight_shift, start_shift;
  int32_t offset;
} intact_depthwise16_scale;

/* Weights, starts, multipliers and biases of channels first .. first + channels - 1. Weights of a channel:
 *   FIELDS: kernel rows 0, 1, 2, 0, 1, so that three that follow each other begin with any row; of each,
 * stride 1: w2 + w1 2^16, w0; stride 2: w2 2^16, w0, w1. PAIRS:  of each column the rows (0, 1) and (1, 2).
 *   TAPS:   of each column the rows (0, 1), (2, 3) and so on. */
void intact_depthwise16_load(const intact_conv* conv, const intact_depthwise16_scale* scale, uint32_t way,
                             uint32_t first, uint32_t channels, intact_depthwise16_word* weights,
                             intact_depthwise16_word* constants);

/* One sweep of FIELDS or PAIRS over the planes of a block: t >> 16 of all outputs of a strip in one row, two
 * neighbours in a word; pairs1: in two rows, words of the upper and the lower row in turn. */
typedef struct intact_depthwise16_sweep {
  const intact_depthwise16_word* data;      /* at 0 */
  intact_depthwise16_word* results;         /* at 4 */
  const intact_depthwise16_word* weights;   /* at 8; FIELDS: from the kernel row of slot 0 on */
  const intact_depthwise16_word* constants; /* at 12 */
  uint32_t channels;                        /* at 16; at least 1 */
  uint32_t bytes; /* at 20; of a plane: FIELDS all, PAIRS those of the outputs' columns */
  uint32_t odd;   /* at 24; FIELDS: nonzero for an odd number of words of results */
} intact_depthwise16_sweep;

void intact_depthwise16_fields1(const intact_depthwise16_sweep* sweep);
void intact_depthwise16_fields2(const intact_depthwise16_sweep* sweep);
void intact_depthwise16_pairs1_even(const intact_depthwise16_sweep* sweep);
void intact_depthwise16_pairs1_odd(const intact_depthwise16_sweep* sweep);
void intact_depthwise16_pairs2_even(const intact_depthwise16_sweep* sweep);
void intact_depthwise16_pairs2_odd(const intact_depthwise16_sweep* sweep);

/* Clamps and packs one row of a sweep's results. */
typedef struct intact_depthwise16_results {
  const intact_depthwise16_word* from;
  uint32_t plane, step; /* words from channel to channel, from pair of outputs to pair */
  uint32_t outputs;     /* at least 1 */
  uint8_t* to;          /* the first output's block */
} intact_depthwise16_results;

void intact_depthwise16_pack(const intact_conv* conv, uint32_t channels,
                             const intact_depthwise16_results* results);

/* acc[x * channels + c], x < outputs, from the planes of one output row. */
typedef struct intact_depthwise16_taps {
  const intact_depthwise16_word *planes, *weights, *constants;
  uint32_t channels, outputs;
  uint32_t plane;          /* words of a channel's plane */
  uint32_t pairs, columns; /* pairs of rows, columns of the window */
  uint32_t step, next;     /* words from output to output, from column to column */
  intact_depthwise16_word* acc;
} intact_depthwise16_taps;

void intact_depthwise16_sum_taps(const intact_depthwise16_taps* taps);

#ifdef __cplusplus
}
#endif

#endif
