/* Weights, multipliers, biases, k, r, pad_code and m_res. */
#include "intact_check.h"

/* An array in PARAMS of `bytes` at `offset`. */
static int array_is_inside(const intact_check* check, uint32_t offset, uint64_t bytes) {
  return (offset & 15u) == 0 && offset <= check->params_bytes && bytes <= check->params_bytes - offset;
}

/* The last byte of each dense row. */
static intact_status check_dense_padding(intact_check* check, const uint8_t* weights, uint32_t rows,
                                         uint32_t row_bytes, uint32_t used_bits) {
  uint32_t i;
  if (used_bits == 0) return INTACT_OK;
  if (rows > check->padding_checks_left) return INTACT_E_PARAMS;
  check->padding_checks_left -= rows;
  for (i = 0; i < rows; ++i) {
    weights += row_bytes;
    if ((uint32_t)weights[-1] >> used_bits) return INTACT_E_PADDING_BITS;
  }
  return INTACT_OK;
}

/* The last word of each tap; taps: positions of all rows together. */
static intact_status check_word_padding(intact_check* check, const uint8_t* weights, uint32_t taps,
                                        uint32_t tap_bytes, uint32_t used_bits) {
  uint32_t i;
  if (used_bits == 0) return INTACT_OK;
  if (taps > check->padding_checks_left) return INTACT_E_PARAMS;
  check->padding_checks_left -= taps;
  for (i = 0; i < taps; ++i) {
    weights += tap_bytes;
    if (intact_load_u32(weights - 4) >> used_bits) return INTACT_E_PADDING_BITS;
  }
  return INTACT_OK;
}

static int weight_type_is_valid(const intact_node_record* n) {
  const uint32_t bits = n->weight_bits, storage = n->weight_storage;
  if (n->weight_kind == INTACT_KIND_BIPOLAR)
    return storage == 1 && bits == 1 && n->weight_layout <= INTACT_LAYOUT_WORD_TAPS;
  if (n->weight_kind != INTACT_KIND_SIGNED || n->weight_layout != INTACT_LAYOUT_DENSE_ROWS) return 0;
  return (storage == 2 && bits == 2) || (storage == 4 && bits >= 3 && bits <= 4) ||
         (storage == 8 && bits >= 5 && bits <= 8);
}

static intact_status check_weights(intact_check* check, const intact_checked_node* node) {
  const intact_node_record* n = &node->record;
  const uint32_t group_in = node->input[0].channels / n->groups, rows = node->output.channels;
  const uint32_t positions_h = n->window.kernel_h, positions_w = n->window.kernel_w;
  const uint64_t positions = (uint64_t)positions_h * positions_w;
  uint64_t row_bytes; /* positions < 2^32, group_in < 2^16: no wrap */
  if (!weight_type_is_valid(n)) return INTACT_E_PARAMS;
  row_bytes = intact_weight_row_bytes(positions, group_in, n->weight_storage, n->weight_layout);
  /* row_bytes <= check->params_bytes < 2^32 keeps the product with rows below 2^48. */
  if (row_bytes > check->params_bytes || rows * row_bytes != n->weight_bytes ||
      !array_is_inside(check, n->weights, n->weight_bytes))
    return INTACT_E_PARAMS;
  if (n->weight_layout == INTACT_LAYOUT_WORD_TAPS)
    return check_word_padding(check, check->params + n->weights, rows * (uint32_t)positions,
                              4 * ((group_in + 31) / 32), group_in & 31u);
  return check_dense_padding(check, check->params + n->weights, rows, (uint32_t)row_bytes,
                             (uint32_t)(positions * group_in * n->weight_storage & 7u));
}

static int has_no_weights(const intact_node_record* n) {
  return (n->weight_kind | n->weight_storage | n->weight_layout) == 0 && n->weights == 0 &&
         n->weight_bytes == 0 && n->weight_bits == 0;
}

static intact_status check_ranges(const intact_checked_node* node) {
  const intact_node_record* n = &node->record;
  const intact_tensor_record* x = &node->input[0];
  const uint32_t has_k = node->requantized && n->operation != INTACT_OP_ADD;
  const uint32_t r_max = n->operation == INTACT_OP_ADD ? 15 : 16;
  if (n->k > (has_k ? 30u : 0u)) return INTACT_E_RANGE;
  if (node->requantized ? n->r < 1 || n->r > r_max : n->r != 0) return INTACT_E_RANGE;
  switch (n->operation) {
    case INTACT_OP_CONV:
      if (n->pad_code < x->qmin || n->pad_code > x->qmax) return INTACT_E_RANGE;
      if (x->kind == INTACT_KIND_BIPOLAR && n->pad_code == 0) return INTACT_E_RANGE;
      break;
    case INTACT_OP_AVG_POOL:
      if (n->pad_code != x->zero_point) return INTACT_E_RANGE;
      break;
    default:
      if (n->pad_code != 0) return INTACT_E_RANGE;
      break;
  }
  if (n->m_res != 0 && !(n->flags & INTACT_FLAG_RESIDUAL)) return INTACT_E_RANGE;
  return INTACT_OK;
}

/* Multipliers and biases. */
static intact_status check_scales(const intact_check* check, const intact_checked_node* node) {
  const intact_node_record* n = &node->record;
  const uint32_t is_conv = n->operation == INTACT_OP_CONV, is_add = n->operation == INTACT_OP_ADD;
  uint32_t multipliers = is_conv ? node->output.channels : 1, biases = multipliers, i;
  if (is_add) multipliers = n->input_count;
  if (n->operation == INTACT_OP_MAX_POOL) biases = 0;
  if (!node->requantized) multipliers = 0;
  if (multipliers ? !array_is_inside(check, n->multipliers, (uint64_t)multipliers * 4) : n->multipliers != 0)
    return INTACT_E_PARAMS;
  if (biases ? !array_is_inside(check, n->biases, (uint64_t)biases * 4) : n->biases != 0)
    return INTACT_E_PARAMS;
  for (i = 0; is_add && i < multipliers; ++i) {
    const int32_t m = intact_load_i32(check->params + n->multipliers + (size_t)i * 4);
    if (m < INT16_MIN || m > INT16_MAX) return INTACT_E_RANGE;
  }
  return INTACT_OK;
}

intact_status intact_check_params(intact_check* check, const intact_checked_node* node) {
  intact_status status = check_ranges(node);
  if (status != INTACT_OK) return status;
  if (node->record.operation == INTACT_OP_CONV)
    status = check_weights(check, node);
  else if (!has_no_weights(&node->record))
    status = INTACT_E_PARAMS;
  return status == INTACT_OK ? check_scales(check, node) : status;
}
