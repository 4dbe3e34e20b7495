/* Inner loop of INTACT_CONV_VECTOR8: rows of packed weights against values arranged as in plan_vector8.h.
 * Armv8.1-M with MVE only.
 */
#ifndef INTACT_MVE_VECTOR8_H
#define INTACT_MVE_VECTOR8_H

#include "../plan_vector8.h"
#include "mve_quantize.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Kind of a job: twice the logarithm of the fields in a byte, 1 more where values are unsigned; or signed
 * values with fields of 2 bits as those of 1 bit are multiplied. */
enum { INTACT_VECTOR8_UNSIGNED = 1, INTACT_VECTOR8_CRUMBS_WITH_ABOVE = 8 };

typedef struct intact_vector8_job {
  const uint8_t* rows;  /* 0 */
  const int8_t* values; /* 4 */
  intact_i32* sums;     /* 8 */
  uint32_t step;        /* 12: bytes from a row to the next */
  uint32_t bytes;       /* 16: of a row */
  uint32_t kind;        /* 20 */
  uint32_t groups;      /* 24: of INTACT_VECTOR8_ROWS rows */
  uint32_t skip;        /* 28: from the last vector's end of a group's last row to the next group */
  uint32_t flip; /* 32: the words' fields' top bits, for the unsigned kinds but of bits; with above all but
                    the top */
  uint32_t mask; /* 36: of a byte's lowest field; for signed fields of 4 and 2 bits of the top one */
} intact_vector8_job;

/* sums[i] = sum of values times fields of row i. With unsigned values, fields are the unsigned ones of the
 * flipped row, or bits. With signed values, fields are signed, those of 4 and 2 bits count 2^4 and 2^6 times,
 * and in the place of bit j stands byte >> j, the byte signed; with above, in that of the flipped row's field
 * j byte >> 2 j. Reads `bytes` of a row and as many values of each plane. */
void intact_vector8_rows(const intact_vector8_job* job);

#ifdef __cplusplus
}
#endif

#endif
