#include "intact_check.h"

intact_status intact_check_header(intact_check* check, const void* blob, size_t len) {
  static const uint8_t magic[4] = {'I', 'N', 'T', 'B'};
  const uint8_t* p = (const uint8_t*)blob;
  uint32_t i;
  if (!p) return INTACT_E_ARGUMENT;
  if ((uintptr_t)blob & 15u) return INTACT_E_ALIGNMENT;
  if (len < INTACT_HEADER_BYTES) return INTACT_E_TRUNCATED;
  for (i = 0; i < 4; ++i) {
    if (p[i] != magic[i]) return INTACT_E_MAGIC;
  }
  if (intact_load_u16(p + 4) != 1) return INTACT_E_VERSION;
  check->blob = p;
  check->length = intact_load_u32(p + 8);
  if (check->length < INTACT_HEADER_BYTES || check->length > len) return INTACT_E_TRUNCATED;
  check->features = intact_load_u32(p + 16);
  if (check->features & ~(uint32_t)INTACT_FEATURE_STREAMS) return INTACT_E_FEATURE;
  check->arena_bytes = intact_load_u32(p + 20);
  if (check->arena_bytes & 15u) return INTACT_E_ARENA;
  if (intact_load_u32(p + 28) != 0 || intact_load_u32(p + 52) != 0) return INTACT_E_RESERVED;
  return INTACT_OK;
}
