#include "../intact_kernels.h"

/* A code u of 4 bits stands for (u XOR 8) - 8. */
uint32_t intact_dot_w4(const intact_i16* patch, const uint8_t* row, uint32_t count) {
  uint32_t acc = 0, i;
  const uint32_t whole = count / 2;
  for (i = 0; i < whole; ++i) {
    const uint32_t byte = row[i] ^ 0x88u;
    acc += (uint32_t)((int32_t)patch[2 * i] * ((int32_t)(byte & 15u) - 8));
    acc += (uint32_t)((int32_t)patch[2 * i + 1] * ((int32_t)(byte >> 4) - 8));
  }
  if (count & 1u) acc += (uint32_t)((int32_t)patch[count - 1] * ((int32_t)((row[whole] ^ 8u) & 15u) - 8));
  return acc;
}
