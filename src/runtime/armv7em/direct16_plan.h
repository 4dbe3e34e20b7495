/* How the direct kernel lays out its scratch memory and splits a convolution. Portable: exporters ask too. */
#ifndef INTACT_DIRECT16_PLAN_H
#define INTACT_DIRECT16_PLAN_H

#include "../intact_kernels.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Both operands are scaled, weights by 2^weight_shift and values v by 2^input_shift, so that accumulators
 * come out as acc 2^(k - rest) and most need no other shift. They fit halfwords: -2^15 <= w 2^weight_shift <
 * 2^15, |v| 2^input_shift < 2^15.
 */
typedef enum intact_direct16_form {
  INTACT_DIRECT16_PATCH, /* any window: the patches of some pairs of pixels are gathered */
  INTACT_DIRECT16_ROWS,  /* three taps wide, neither stride nor dilation along x: rows slide through memory */
  INTACT_DIRECT16_VECTOR, /* one output pixel: weights are unpacked in registers */
  INTACT_DIRECT16_FORMS
} intact_direct16_form;

typedef struct intact_direct16_plan {
  uint32_t form, finish; /* intact_direct16_form; direct16_tiles.h */
  uint32_t weight_shift, input_shift, rest;
  uint32_t tap_words;    /* pairs of input channels of one tap */
  uint32_t steps;        /* of a tile; vector: words of a row */
  uint32_t tile_bytes;   /* of its weights */
  uint32_t block;        /* output channels whose weights are in memory together */
  uint32_t batch;        /* pairs of pixels that go through the tiles at once */
  uint32_t strip;        /* rows: pairs of pixels across the part of a row that is in memory */
  uint32_t slots;        /* rows: input rows there is memory for, at least kernel_h */
  uint32_t result_bytes; /* of a row in `results` (direct16_tiles.h) */
  /* Offsets in scratch of areas: values (at 0), a pixel of padding, weights, results. All but the last are
   * multiples of 4. */
  uint32_t pad, weights, results;
  uint32_t bytes; /* of all */
} intact_direct16_plan;

/* The packed codes of a group's channels outside the image. At most 65,536 bytes. */
static inline uint32_t intact_direct16_pad_bytes(const intact_conv* c) {
  return (c->group_in * c->input.storage_bits + 31) / 32 * 4;
}

/* Fills in *plan and returns 1, or returns 0 where the kernel does not compute the convolution within `limit`
 * bytes. Reads no memory behind the pointers. */
int intact_direct16_make_plan(const intact_conv* conv, uint64_t limit, intact_direct16_plan* plan);

#ifdef __cplusplus
}
#endif

#endif
