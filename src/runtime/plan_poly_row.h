/* How INTACT_CONV_POLY_ROW packs codes into words and lays out its scratch. Portable, since exporters ask for
 * it on a host.
 *
 * A row of codes u (patterns with the decoder's flip applied: v = (u << shift) + offset, 0 <= u < 2^storage)
 * and a row of three weights are polynomials; one 32 x 32 -> 64 bit multiplication multiplies n codes,
 * `field` bits apart, with them. Field j of the 64-bit sum over kernel rows and input channels collects one
 * output pixel; the spill beyond field n - 1 belongs to the next n codes, a group, and is carried there.
 *   stride 1: A = sum of u[x + i] 2^(field i), W = w2 + w1 2^field + w0 2^(2 field): field j belongs to the
 *   window that ends at x + j.
 *   stride 2: the codes where windows end, E = sum of u[x + 2i] 2^(field i) by w2 + w0 2^field, and those
 *   before them, D = sum of u[x - 1 + 2i] 2^(field i) by w1. Field j: the window that ends at x + 2j.
 */
#ifndef INTACT_PLAN_POLY_ROW_H
#define INTACT_PLAN_POLY_ROW_H

#include "intact_kernels.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The parameter of FORMAT section 11: bits 0-3 n, bits 4-8 the field's width, bits 9-15 the number of runs. A
 * run is a part of the sum between two read-outs: L = ceil(steps / runs) steps, a step being one word of
 * weights, in the order kernel row, input channel, (stride 2) E before D. The promise, for each output
 * channel and each run, with a the largest u of the input's grid and P, N the sums of the positive weights
 * and of the negative ones' magnitudes: a N <= 2^(field - 1), a P < 2^(field - 1), the same for the w0
 * (stride 1) alone with the `top_bits` of field n + 1 in place of field, and all W fit an int32.
 */
typedef struct intact_poly_fields {
  uint32_t n, field, runs;
} intact_poly_fields;

static inline intact_poly_fields intact_poly_fields_of(uint32_t parameter) {
  intact_poly_fields f;
  f.n = parameter & 15u;
  f.field = parameter >> 4 & 31u;
  f.runs = parameter >> 9 & 127u;
  return f;
}

enum { INTACT_POLY_MOST_RUNS = 127 };

/* The bit at which field 0 begins. Weights are multiplied by 2^place, so that with n = 4 and fields of 10
 * bits three lie in the lower word and three in the upper one. */
static inline uint32_t intact_poly_place(uint32_t n) {
  return n == 4 ? 2 : 0;
}

/* Bits of field n + 1 that are in the 64, at most `field`. */
static inline uint32_t intact_poly_top_bits(uint32_t n, uint32_t field) {
  const uint32_t rest = 64 - (n + 1) * field;
  return rest < field ? rest : field;
}

/* Bytes of a run's head, and of its results in a tile (armv7em/poly_tiles.h); of a channel's thresholds. */
enum { INTACT_POLY_HEAD_BYTES = 44, INTACT_POLY_RESULT_BYTES = 32, INTACT_POLY_THRESHOLD_BYTES = 24 };

typedef struct intact_poly_row_plan {
  intact_poly_fields fields;
  uint32_t flip;       /* 2^31 where the words' last code reaches bit 31, else 0 */
  uint32_t row_steps;  /* of one kernel row */
  uint32_t steps;      /* of all */
  uint32_t run_steps;  /* L */
  uint32_t pad_code;   /* u outside the image */
  uint32_t strip;      /* output columns at a time */
  uint32_t pairs;      /* of groups across a strip */
  uint32_t line_bytes; /* of one input row in a pair of groups */
  uint32_t slots;      /* input rows that there is memory for */
  uint32_t keep;       /* 1: that is all of them, and they are expanded once for all blocks */
  uint32_t block;      /* output channels whose weights are in memory together, even */
  uint32_t pair_bytes; /* weights of a pair of output channels */
  uint32_t direct;     /* 1: codes come straight from fields; 0: through `sums` */
  uint32_t thresholds; /* of a code, if it may be read off the fields (armv7em/poly_row_thresholds.c), or 0 */
  uint32_t sums_stride; /* channels of a pixel in `sums` */
  /* Offsets in scratch. */
  uint32_t lines, results, fields_at, sums, constants, thresholds_at, padding;
} intact_poly_row_plan;

/* The columns of a strip: output columns first .. first + count - 1. */
typedef struct intact_poly_span {
  int32_t x;       /* of group 0's first code */
  uint32_t groups; /* of n codes */
  uint32_t lead;   /* field of the first output column */
} intact_poly_span;

/* Whether weights become words without being decoded one by one (armv7em/poly_row_words.c). */
static inline int intact_poly_masked_weights(const intact_conv* c, uint32_t n) {
  return c->weight_storage < 8 && n > 2 &&
         (c->weight_layout == INTACT_LAYOUT_WORD_TAPS || c->group_in * c->weight_storage % 8 == 0);
}

/* Input rows, with those of the padding. */
static inline uint64_t intact_poly_rows(const intact_conv* c) {
  return (uint64_t)(c->output.height - 1) * c->window.stride_h + c->window.kernel_h;
}

/* Codes of zero at the edges count for nothing and are left out. */
intact_poly_span intact_poly_span_of(const intact_conv* conv, const intact_poly_row_plan* plan,
                                     uint32_t first, uint32_t count);

/* The bytes that the plan takes, at most `limit`; INTACT_CANNOT where there is none. */
uint64_t intact_plan_poly_row(const intact_conv* conv, uint64_t limit, intact_poly_row_plan* plan);

#ifdef __cplusplus
}
#endif

#endif
