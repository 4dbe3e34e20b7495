/* Planning of DEPTHWISE_PLAIN (intact_depthwise_plain.h). */
#include "intact_depthwise_plain.h"
#include "intact_places.h"

static uint32_t divide_up(uint32_t a, uint32_t b) {
  return (a + b - 1) / b;
}

/* Bands of `rows` rows. Sizes are below 2^18 before they are multiplied:
 * nothing wraps in 64 bits. */
static uint64_t lay_out(const intact_conv* c, uint32_t rows, intact_depthwise_plain_plan* p) {
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

int intact_depthwise_plain_find(const intact_conv* c, uint64_t limit, intact_depthwise_plain_plan* plan) {
  const uint64_t most = limit < INTACT_PLAIN_SCRATCH ? limit : (uint64_t)INTACT_PLAIN_SCRATCH;
  const uint32_t height = c->output.height;
  uint64_t least_cost = UINT64_MAX;
  uint32_t fields;
  if (c->group_in != 1 || c->group_out != 1 || c->weight_layout != INTACT_LAYOUT_DENSE_ROWS ||
      c->parameter < 1 || c->parameter > INTACT_DEPTHWISE_PLAIN_FIELDS ||
      c->taps > INTACT_PLAIN_SCRATCH / 8 || !intact_any_order(c))
    return 0;
  for (fields = 1; fields <= c->parameter; ++fields) {
    intact_depthwise_plain_plan p;
    uint32_t low = 0, high = divide_up(height, fields), passes;
    uint64_t cost, bytes;
    p.fields = fields;
    p.field_bits = 32 / fields;
    while (low < high) { /* the most rows that fit */
      const uint32_t middle = high - (high - low) / 2;
      if (lay_out(c, middle, &p) <= most) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    if (!low) continue;
    passes = divide_up(height, low * fields);
    bytes = lay_out(c, divide_up(divide_up(height, passes), fields), &p);
    if (bytes > most) continue; /* no fewer rows need more: never */
    p.bytes = (uint32_t)bytes;
    p.passes = passes;
    /* Instructions of a channel on the Cortex-M0: sweeps, expansion, taking
     * fields apart, and what is done for each band. */
    cost = (uint64_t)p.rows * (divide_up(c->output.width, 4) * ((uint64_t)c->taps * 11 + 16) + 25) +
           (uint64_t)p.in_rows * p.columns * (3 + 3 * fields) * c->input.storage_bits / 8 +
           (fields > 1 ? fields * ((uint64_t)p.rows * c->output.width * 6 + 180) + 400 : 0);
    cost *= passes;
    if (cost < least_cost) {
      least_cost = cost;
      *plan = p;
    }
  }
  return least_cost != UINT64_MAX;
}

uint64_t intact_conv_depthwise_plain_scratch(const intact_conv* c, uint64_t limit) {
  intact_depthwise_plain_plan plan;
  return intact_depthwise_plain_find(c, limit, &plan) ? plan.bytes : INTACT_CANNOT;
}
