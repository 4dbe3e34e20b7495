#include "../intact_kernels.h"

/* A code u of 2 bits stands for (u XOR 2) - 2. */
uint32_t intact_dot_w2(const intact_i16* patch, const uint8_t* row, uint32_t count) {
  uint32_t acc = 0, i;
  const uint32_t whole = count / 4;
  for (i = 0; i < whole; ++i) {
    const uint32_t byte = row[i] ^ 0xaau;
    acc += (uint32_t)((int32_t)patch[4 * i] * ((int32_t)(byte & 3u) - 2));
    acc += (uint32_t)((int32_t)patch[4 * i + 1] * ((int32_t)(byte >> 2 & 3u) - 2));
    acc += (uint32_t)((int32_t)patch[4 * i + 2] * ((int32_t)(byte >> 4 & 3u) - 2));
    acc += (uint32_t)((int32_t)patch[4 * i + 3] * ((int32_t)(byte >> 6) - 2));
  }
  for (i = whole * 4; i < count; ++i)
    acc += (uint32_t)((int32_t)patch[i] * ((int32_t)((row[whole] ^ 0xaau) >> (2 * (i & 3u)) & 3u) - 2));
  return acc;
}
