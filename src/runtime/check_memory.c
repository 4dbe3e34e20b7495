/* Scratch and overlaps, FORMAT section 5. */
#include "intact_check.h"

static intact_status check_scratch(const intact_check* check, const intact_checked_node* node) {
  const intact_node_record* n = &node->record;
  uint64_t least;
  uint32_t i;
  if (n->operation != INTACT_OP_CONV)
    return n->scratch == 0 && n->scratch_bytes == 0 ? INTACT_OK : INTACT_E_ARENA;
  least = (uint64_t)n->window.kernel_h * n->window.kernel_w * (node->input[0].channels / n->groups) * 2;
  least = (least + 15u) & ~(uint64_t)15u;
  if (n->scratch_bytes < least || (n->scratch & 15u) || n->scratch > check->arena_bytes ||
      n->scratch_bytes > check->arena_bytes - n->scratch)
    return INTACT_E_ARENA;
  if (intact_ranges_meet(n->scratch, n->scratch_bytes, node->output.offset, node->output.bytes))
    return INTACT_E_OVERLAP;
  for (i = 0; i < n->input_count; ++i) {
    if (intact_ranges_meet(n->scratch, n->scratch_bytes, node->input[i].offset, node->input[i].bytes))
      return INTACT_E_OVERLAP;
  }
  return INTACT_OK;
}

/* The output may take the place of an add's operand or of a residual, if no element is written before it is
 * read. */
static int may_be_in_place(const intact_checked_node* node, uint32_t input) {
  const intact_tensor_record *x = &node->input[input], *y = &node->output;
  const uint32_t elementwise = node->record.operation == INTACT_OP_ADD || input == 1;
  return elementwise && x->offset == y->offset && y->storage_bits <= x->storage_bits &&
         intact_pixel_bytes(y->channels, y->storage_bits) <= intact_pixel_bytes(x->channels, x->storage_bits);
}

intact_status intact_check_memory(const intact_check* check, const intact_checked_node* node) {
  const intact_status status = check_scratch(check, node);
  uint32_t i;
  if (status != INTACT_OK) return status;
  for (i = 0; i < node->record.input_count; ++i) {
    if (intact_ranges_meet(node->input[i].offset, node->input[i].bytes, node->output.offset,
                           node->output.bytes) &&
        !may_be_in_place(node, i))
      return INTACT_E_OVERLAP;
  }
  return INTACT_OK;
}
