/* What average and maximum pooling share: the walk over windows, and codes by words.
 *
 * A word of packed codes, u = pattern XOR flip, is taken apart into its even and its odd codes: fields of
 * twice the storage bits, each with a code in its lower half. Sums and comparisons then go on in all fields
 * at once.
 */
#ifndef INTACT_POOL_WINDOWS_H
#define INTACT_POOL_WINDOWS_H

#include "../intact_kernels.h"

/* The positions of one window inside the image. */
typedef struct intact_pool_window {
  const uint8_t* from; /* the first position's pixel */
  uint32_t rows, columns;
  uint32_t row_step; /* bytes */
} intact_pool_window;

/* Calls `reduce` for each output pixel in ascending order. */
void intact_pool_windows(const intact_pool* pool,
                         void (*reduce)(const intact_pool* pool, const intact_pool_window* window,
                                        uint32_t pixel));

/* The `count` bytes at p, 1 to 4, the first lowest. */
static inline uint32_t intact_load_bytes(const uint8_t* p, uint32_t count) {
  uint32_t x = p[0];
  if (count == 4) return intact_load_u32(p);
  if (count > 1) x |= (uint32_t)p[1] << 8;
  if (count > 2) x |= (uint32_t)p[2] << 16;
  return x;
}

/* 1 in each field of `bits` bits, 2 to 16. */
static inline uint32_t intact_pool_ones(uint32_t bits) {
  return 0xffffffffu / ((1u << bits) - 1u);
}

#endif
