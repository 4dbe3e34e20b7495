/* Golden vectors, FORMAT section 9. */
#include "intact_blob.h"
#include "intact_codes.h"
#include "intact_crc32.h"
#include "intact_stream.h"

/* The checksum over the values before goes on over those of `t`. */
static uint32_t logical_crc(uint32_t crc, const intact_tensor* t) {
  const uint32_t pixels = t->height * t->width;
  const intact_decoder d = intact_make_decoder(t->kind, t->storage_bits == 32 ? 8 : t->storage_bits, 0);
  uint32_t pixel, c;
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

/* Runs the steps of the node at `step` or of its stream and leaves `step` behind them; *more: there is one.
 * Returns the first of these nodes whose checksum is not the expected one; node_count if all agree. */
static uint32_t run_and_compare(intact_model* m, intact_step* step, int* more, const uint8_t* checksums) {
  const uint32_t first = step->node;
  uint32_t crc[INTACT_STREAM_NODES], last = first, i;
  intact_stream stream;
  if (intact_step_stream(m, step, &stream)) last = stream.last;
  for (i = 0; i <= last - first; ++i) crc[i] = INTACT_CRC32_EMPTY;
  do {
    const intact_tensor made = intact_step_output(m, step);
    i = step->node - first;
    intact_run_step(m, step);
    crc[i] = logical_crc(crc[i], &made);
    *more = intact_next_step(m, step);
  } while (*more && step->node <= last);
  for (i = 0; i <= last - first; ++i) {
    if (crc[i] != intact_load_u32(checksums + (size_t)(first + i) * 4)) return first + i;
  }
  return m->node_count;
}

/* The node that differs; node_count for the final output; node_count + 1 if all agree. */
static uint32_t first_difference(intact_model* m, const uint8_t* vector) {
  const intact_tensor input = intact_input(m), output = intact_output(m);
  const uint8_t* checksums = vector + intact_round_up_4(input.bytes);
  const uint8_t* expected = checksums + (size_t)m->node_count * 4;
  intact_step step;
  uint32_t i;
  int more;
  for (i = 0; i < input.bytes; ++i) input.data[i] = vector[i];
  for (more = intact_first_step(m, &step); more;) {
    const uint32_t node = run_and_compare(m, &step, &more, checksums);
    if (node < m->node_count) return node;
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
