/* How INTACT_CONV_VECTOR8 lays out its scratch. Portable, since exporters ask for it on a host.
 *
 * Weights stay packed: a vector of 16 bytes of a row holds 16 codes in each of `fields` fields. Against field
 * f of byte i stands the value of tap i fields + f: the values of a window are arranged in planes of 16, of
 * field 0, 1 ... for the first 16 bytes of a row, then for the next.
 */
#ifndef INTACT_PLAN_VECTOR8_H
#define INTACT_PLAN_VECTOR8_H

#include "intact_kernels.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { INTACT_VECTOR8_ROWS = 4 /* that are multiplied at a time */ };

typedef struct intact_vector8_plan {
  uint32_t fields;  /* codes in a byte of weights */
  uint32_t vectors; /* of 16 bytes of a row */
  uint32_t block;   /* output channels at a time */
  /* Offsets in scratch: the window's lanes, the same arranged, as many ones, sums of products, of weights.
   * Ones and sums of weights
   * only where lanes have an offset. */
  uint32_t lanes, values, ones, sums, weight_sums;
} intact_vector8_plan;

/* Whether lanes stand at a distance from values, so that sums of weights are needed: with a zero point, and
 * where signed bytes meet bits, for which they are taken as unsigned. */
uint32_t intact_vector8_has_offset(const intact_conv* conv);

/* The bytes that the plan takes, at most `limit`; INTACT_CANNOT where there is none. */
uint64_t intact_plan_vector8(const intact_conv* conv, uint64_t limit, intact_vector8_plan* plan);

#ifdef __cplusplus
}
#endif

#endif
