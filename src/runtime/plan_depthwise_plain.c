/* Planning of DEPTHWISE_PLAIN (intact_depthwise_plain.h). */
#include "intact_depthwise_plain.h"
#include "intact_places.h"

static uint32_t divide_up(uint32_t a, uint32_t b) {
  return (a + b - 1) / b;
}

/* Bands of `rows` rows. Sizes are below 2^18 before they are multiplied:
 * nothing wraps in 64 bits. */
INTACT_APART static uint64_t lay_out(const intact_conv* c, uint32_t rows, intact_depthwise_plain_plan* p) {
  const intact_window* w = &c->window;
  const uint64_t outputs = (uint64_t)rows * c->output.width;
  const uint64_t sums = (outputs + 3) * 4;
  uint64_t planes, plane;
  intact_places places = {0};
  p->rows = rows;
  p->in_rows = (rows - 1) * w->stride_h + (w->kernel_h - 1) * w->dilation_h + 1;
  p->columns = (c->output.width - 1) * w->stride_w + (w->kernel_w - 1) * w->dilation_w + 1;
  p->phase = divide_up(p->columns, w->stride_w);
  p->pitch = p->phase * w->stride_w;
  /* The last quad of the last row may read three words beyond, and write three.
   */
  plane = ((uint64_t)p->in_rows * p->pitch + 3 + 3) & ~(uint64_t)3;
  planes = plane * 4 * (8 / c->input.storage_bits);
  if (plane > INTACT_PLAIN_SCRATCH || sums > INTACT_PLAIN_SCRATCH) return INTACT_CANNOT;
  p->plane = (uint32_t)plane;
  intact_place(&places, (uint64_t)c->taps * 8, INTACT_PLACE_VECTOR);
  p->at_planes = intact_place(&places, planes, INTACT_PLACE_VECTOR);
  p->at_sums = intact_place(&places, p->fields > 1 ? sums : 0, INTACT_PLACE_VECTOR);
  p->at_codes = intact_place(&places, sums, INTACT_PLACE_VECTOR); /* one field: in place */
  p->at_places = intact_place(&places, (uint64_t)c->output.width * 4, INTACT_PLACE_VECTOR);
  return intact_places_end(&places, INTACT_PLACE_VECTOR);
}

int intact_depthwise_plain_find(const intact_conv* c, uint64_t limit, intact_depthwise_plain_plan* p) {
  const uint64_t most = limit < INTACT_PLAIN_SCRATCH ? limit : (uint64_t)INTACT_PLAIN_SCRATCH;
  const uint32_t height = c->output.height, fields = c->parameter;
  uint32_t low = 0, high, rows;
  uint64_t bytes;
  if (c->group_in != 1 || c->group_out != 1 || c->weight_layout != INTACT_LAYOUT_DENSE_ROWS || fields < 1 ||
      fields > INTACT_DEPTHWISE_PLAIN_FIELDS || c->taps > INTACT_PLAIN_SCRATCH / 8 || !intact_any_order(c))
    return 0;
  p->fields = fields;
  p->field_bits = 32 / fields;
  p->by_places = c->has_residual || c->output.storage_bits == 32 ||
                 (c->output.storage_bits < 8 && c->output.kind == INTACT_KIND_SIGNED);
  high = divide_up(height, fields);
  for (rows = high; low < high; rows = high - (high - low) / 2) { /* the most that fit */
    if (lay_out(c, rows, p) <= most) {
      low = rows;
    } else {
      high = rows - 1;
    }
  }
  if (!low) return 0;
  p->passes = divide_up(height, low * fields);
  bytes = lay_out(c, divide_up(divide_up(height, p->passes), fields), p);
  p->bytes = (uint32_t)bytes;
  return bytes <= most; /* no fewer rows need more: always */
}

uint64_t intact_conv_depthwise_plain_scratch(const intact_conv* c, uint64_t limit) {
  intact_depthwise_plain_plan plan;
  return intact_depthwise_plain_find(c, limit, &plan) ? plan.bytes : INTACT_CANNOT;
}
