/* Kernel, stride, dilation, padding, groups and the output's height and width. */
#include "intact_check.h"

static int window_is_zero(const intact_window* w) {
  return (w->kernel_h | w->kernel_w | w->stride_h | w->stride_w | w->dilation_h | w->dilation_w | w->pad_top |
          w->pad_left | w->pad_bottom | w->pad_right) == 0;
}

/* out = floor((size + pads - dilation (kernel - 1) - 1) / stride) + 1, checked without division. All terms
 * fit 32 bits: dilation (kernel - 1) + 1 <= 65,535 * 65,534 + 1 < 2^32. */
static int extent_is(uint32_t out, uint32_t size, uint32_t pads, uint32_t kernel, uint32_t stride,
                     uint32_t dilation) {
  const uint32_t padded = size + pads, window = dilation * (kernel - 1) + 1;
  uint64_t last; /* the last window's start */
  if (window > padded) return 0;
  last = (uint64_t)(out - 1) * stride;
  return last <= padded - window && padded - window - last < stride;
}

intact_status intact_check_window(const intact_checked_node* node) {
  const intact_node_record* n = &node->record;
  const intact_window* w = &n->window;
  const intact_tensor_record *x = &node->input[0], *y = &node->output;
  if (n->operation == INTACT_OP_ADD) return window_is_zero(w) && n->groups == 0 ? INTACT_OK : INTACT_E_WINDOW;
  if (w->kernel_h == 0 || w->kernel_w == 0 || w->stride_h == 0 || w->stride_w == 0 || w->dilation_h == 0 ||
      w->dilation_w == 0)
    return INTACT_E_WINDOW;
  if (n->operation == INTACT_OP_CONV) {
    if (n->groups == 0 || x->channels % n->groups != 0 || y->channels % n->groups != 0)
      return INTACT_E_WINDOW;
  } else if (n->groups != 0 || w->dilation_h != 1 || w->dilation_w != 1 || w->pad_top >= w->kernel_h ||
             w->pad_bottom >= w->kernel_h || w->pad_left >= w->kernel_w || w->pad_right >= w->kernel_w) {
    return INTACT_E_WINDOW;
  }
  if (!extent_is(y->height, x->height, w->pad_top + w->pad_bottom, w->kernel_h, w->stride_h, w->dilation_h) ||
      !extent_is(y->width, x->width, w->pad_left + w->pad_right, w->kernel_w, w->stride_w, w->dilation_w))
    return INTACT_E_SHAPE;
  return INTACT_OK;
}
