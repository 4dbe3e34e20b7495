/* Runs steps: binds the rows of a node's operands and calls its kernel. */
#include "intact_kernels.h"
#include "intact_stream.h"

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

/* A step that makes rows, with its stream. */
typedef struct bound_step {
  const intact_model* m;
  const intact_step* step;
  intact_stream stream; /* of no nodes where there is none */
  intact_node_record node;
} bound_step;

static void bind_step(const intact_model* m, const intact_step* step, bound_step* b) {
  static const intact_stream none = {UINT32_MAX, 0, 0};
  b->m = m;
  b->step = step;
  if (!intact_step_stream(m, step, &b->stream)) b->stream = none;
  intact_read_node(m->nodes, step->node, &b->node);
}

/* Rows first .. end - 1 of a tensor that the node reads. */
static intact_tensor rows_of(const bound_step* b, uint32_t tensor, uint32_t first, uint32_t end) {
  return intact_rows_at(b->m, tensor, first - intact_kept_row(&b->stream, b->step->all, tensor), end - first);
}

/* Input `input` that is read with the output, row by row. */
static intact_tensor same_rows(const bound_step* b, uint32_t input) {
  return rows_of(b, b->node.inputs[input], b->step->rows.first, b->step->rows.end);
}

/* The rows of input 0 that the window reads; the window becomes that over these rows. */
static intact_tensor window_rows(const bound_step* b, intact_window* window) {
  const uint8_t* tensors = b->m->tensors;
  const intact_window_rows read = intact_window_reads(
      &b->node.window, intact_read_height(tensors, b->node.inputs[0]),
      intact_read_height(tensors, b->node.output), b->step->rows.first, b->step->rows.end);
  *window = b->node.window;
  window->pad_top = read.pad_top;
  window->pad_bottom = read.pad_bottom;
  return rows_of(b, b->node.inputs[0], read.first, read.end);
}

static void bind_conv(const bound_step* b, intact_conv* c) {
  const intact_model* m = b->m;
  const intact_node_record* node = &b->node;
  c->input = window_rows(b, &c->window);
  c->output = intact_step_output(m, b->step);
  c->has_residual = node->flags & INTACT_FLAG_RESIDUAL;
  c->residual = c->has_residual ? same_rows(b, 1) : c->input;
  c->residual_apart = c->residual.data != c->output.data; /* init allows no other overlap */
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
  c->parameter = intact_read_kernel(m, b->step->node).parameter;
}

static const intact_conv_kernel* kernel_of(const bound_step* b, const intact_conv* c) {
  return intact_choose_conv(b->m->set, c, intact_read_kernel(b->m, b->step->node).kernel);
}

static void run_add(const bound_step* b) {
  intact_add add;
  uint32_t i;
  add.output = intact_step_output(b->m, b->step);
  add.count = b->node.input_count;
  for (i = 0; i < add.count; ++i) {
    const intact_tensor operand = same_rows(b, i);
    add.data[i] = operand.data;
    add.pixel_bytes[i] = operand.pixel_bytes;
    add.decode[i] = centred(&operand);
    add.m[i] = intact_load_i32(b->m->params + b->node.multipliers + (size_t)i * 4);
  }
  add.b = intact_load_i32(b->m->params + b->node.biases);
  add.round = rounding(&b->node, &add.output);
  b->m->set->add(&add);
}

static void run_pool(const bound_step* b) {
  intact_pool pool;
  pool.input = window_rows(b, &pool.window);
  pool.output = intact_step_output(b->m, b->step);
  pool.k = b->node.k;
  pool.round = rounding(&b->node, &pool.output);
  if (b->node.operation == INTACT_OP_AVG_POOL) {
    pool.decode_input = centred(&pool.input);
    pool.m = intact_load_i32(b->m->params + b->node.multipliers);
    pool.b = intact_load_i32(b->m->params + b->node.biases);
    b->m->set->avg_pool(&pool);
  } else {
    pool.decode_input = intact_make_decoder(pool.input.kind, pool.input.storage_bits, 0);
    pool.m = 0;
    pool.b = 0;
    b->m->set->max_pool(&pool);
  }
}

static int is_linked(const bound_step* b) {
  intact_conv conv;
  switch (b->node.operation) {
    case INTACT_OP_CONV:
      bind_conv(b, &conv);
      return kernel_of(b, &conv) != 0;
    case INTACT_OP_ADD:
      return b->m->set->add != 0;
    case INTACT_OP_AVG_POOL:
      return b->m->set->avg_pool != 0;
    default:
      return b->m->set->max_pool != 0;
  }
}

intact_status intact_check_linked(const intact_model* m) {
  intact_step step;
  bound_step b;
  int more;
  for (more = intact_first_step(m, &step); more; more = intact_next_step(m, &step)) {
    if (step.rows.first == step.rows.end) continue;
    bind_step(m, &step, &b);
    if (!is_linked(&b)) return INTACT_E_KERNEL;
  }
  return INTACT_OK;
}

/* Brings the rows that are still read to the start of the output's memory: from the band before it holds them
 * behind those that no one reads any more. */
static void move_kept_rows(const intact_model* m, const intact_step* step) {
  const intact_rows* rows = &step->rows;
  const intact_tensor kept = intact_rows_at(m, step->node + 1, 0, rows->first - rows->kept);
  const uint8_t* from = intact_rows_at(m, step->node + 1, rows->moved, 0).data;
  uint32_t i;
  for (i = 0; i < kept.bytes; ++i) kept.data[i] = from[i];
}

static void run_conv(const bound_step* b) {
  intact_conv conv;
  bind_conv(b, &conv);
  kernel_of(b, &conv)->run(&conv);
}

void intact_run_step(intact_model* m, const intact_step* step) {
  bound_step b;
  if (step->rows.moved != 0) move_kept_rows(m, step);
  if (step->rows.first == step->rows.end) return;
  bind_step(m, step, &b);
  switch (b.node.operation) {
    case INTACT_OP_CONV:
      run_conv(&b);
      break;
    case INTACT_OP_ADD:
      run_add(&b);
      break;
    default:
      run_pool(&b);
      break;
  }
}

intact_status intact_run_node(intact_model* m, uint32_t index) {
  intact_step step;
  uint32_t last = index;
  int more;
  if (!m || index >= m->node_count) return INTACT_E_ARGUMENT;
  if (!intact_step_at(m, index, &step, &last)) return INTACT_OK;
  for (more = 1; more && step.node <= last; more = intact_next_step(m, &step)) intact_run_step(m, &step);
  return INTACT_OK;
}

intact_status intact_run(intact_model* m) {
  intact_step step;
  int more;
  if (!m) return INTACT_E_ARGUMENT;
  for (more = intact_first_step(m, &step); more; more = intact_next_step(m, &step)) intact_run_step(m, &step);
  return INTACT_OK;
}
