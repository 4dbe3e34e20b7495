/* Binds a node's operands and calls its kernel. */
#include "intact_kernels.h"

static intact_decoder centred(const intact_tensor* t) {
  return intact_make_decoder(t->kind, t->storage_bits, t->zero_point);
}

static intact_round rounding(const intact_node_record* node, const intact_tensor* output) {
  intact_round round;
  round.r = node->r;
  round.qmin = output->qmin;
  round.qmax = output->qmax;
  round.bipolar = output->kind == INTACT_KIND_BIPOLAR;
  return round;
}

static void bind_conv(const intact_model* m, uint32_t index, const intact_node_record* node, intact_conv* c) {
  c->input = intact_tensor_at(m, node->inputs[0]);
  c->output = intact_tensor_at(m, node->output);
  c->has_residual = node->flags & INTACT_FLAG_RESIDUAL;
  c->residual = intact_tensor_at(m, node->inputs[c->has_residual ? 1 : 0]);
  c->residual_apart = c->residual.data != c->output.data; /* init allows no other overlap */
  c->window = node->window;
  c->decode_input = centred(&c->input);
  c->decode_residual = centred(&c->residual);
  c->groups = node->groups;
  c->group_in = c->input.channels / node->groups;
  c->group_out = c->output.channels / node->groups;
  c->taps = c->window.kernel_h * c->window.kernel_w * c->group_in;
  c->weight_kind = node->weight_kind;
  c->weight_storage = node->weight_storage;
  c->weight_layout = node->weight_layout;
  c->row_bytes = (uint32_t)intact_weight_row_bytes((uint64_t)c->window.kernel_h * c->window.kernel_w,
                                                   c->group_in, c->weight_storage, c->weight_layout);
  c->weights = m->params + node->weights;
  c->multipliers = m->params + node->multipliers;
  c->biases = m->params + node->biases;
  c->k = node->k;
  c->m_res = node->m_res;
  c->pad_value = node->pad_code - c->input.zero_point;
  c->round = rounding(node, &c->output);
  c->scratch = m->arena + node->scratch;
  c->scratch_bytes = node->scratch_bytes;
  c->parameter = intact_read_kernel(m, index).parameter;
}

static const intact_conv_kernel* kernel_of(const intact_model* m, uint32_t index, const intact_conv* c) {
  return intact_choose_conv(m->set, c, intact_read_kernel(m, index).kernel);
}

static void run_add(const intact_model* m, const intact_node_record* node) {
  intact_add add;
  uint32_t i;
  add.output = intact_tensor_at(m, node->output);
  add.count = node->input_count;
  for (i = 0; i < add.count; ++i) {
    const intact_tensor operand = intact_tensor_at(m, node->inputs[i]);
    add.data[i] = operand.data;
    add.pixel_bytes[i] = operand.pixel_bytes;
    add.decode[i] = centred(&operand);
    add.m[i] = intact_load_i32(m->params + node->multipliers + (size_t)i * 4);
  }
  add.b = intact_load_i32(m->params + node->biases);
  add.round = rounding(node, &add.output);
  m->set->add(&add);
}

static void run_pool(const intact_model* m, const intact_node_record* node) {
  intact_pool pool;
  pool.input = intact_tensor_at(m, node->inputs[0]);
  pool.output = intact_tensor_at(m, node->output);
  pool.window = node->window;
  pool.k = node->k;
  pool.round = rounding(node, &pool.output);
  if (node->operation == INTACT_OP_AVG_POOL) {
    pool.decode_input = centred(&pool.input);
    pool.m = intact_load_i32(m->params + node->multipliers);
    pool.b = intact_load_i32(m->params + node->biases);
    m->set->avg_pool(&pool);
  } else {
    pool.decode_input = intact_make_decoder(pool.input.kind, pool.input.storage_bits, 0);
    pool.m = 0;
    pool.b = 0;
    m->set->max_pool(&pool);
  }
}

intact_status intact_check_linked(const intact_model* m) {
  intact_node_record node;
  intact_conv conv;
  uint32_t i;
  for (i = 0; i < m->node_count; ++i) {
    int linked;
    intact_read_node(m->nodes, i, &node);
    switch (node.operation) {
      case INTACT_OP_CONV:
        bind_conv(m, i, &node, &conv);
        linked = kernel_of(m, i, &conv) != 0;
        break;
      case INTACT_OP_ADD:
        linked = m->set->add != 0;
        break;
      case INTACT_OP_AVG_POOL:
        linked = m->set->avg_pool != 0;
        break;
      default:
        linked = m->set->max_pool != 0;
        break;
    }
    if (!linked) return INTACT_E_KERNEL;
  }
  return INTACT_OK;
}

intact_status intact_run_node(intact_model* m, uint32_t index) {
  intact_node_record node;
  intact_conv conv;
  if (!m || index >= m->node_count) return INTACT_E_ARGUMENT;
  intact_read_node(m->nodes, index, &node);
  switch (node.operation) {
    case INTACT_OP_CONV:
      bind_conv(m, index, &node, &conv);
      kernel_of(m, index, &conv)->run(&conv);
      break;
    case INTACT_OP_ADD:
      run_add(m, &node);
      break;
    default:
      run_pool(m, &node);
      break;
  }
  return INTACT_OK;
}

intact_status intact_run(intact_model* m) {
  uint32_t i;
  if (!m) return INTACT_E_ARGUMENT;
  for (i = 0; i < m->node_count; ++i) intact_run_node(m, i);
  return INTACT_OK;
}
