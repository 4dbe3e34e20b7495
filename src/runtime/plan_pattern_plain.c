/* Planning of PATTERN_PLAIN (intact_pattern_plain.h). */
#include "intact_pattern_plain.h"
#include "intact_places.h"

/* Three kernel rows of nibbles up to 4 fit a nibble; the matches of a kernel column fit a byte; offsets of
 * lines fit 16 bits. */
enum { MOST_KERNEL_H = 3, MOST_KERNEL_W = 16, MOST_MATCHES = 255, MOST_ROW = 65535 };

static int computes(const intact_conv* c) {
  const intact_window* w = &c->window;
  return c->weight_kind == INTACT_KIND_BIPOLAR && c->input.storage_bits == 1 && c->groups == 1 &&
         w->stride_h == 1 && w->stride_w == 1 && w->dilation_h == 1 && w->dilation_w == 1 &&
         w->kernel_h <= MOST_KERNEL_H && w->kernel_w <= MOST_KERNEL_W &&
         c->group_in <= MOST_MATCHES / w->kernel_h && intact_any_order(c);
}

int intact_pattern_plain_find(const intact_conv* c, uint64_t limit, intact_pattern_plain_plan* p) {
  const uint32_t most = limit < INTACT_PLAIN_SCRATCH ? (uint32_t)limit : (uint32_t)INTACT_PLAIN_SCRATCH;
  const intact_window* w = &c->window;
  uint32_t fixed, each;
  intact_places places = {0};
  if (!computes(c)) return 0;
  p->fours = (c->group_in + 3) / 4;
  /* All columns that windows reach: fewer than 65,535 + 16. */
  p->line = ((c->output.width + w->kernel_w) / 2 + 3) & ~3u;
  p->row = p->fours * 16 * p->line;
  if (p->row > MOST_ROW) return 0;
  intact_place(&places, w->kernel_h * p->row, INTACT_PLACE_VECTOR);
  p->at_sums = intact_place(&places, w->kernel_w * 2 * p->line, INTACT_PLACE_VECTOR);
  p->at_acc = intact_place(&places, intact_plain_halves(c) * c->output.width * 4, INTACT_PLACE_VECTOR);
  p->at_pixels = intact_place(&places, c->output.width * 4, INTACT_PLACE_VECTOR);
  p->at_padding = intact_place(&places, c->input.pixel_bytes, INTACT_PLACE_VECTOR);
  p->at_weights = intact_place(&places, 0, INTACT_PLACE_VECTOR);
  fixed = p->at_weights;
  each = w->kernel_h * w->kernel_w * p->fours * 2 + 4;
  if (fixed > most || most - fixed < each) return 0;
  p->outs = (most - fixed) / each;
  if (p->outs > c->output.channels) p->outs = c->output.channels;
  p->bytes = fixed + p->outs * each;
  return 1;
}

uint64_t intact_conv_pattern_plain_scratch(const intact_conv* c, uint64_t limit) {
  intact_pattern_plain_plan plan;
  return intact_pattern_plain_find(c, limit, &plan) ? plan.bytes : INTACT_CANNOT;
}
