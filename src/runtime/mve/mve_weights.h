/* Packed weights of a block as byte lanes, in the quickest way for their storage. A weight w of 8 or 1 bits
 * becomes the lane w; one of 4 or 2 bits w 2^extra, its code moved to the top of the lane's byte, which needs
 * no sign extension: so do all sums of products, and requantization shifts by as much less. Armv8.1-M with
 * MVE only.
 */
#ifndef INTACT_MVE_WEIGHTS_H
#define INTACT_MVE_WEIGHTS_H

#include "mve_lanes.h"

#ifdef __cplusplus
extern "C" {
#endif

static inline uint32_t intact_weight_extra_bits(const intact_conv* c) {
  return c->weight_storage == 8 || c->weight_storage == 1 ? 0 : 8 - c->weight_storage;
}

/* Both of weights of less than 8 bits; for those of 8, intact_expand_lanes does it. */

/* Runs of at most 16 codes, the lanes behind them zeros; vector_step is not looked at. */
void intact_expand_weights(const intact_conv* c, const intact_lane_runs* runs);

/* Channels in pairs: `runs` are those of the first, the second's lanes stand 16 bytes behind, the next pair's
 * pair_bytes. Four words, start_bytes before a channel's lanes, become `offset` times the sum of its lanes.
 */
typedef struct intact_weight_rows {
  intact_lane_runs runs;
  uint32_t channels, row_bytes;
  uint32_t pair_bytes, start_bytes;
  int32_t offset;
} intact_weight_rows;

void intact_expand_weight_rows(const intact_conv* c, const intact_weight_rows* rows);

#ifdef __cplusplus
}
#endif

#endif
