/* How INTACT_CONV_PATTERN lays out its scratch. Portable, since exporters ask for it on a host. */
#ifndef INTACT_PLAN_PATTERN_H
#define INTACT_PLAN_PATTERN_H

#include "intact_kernels.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Positions are counted over the padded columns of a strip, row after row (`pitch` apart). A table gives for
 * two positions in a byte, `distance` apart, how many of 4 input bits equal one of the 16 patterns of 4
 * weights. The outputs of a band are those at positions 0 .. half - 1 and as many from `distance` on: all of
 * them follow each other (distance = half), or there are two rows (distance = pitch). */
enum {
  INTACT_PATTERN_HALF = 32,    /* most positions that follow each other in a table's bytes */
  INTACT_PATTERN_UNROLL = 6,   /* lookups at a time */
  INTACT_PATTERN_SEGMENT = 60, /* lookups whose sum fits a byte: of at most 4 each */
  INTACT_PATTERN_TILES = 8,    /* of 4 outputs that are requantized together */
  INTACT_PATTERN_ZERO_BYTES = 80
};

typedef struct intact_pattern_plan {
  uint32_t outputs, rows;   /* of a band: columns, rows */
  uint32_t pitch;           /* padded columns that it reads: positions from row to row */
  uint32_t half, distance;  /* 16 or 32; see above */
  uint32_t entry;           /* bytes of a table entry: positions, a multiple of 16 */
  uint32_t bytes, groups;   /* of a pixel's channels; of 4 channels */
  uint32_t lookups, padded; /* of an output channel; rounded up */
  uint32_t segments;
  uint32_t block;   /* output channels at a time */
  uint32_t by_sign; /* codes of 1 bit straight from the counts by thresholds */
  uint64_t work;    /* estimated instructions */
  /* Offsets in scratch. */
  uint32_t raw, table, zero, bases, patterns, lists, counts, constants, betas, sums;
} intact_pattern_plan;

/* The bytes that the plan takes, at most `limit`; INTACT_CANNOT where there is none. */
uint64_t intact_plan_pattern(const intact_conv* conv, uint64_t limit, intact_pattern_plan* plan);

#ifdef __cplusplus
}
#endif

#endif
