/* Codes as signed bytes, the lanes of VMLADAV: a centred value is v = lane + offset, where the offset is one
 * constant of the tensor and so leaves the sum over the taps as offset * sum(w), a constant of the channel.
 *   signed:            lane = q            offset = 0 (z = 0)
 *   bipolar:           lane = q, -1 or 1   offset = 0
 *   unsigned, 8 bits:  lane = q - 128      offset = 128 - z   (the byte XOR 0x80)
 *   unsigned, fewer:   lane = q            offset = -z
 * Armv8.1-M with MVE only.
 */
#ifndef INTACT_MVE_LANES_H
#define INTACT_MVE_LANES_H

#include "../intact_kernels.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct intact_lanes {
  uint32_t storage; /* 1, 2, 4, 8 */
  uint32_t kind;
  int32_t offset;
} intact_lanes;

intact_lanes intact_input_lanes(const intact_tensor* input);
intact_lanes intact_weight_lanes(const intact_conv* c);

/* Runs of packed codes and the lanes that they become; all in bytes but the counts. */
typedef struct intact_lane_runs {
  const uint8_t* from;
  uint32_t from_step; /* to the next run */
  uint32_t runs;
  uint32_t count; /* codes of a run */
  int8_t* to;
  uint32_t to_step;     /* to the next run */
  uint32_t vector_step; /* to the next 16 lanes of a run */
} intact_lane_runs;

/* Expands the runs in ascending order. Each run is written in whole vectors of 16 lanes, those past its count
 * as zeros; no byte is read that holds none of its codes. */
void intact_expand_lanes(const intact_lanes* lanes, const intact_lane_runs* runs);

/* Writes exactly `count` lanes. */
void intact_fill_lanes(int8_t* to, uint32_t count, int32_t lane);

/* Copies `count` lanes in ascending order, rounded up to whole vectors of 16. */
void intact_copy_lanes(int8_t* to, const int8_t* from, uint32_t count);

/* Sum of `vectors` vectors of 16 lanes that lie `step` bytes apart. */
int32_t intact_sum_lanes(const int8_t* from, uint32_t vectors, uint32_t step);

#ifdef __cplusplus
}
#endif

#endif
