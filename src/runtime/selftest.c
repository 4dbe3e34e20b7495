/* Golden vectors, FORMAT section 9. */
#include "intact_blob.h"
#include "intact_codes.h"
#include "intact_crc32.h"

static uint32_t logical_crc(const intact_tensor* t) {
  const uint32_t pixels = t->height * t->width;
  const intact_decoder d = intact_make_decoder(t->kind, t->storage_bits == 32 ? 8 : t->storage_bits, 0);
  uint32_t crc = INTACT_CRC32_EMPTY, pixel, c;
  for (pixel = 0; pixel < pixels; ++pixel) {
    const uint8_t* run = t->data + (size_t)pixel * t->pixel_bytes;
    if (t->storage_bits == 32) { /* already int32, little-endian */
      crc = intact_crc32(crc, run, t->pixel_bytes);
      continue;
    }
    for (c = 0; c < t->channels; ++c) {
      uint8_t bytes[4];
      intact_store_u32(bytes, (uint32_t)intact_decode_at(&d, run, c));
      crc = intact_crc32(crc, bytes, sizeof bytes);
    }
  }
  return crc;
}

/* The node that differs; node_count for the final output; node_count + 1 if all agree. */
static uint32_t first_difference(intact_model* m, const uint8_t* vector) {
  const intact_tensor input = intact_input(m), output = intact_output(m);
  const uint8_t* checksums = vector + intact_round_up_4(input.bytes);
  const uint8_t* expected = checksums + (size_t)m->node_count * 4;
  uint32_t i;
  for (i = 0; i < input.bytes; ++i) input.data[i] = vector[i];
  for (i = 0; i < m->node_count; ++i) {
    const intact_tensor made = intact_tensor_at(m, i + 1);
    intact_run_node(m, i);
    if (logical_crc(&made) != intact_load_u32(checksums + (size_t)i * 4)) return i;
  }
  for (i = 0; i < output.bytes; ++i) {
    if (output.data[i] != expected[i]) return m->node_count;
  }
  return m->node_count + 1;
}

intact_status intact_selftest(intact_model* m, intact_mismatch* first) {
  const uint8_t* vector;
  size_t vector_bytes;
  uint32_t v;
  if (!m) return INTACT_E_ARGUMENT;
  if (!m->golden) return INTACT_E_GOLDEN;
  vector = m->golden;
  vector_bytes = (size_t)intact_round_up_4(intact_input(m).bytes) + (size_t)m->node_count * 4 +
                 intact_round_up_4(intact_output(m).bytes);
  for (v = 0; v < m->golden_count; ++v, vector += vector_bytes) {
    const uint32_t node = first_difference(m, vector);
    if (node <= m->node_count) {
      if (first) {
        first->vector = v;
        first->node = node;
      }
      return INTACT_E_MISMATCH;
    }
  }
  return INTACT_OK;
}
