/* How INTACT_CONV_DIRECT8 lays out its scratch. Portable, since exporters ask for it on a host. */
#ifndef INTACT_PLAN_DIRECT8_H
#define INTACT_PLAN_DIRECT8_H

#include "intact_kernels.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Where the 4 pixels of a tile find their taps. */
enum {
  INTACT_DIRECT8_POINTS, /* 1x1, stride 1, no padding: in the expanded pixels themselves */
  INTACT_DIRECT8_ROWS,   /* 3x3, stride 1, channels a multiple of 16: in three expanded lines */
  INTACT_DIRECT8_PATCHES /* any other: in a patch of K taps that is copied from the lines */
};

/* Bytes of a pair of output channels in scratch: the sums that its accumulators start at (one word for each
 * of 2 x 4), then the weights in vectors of 16 that alternate between the two. */
enum { INTACT_DIRECT8_START_BYTES = 32, INTACT_DIRECT8_STEP_BYTES = 32 };

typedef struct intact_direct8_plan {
  uint32_t mode;
  uint32_t steps;       /* vectors of 16 weights of one output channel */
  uint32_t block;       /* output channels at a time */
  uint32_t tiles;       /* of 4 pixels at a time */
  uint32_t line_pixels; /* pixels of an expanded line, padding included */
  uint32_t line_bytes;  /* rows: of all planes of 16 channels */
  uint32_t lines;       /* that are held */
  uint32_t patch_bytes; /* from a patch to the next */
  /* Offsets in scratch. */
  uint32_t weights, table, sums, expanded, patches;
} intact_direct8_plan;

/* The bytes that the plan takes, at most `limit`; INTACT_CANNOT where there is none. */
uint64_t intact_plan_direct8(const intact_conv* conv, uint64_t limit, intact_direct8_plan* plan);

#ifdef __cplusplus
}
#endif

#endif
