/* From accumulators to packed codes: ARITHMETIC sections 3 and 4 for some pixels by some output channels. */
#ifndef INTACT_REQUANTIZE_TILE_H
#define INTACT_REQUANTIZE_TILE_H

#include "../intact_kernels.h"

typedef uint32_t INTACT_MAY_ALIAS intact_accumulator; /* an int32, computed modulo 2^32 */

/* What does not change between the tiles of a layer. Treat as private. */
typedef struct intact_requantizer {
  const intact_conv* conv;
  uint32_t shift;
  uint32_t halves;            /* 1: t >> 16 gives the codes: r = 16, or only the sign counts */
  uint32_t least;             /* in both halfwords */
  uint32_t spare, back, mask; /* in all bytes */
} intact_requantizer;

/* shift: the left shift that the accumulators still lack, k for true accumulators. A kernel that scaled
 * weights or activations by 2^j passes k - j (0 <= j <= k); its accumulators are acc 2^j. 0 for an int32
 * output. */
intact_requantizer intact_make_requantizer(const intact_conv* conv, uint32_t shift);

/* acc[p * stride + i], p < pixels, i < channels: the accumulator of pixel `pixel` + p (counted through the
 * output, y width + x) and output channel `first` + i. Writes their codes, and behind the last channel the
 * pixel's padding. first * storage bits is a multiple of 8; so is channels * storage bits, unless first +
 * channels is the output's channel count. Pixel after pixel, and within a pixel in ascending order, a
 * residual's element is read before its byte is written. */
void intact_requantize_tile(const intact_requantizer* q, const intact_accumulator* acc, uint32_t stride,
                            uint32_t pixel, uint32_t pixels, uint32_t first, uint32_t channels);

#endif
