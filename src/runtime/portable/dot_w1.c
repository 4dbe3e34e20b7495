#include "../intact_kernels.h"

/* Bit 1 stands for +1 and bit 0 for -1: the sum is (2 * the patch where the bit is set) - the patch. */
uint32_t intact_dot_w1(const intact_i16* patch, const uint8_t* row, uint32_t count) {
  uint32_t acc = 0, i, j;
  const uint32_t whole = count / 8;
  for (i = 0; i < whole; ++i) {
    const uint32_t byte = row[i];
    for (j = 0; j < 8; ++j)
      acc += (uint32_t)((int32_t)patch[8 * i + j] * ((int32_t)(byte >> j & 1u) * 2 - 1));
  }
  for (i = whole * 8; i < count; ++i)
    acc += (uint32_t)((int32_t)patch[i] * ((int32_t)((uint32_t)row[whole] >> (i & 7u) & 1u) * 2 - 1));
  return acc;
}
