/* Sums over many runs of fields of 13 bits, n = 3 (intact_poly_row_reads_many): runs need no carry of their
 * own.
 *
 * Fields 0 and 2 of all runs are added up 26 bits apart, field 4 by itself, and what these leave of the sum
 * of all (modulo 2^64) are fields 1 and 3, likewise apart. Fields 0 and 1 start at P too
 * (poly_row_weights.c), and what the group before adds to them is its spill less its start.
 */
#ifndef INTACT_POLY_ROW_MANY_H
#define INTACT_POLY_ROW_MANY_H

#include <stdint.h>

typedef struct intact_poly_many {
  const void* sums;  /* of a channel in the first tile */
  void* fields;      /* three of each group, 8 bytes apart */
  uint32_t groups;   /* at least 1 */
  uint32_t runs;     /* 2 to 63 */
  uint32_t spill[2]; /* result: of the last group, less its start */
} intact_poly_many;

void intact_poly_read_many(intact_poly_many* many);

#endif
