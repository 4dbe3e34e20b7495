/* Inner loops of INTACT_CONV_PATTERN (plan_pattern.h). Armv8.1-M with MVE only. */
#ifndef INTACT_MVE_PATTERN_H
#define INTACT_MVE_PATTERN_H

#include "../intact_kernels.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef uint32_t INTACT_MAY_ALIAS intact_u32; /* element of an array in scratch memory */

/* raw: of each position the byte of 8 channels; `distance` more positions are read than written. The tables
 * of both groups of 4 channels (the second: if `both`), 16 entries of `entry` bytes each: entry p holds at
 * position i how many of the bits equal those of p, of position i in the low half of the byte, of i +
 * distance in the high. */
void intact_pattern_tables(const uint8_t* raw, uint32_t distance, uint32_t entry, uint32_t both,
                           uint8_t* table);

/* For each channel its addresses of table entries follow each other; count[position] = sum of what they give
 * over the channel's first `sixes` times six. */
typedef struct intact_pattern_job {
  const intact_u32* list; /* 0; consumed */
  uint32_t sixes;         /* 4: at most 10 */
  uint32_t channels;      /* 8; consumed */
  uint8_t* counts;        /* 12: 32 (_one) or 64 bytes of a channel; consumed */
  uint32_t list_step;     /* 16: bytes from a channel's last address to the next's first */
} intact_pattern_job;

/* The counts of 16 or of 32 positions, then of those at the distance. */
void intact_pattern_one(intact_pattern_job* job);
void intact_pattern_two(intact_pattern_job* job);

#ifdef __cplusplus
}
#endif

#endif
