#include "../intact_kernels.h"

uint32_t intact_dot_w8(const intact_i16* patch, const uint8_t* row, uint32_t count) {
  const int8_t* w = (const int8_t*)row;
  uint32_t acc = 0, i;
  for (i = 0; i < count; ++i) acc += (uint32_t)((int32_t)patch[i] * w[i]);
  return acc;
}
