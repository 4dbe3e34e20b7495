/* Codes of 4 bits of two channels with a residual of as many bits, as poly_row_finish.c defines them. */
#ifndef INTACT_POLY_ROW_RESIDUAL_H
#define INTACT_POLY_ROW_RESIDUAL_H

#include <stdint.h>

typedef struct intact_poly_residual {
  const void* fields;          /* pairs of words, one for each pixel */
  uint8_t* to_end;             /* behind the last pixel's byte, one step further */
  const uint8_t* residual_end; /* likewise */
  uint32_t offset;             /* of the first pixel's: -pixels step */
  uint32_t scale, start[2], m[2], m_res, b[2];
  uint32_t step; /* from pixel to pixel, of both */
} intact_poly_residual;

/* At least one pixel; codes of residuals as they are stored. */
void intact_poly_add_residual(const intact_poly_residual* residual);

#endif
