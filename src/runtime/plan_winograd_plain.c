/* Planning of WINOGRAD_PLAIN (intact_winograd.h). */
#include "intact_places.h"
#include "intact_winograd.h"

/* 255 * 128 * MOST_TAPS < 2^28: with one field every accumulator fits. */
enum { MOST_TAPS = 8191, MOST_KERNEL = 64 };

static uint32_t divide_up(uint32_t a, uint32_t b) {
  return (a + b - 1) / b;
}

static void lay_out(const intact_conv* c, intact_winograd_plan* p) {
  const uint32_t line = INTACT_WINOGRAD_POINTS * c->window.kernel_h * p->depth, pixels = 16 * p->fields;
  intact_places places = {0};
  intact_place(&places, p->outs * line * 2, INTACT_PLACE_VECTOR);
  p->at_values = intact_place(&places, line * 16, INTACT_PLACE_VECTOR);
  p->at_sums =
      intact_place(&places, p->outs * p->sum_rows * INTACT_WINOGRAD_POINTS * 16, INTACT_PLACE_VECTOR);
  p->at_results = intact_place(&places, 64, INTACT_PLACE_VECTOR);
  p->at_pixels = intact_place(&places, pixels * 4, INTACT_PLACE_VECTOR);
  p->at_fields = intact_place(&places, intact_plain_halves(c) * pixels * 4, INTACT_PLACE_VECTOR);
  p->at_padding = intact_place(&places, c->input.pixel_bytes, INTACT_PLACE_VECTOR);
  p->bytes = (uint32_t)intact_places_end(&places, INTACT_PLACE_VECTOR);
}

/* As many output channels as fit. With at most 8191 taps, kernel_h depth is below 2^13, so that no product
 * here wraps: the sums' rows are below 2^16. */
static int fit(const intact_conv* c, uint32_t limit, intact_winograd_plan* p) {
  const uint32_t line = INTACT_WINOGRAD_POINTS * c->window.kernel_h * p->depth;
  const uint32_t padding = (c->input.pixel_bytes + 15) & ~15u;
  const uint32_t fixed = line * 16 + 64 + 64 * p->fields * (1 + intact_plain_halves(c)) + padding;
  const uint32_t each = line * 2 + p->sum_rows * INTACT_WINOGRAD_POINTS * 16;
  if (fixed > limit) return 0;
  p->outs = (limit - fixed) / each;
  if (p->outs > c->output.channels) p->outs = c->output.channels;
  if (p->outs == 0) return 0;
  lay_out(c, p);
  if (p->bytes > limit) { /* the weights' area is rounded up */
    if (--p->outs == 0) return 0;
  }
  p->outs = divide_up(c->output.channels, divide_up(c->output.channels, p->outs));
  lay_out(c, p);
  return 1;
}

/* Measured on the Cortex-M0. */
static uint64_t cost(const intact_conv* c, const intact_winograd_plan* p) {
  const uint32_t outs = c->output.channels, kh = c->window.kernel_h;
  const uint32_t chunks = divide_up(c->group_in, p->chunk), blocks = divide_up(outs, p->outs);
  const uint64_t line = (uint64_t)outs * (INTACT_WINOGRAD_POINTS * (11 * kh * p->depth + 30) + 150);
  const uint64_t load = (uint64_t)blocks * p->depth * 4 * (70 + 50 * (p->fields - 1) + 50);
  const uint64_t weights = (uint64_t)outs * p->depth * kh * 50;
  return (uint64_t)p->passes * chunks *
             (p->rows * line + (p->rows + kh - 1) * load + (chunks > 1 ? weights : 0)) +
         (chunks > 1 ? 0 : weights);
}

/* The cut with the least rows to compute, where loading a row counts a quarter of computing it. */
static void cut(const intact_conv* c, intact_winograd_plan* p) {
  const uint32_t slots = 4 * p->fields;
  uint64_t best = UINT64_MAX;
  uint32_t down;
  p->across = divide_up(c->output.width, INTACT_WINOGRAD_OUTPUTS);
  for (down = 1; down <= slots && down <= c->output.height; ++down) {
    const uint32_t rows = divide_up(c->output.height, down);
    const uint32_t passes = divide_up(p->across * down, slots);
    const uint64_t work = (uint64_t)passes * (5 * rows + c->window.kernel_h - 1);
    if (work < best) {
      best = work;
      p->down = down;
      p->rows = rows;
      p->passes = passes;
    }
  }
}

int intact_winograd_find(const intact_conv* c, uint32_t fields, uint64_t limit, intact_winograd_plan* plan) {
  const uint32_t most = limit < INTACT_PLAIN_SCRATCH ? (uint32_t)limit : (uint32_t)INTACT_PLAIN_SCRATCH;
  const intact_window* w = &c->window;
  uint32_t found = 0;
  intact_winograd_plan p = {0};
  if (fields < 1 || fields > INTACT_PLAIN_FIELDS || !intact_any_order(c)) return 0;
  if (c->groups != 1 || w->kernel_w != 3 || w->stride_w != 1 || w->dilation_w != 1 ||
      w->kernel_h > MOST_KERNEL || w->stride_h != 1 || w->dilation_h != 1 || c->taps > MOST_TAPS)
    return 0;
  p.fields = fields;
  p.field_bits = INTACT_WINOGRAD_BITS / fields;
  cut(c, &p);
  for (p.chunk = c->group_in;;) {
    p.depth = (p.chunk + 3) & ~3u;
    p.sum_rows = p.chunk < c->group_in ? p.rows : 1;
    if (fit(c, most, &p)) {
      p.cost = cost(c, &p);
      if (!found || p.cost < plan->cost) *plan = p;
      found = 1;
      if (p.outs == c->output.channels) break;
    }
    if (p.chunk <= 8) break;
    p.chunk = p.chunk > 64 ? 64 : (p.chunk > 32 ? 32 : (p.chunk > 16 ? 16 : 8));
  }
  return found != 0;
}

uint64_t intact_conv_winograd_plain_scratch(const intact_conv* c, uint64_t limit) {
  intact_winograd_plan plan;
  return intact_winograd_find(c, c->parameter, limit, &plan) ? plan.bytes : INTACT_CANNOT;
}
