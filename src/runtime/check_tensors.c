#include "intact_check.h"

static uint32_t storage_for(uint32_t bits) {
  return bits <= 2 ? bits : (bits <= 4 ? 4 : 8);
}

static int range_is(const intact_tensor_record* t, int32_t qmin, int32_t qmax) {
  return t->qmin == qmin && t->qmax == qmax && t->zero_point == 0;
}

/* Kind, bits, storage and range: FORMAT section 4. */
static int grid_is_valid(const intact_tensor_record* t) {
  switch (t->kind) {
    case INTACT_KIND_UNSIGNED:
      return t->bits >= 1 && t->bits <= 8 && t->storage_bits == storage_for(t->bits) && 0 <= t->qmin &&
             t->qmin <= t->zero_point && t->zero_point <= t->qmax && t->qmin < t->qmax &&
             t->qmax <= (int32_t)(1u << t->bits) - 1;
    case INTACT_KIND_SIGNED:
      return t->bits >= 2 && t->bits <= 8 && t->storage_bits == storage_for(t->bits) && t->zero_point == 0 &&
             -(int32_t)(1u << (t->bits - 1)) <= t->qmin && t->qmin <= 0 && 0 <= t->qmax &&
             t->qmin < t->qmax && t->qmax <= (int32_t)(1u << (t->bits - 1)) - 1;
    case INTACT_KIND_BIPOLAR:
      return t->bits == 1 && t->storage_bits == 1 && range_is(t, -1, 1);
    case INTACT_KIND_INT32:
      return t->bits == 32 && t->storage_bits == 32 && range_is(t, INT32_MIN, INT32_MAX);
    default:
      return 0;
  }
}

static int dimension_is_valid(uint32_t n) {
  return n >= 1 && n <= INTACT_MAX_DIMENSION;
}

static intact_status check_tensor(const intact_check* check, const intact_tensor_record* t) {
  /* At most 65,535^2 * 262,140 < 2^50. */
  uint64_t bytes;
  if (!dimension_is_valid(t->height) || !dimension_is_valid(t->width) || !dimension_is_valid(t->channels))
    return INTACT_E_SHAPE;
  if (!grid_is_valid(t)) return INTACT_E_TENSOR;
  bytes = (uint64_t)t->rows * t->width * intact_pixel_bytes(t->channels, t->storage_bits);
  if (bytes > (uint64_t)INT32_MAX || t->bytes != bytes) return INTACT_E_TENSOR;
  if ((t->offset & 15u) || t->offset > check->arena_bytes || t->bytes > check->arena_bytes - t->offset)
    return INTACT_E_ARENA;
  return INTACT_OK;
}

intact_status intact_check_tensors(const intact_check* check) {
  intact_tensor_record t;
  uint32_t i;
  for (i = 0; i < check->tensor_count; ++i) {
    const uint8_t* p = check->tensors + (size_t)i * INTACT_TENSOR_BYTES;
    intact_status status;
    if (p[15] != 0) return INTACT_E_RESERVED;
    intact_read_tensor(check->tensors, i, &t);
    if (intact_load_u32(p + 36) != 0 && t.rows >= t.height) return INTACT_E_TENSOR;
    status = check_tensor(check, &t);
    if (status != INTACT_OK) return status;
  }
  intact_read_tensor(check->tensors, 0, &t);
  if (t.kind != INTACT_KIND_UNSIGNED || t.bits != 8 || t.qmin != 0 || t.qmax != 255) return INTACT_E_TENSOR;
  return INTACT_OK;
}
