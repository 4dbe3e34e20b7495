#include "intact_check.h"

/* Operation, flags, numbers of inputs, indices and their order. Node i writes tensor i + 1 and reads tensors
 * 0 .. i: so each tensor but the input has one producer, and it comes before all readers. */
static intact_status check_links(const intact_node_record* n, uint32_t index) {
  uint32_t low = 1, high = 1, i;
  if (n->operation < INTACT_OP_CONV || n->operation > INTACT_OP_MAX_POOL) return INTACT_E_NODE;
  if (n->flags & ~(uint32_t)INTACT_FLAG_RESIDUAL) return INTACT_E_NODE;
  if ((n->flags & INTACT_FLAG_RESIDUAL) && n->operation != INTACT_OP_CONV) return INTACT_E_NODE;
  if (n->flags & INTACT_FLAG_RESIDUAL) low = high = 2;
  if (n->operation == INTACT_OP_ADD) high = INTACT_MAX_INPUTS;
  if (n->input_count < low || n->input_count > high) return INTACT_E_NODE;
  if (n->output != index + 1) return INTACT_E_NODE;
  for (i = 0; i < INTACT_MAX_INPUTS; ++i) {
    if (n->inputs[i] > (i < n->input_count ? index : 0)) return INTACT_E_NODE;
  }
  return INTACT_OK;
}

/* An int32 tensor is only the output of the last node, a convolution without residual. Inputs come from
 * earlier nodes, so that none of them is int32. */
static intact_status check_kinds(const intact_checked_node* node, uint32_t is_last) {
  if (node->output.kind == INTACT_KIND_INT32 &&
      (!is_last || node->record.operation != INTACT_OP_CONV || node->record.flags != 0))
    return INTACT_E_NODE;
  return INTACT_OK;
}

static int same_shape(const intact_tensor_record* a, const intact_tensor_record* b) {
  return a->height == b->height && a->width == b->width && a->channels == b->channels;
}

static int same_grid(const intact_tensor_record* a, const intact_tensor_record* b) {
  return a->kind == b->kind && a->bits == b->bits && a->storage_bits == b->storage_bits &&
         a->qmin == b->qmin && a->qmax == b->qmax && a->zero_point == b->zero_point;
}

/* Equal shapes and grids where the operation demands them; the window's arithmetic is intact_check_window's.
 */
static intact_status check_operands(const intact_checked_node* node) {
  const intact_node_record* n = &node->record;
  uint32_t i;
  switch (n->operation) {
    case INTACT_OP_CONV:
      if ((n->flags & INTACT_FLAG_RESIDUAL) && !same_shape(&node->input[1], &node->output))
        return INTACT_E_SHAPE;
      break;
    case INTACT_OP_ADD:
      for (i = 0; i < n->input_count; ++i) {
        if (!same_shape(&node->input[i], &node->output)) return INTACT_E_SHAPE;
      }
      break;
    default:
      if (node->input[0].channels != node->output.channels) return INTACT_E_SHAPE;
      if (n->operation == INTACT_OP_MAX_POOL && !same_grid(&node->input[0], &node->output))
        return INTACT_E_TENSOR;
      break;
  }
  return INTACT_OK;
}

static intact_status check_reserved(const intact_check* check, uint32_t index) {
  const uint8_t* p = check->nodes + (size_t)index * INTACT_NODE_BYTES;
  return intact_all_zero(p + 53, 3) && intact_all_zero(p + 104, 24) ? INTACT_OK : INTACT_E_RESERVED;
}

static intact_status check_node(intact_check* check, uint32_t index, intact_checked_node* node) {
  intact_status status = check_reserved(check, index);
  uint32_t i;
  if (status != INTACT_OK) return status;
  intact_read_node(check->nodes, index, &node->record);
  status = check_links(&node->record, index);
  if (status != INTACT_OK) return status;
  for (i = 0; i < node->record.input_count; ++i)
    intact_read_tensor(check->tensors, node->record.inputs[i], &node->input[i]);
  intact_read_tensor(check->tensors, node->record.output, &node->output);
  node->requantized = node->output.kind != INTACT_KIND_INT32 && node->record.operation != INTACT_OP_MAX_POOL;
  if ((status = check_kinds(node, index + 1 == check->node_count)) != INTACT_OK) return status;
  if ((status = check_operands(node)) != INTACT_OK) return status;
  if ((status = intact_check_window(node)) != INTACT_OK) return status;
  if ((status = intact_check_work(check, node)) != INTACT_OK) return status;
  if ((status = intact_check_params(check, node)) != INTACT_OK) return status;
  return intact_check_memory(check, node);
}

intact_status intact_check_nodes(intact_check* check) {
  intact_checked_node node;
  uint32_t i;
  if (check->tensor_count != check->node_count + 1 || intact_load_u16(check->blob + 48) != 0 ||
      intact_load_u16(check->blob + 50) != check->node_count)
    return INTACT_E_NODE;
  check->work = 0;
  check->macs = 0;
  check->padding_checks_left = check->length;
  for (i = 0; i < check->node_count; ++i) {
    const intact_status status = check_node(check, i, &node);
    if (status != INTACT_OK) return status;
  }
  return intact_load_u64(check->blob + 56) == check->macs ? INTACT_OK : INTACT_E_WORK;
}
