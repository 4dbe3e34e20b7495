/* A bound model's tensors. */
#include "intact_blob.h"
#include "intact_codes.h"

intact_tensor intact_input(const intact_model* m) {
  return intact_tensor_at(m, m->input);
}

intact_tensor intact_output(const intact_model* m) {
  return intact_tensor_at(m, m->output);
}

intact_status intact_get_tensor(const intact_model* m, uint32_t index, intact_tensor* out) {
  if (!m || !out || index >= m->tensor_count) return INTACT_E_ARGUMENT;
  *out = intact_tensor_at(m, index);
  return INTACT_OK;
}

intact_status intact_node_output(const intact_model* m, uint32_t index, intact_tensor* out) {
  if (!m || !out || index >= m->node_count) return INTACT_E_ARGUMENT;
  *out = intact_tensor_at(m, index + 1); /* FORMAT section 5: node i writes tensor i + 1 */
  return INTACT_OK;
}

int32_t intact_value(const intact_tensor* t, uint32_t y, uint32_t x, uint32_t c) {
  const uint8_t* pixel = t->data + ((size_t)y * t->width + x) * t->pixel_bytes;
  intact_decoder d;
  if (t->storage_bits == 32) return intact_load_i32(pixel + (size_t)c * 4);
  d = intact_make_decoder(t->kind, t->storage_bits, 0);
  return intact_decode_at(&d, pixel, c);
}

uint32_t intact_argmax(const intact_model* m) {
  const intact_tensor output = intact_output(m);
  int32_t best = intact_value(&output, 0, 0, 0);
  uint32_t best_index = 0, c;
  for (c = 1; c < output.channels; ++c) {
    const int32_t value = intact_value(&output, 0, 0, c);
    if (value > best) {
      best = value;
      best_index = c;
    }
  }
  return best_index;
}
