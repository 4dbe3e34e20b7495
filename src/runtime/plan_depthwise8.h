/* How INTACT_CONV_DEPTHWISE8 lays out its scratch. Portable, since exporters ask for it on a host. */
#ifndef INTACT_PLAN_DEPTHWISE8_H
#define INTACT_PLAN_DEPTHWISE8_H

#include "intact_kernels.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
  INTACT_DEPTHWISE8_CHANNELS = 16,     /* of a plane */
  INTACT_DEPTHWISE8_COLUMN_BYTES = 64, /* four rows of a column in a plane */
  INTACT_DEPTHWISE8_START_BYTES = 32   /* that a channel's sums start at, before its vectors of weights */
};

typedef struct intact_depthwise8_plan {
  uint32_t square;           /* 3x3, stride 1, dilation 1: tiles of 2x2 outputs; else of 1x4 */
  uint32_t tile_h, tile_w;   /* outputs of a tile */
  uint32_t groups_h, groups; /* groups of 4 rows; vectors of 4x4 taps in all (square: those of 4 outputs) */
  uint32_t block, planes;    /* channels at a time; planes of 16 that they are in */
  uint32_t outputs;          /* columns of a strip, a multiple of 4 */
  uint32_t columns;          /* padded input columns that it reads */
  uint32_t lines;            /* that are held */
  /* Offsets in scratch. */
  uint32_t held, interleaved, weights, table, taps, sums;
} intact_depthwise8_plan;

/* The bytes that the plan takes, at most `limit`; INTACT_CANNOT where there is none. */
uint64_t intact_plan_depthwise8(const intact_conv* conv, uint64_t limit, intact_depthwise8_plan* plan);

#ifdef __cplusplus
}
#endif

#endif
