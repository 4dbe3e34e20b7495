#include "intact_check.h"

/* a b, or UINT64_MAX where that is more; b < 2^32. With a = ah 2^32 + al: a b = ah b 2^32 + al b. */
static uint64_t multiply(uint64_t a, uint32_t b) {
  const uint64_t high = (a >> 32) * b;
  const uint64_t low = (a & 0xffffffffu) * b;
  if (high > 0xffffffffu || low > UINT64_MAX - (high << 32)) return UINT64_MAX;
  return (high << 32) + low;
}

intact_status intact_check_work(intact_check* check, const intact_checked_node* node) {
  const intact_node_record* n = &node->record;
  const intact_tensor_record* y = &node->output;
  const uint64_t elements = multiply((uint64_t)y->height * y->width, y->channels);
  uint64_t work, macs = 0;
  if (n->operation == INTACT_OP_ADD) {
    work = multiply(elements, n->input_count);
  } else {
    work = multiply(multiply(elements, n->window.kernel_h), n->window.kernel_w);
    if (n->operation == INTACT_OP_CONV) macs = work = multiply(work, node->input[0].channels / n->groups);
  }
  /* UINT64_MAX may stand for more than that: refused whatever the limit. */
  if (work == UINT64_MAX || work > check->max_work - check->work) return INTACT_E_WORK;
  if (n->macs != macs) return INTACT_E_WORK;
  check->work += work;
  check->macs += macs;
  return INTACT_OK;
}
