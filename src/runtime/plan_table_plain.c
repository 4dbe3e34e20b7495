/* Planning of TABLE_PLAIN (intact_table_plain.h). */
#include "intact_places.h"
#include "intact_table_plain.h"

/* Steps have three words; each plane has those of all units and at most as many spills. */
enum { STEP_BYTES = 12 };

static int computes(const intact_conv* c) {
  return c->groups == 1 && c->parameter == 1 && c->input.storage_bits <= 4 && c->weight_storage <= 4 &&
         c->window.kernel_h <= INTACT_TABLE_KERNEL_H && intact_any_order(c);
}

/* All below 2^60: no dimension is above 2^18. */
INTACT_APART static uint64_t lay_out(const intact_conv* c, intact_table_plan* p) {
  const uint64_t program = (uint64_t)p->planes * p->chunk * 2 * STEP_BYTES + STEP_BYTES;
  const uint64_t width = c->output.width;
  intact_places places = {0};
  intact_place(&places, (uint64_t)p->chunk * p->unit_bytes, INTACT_PLACE_VECTOR);
  p->at_program = intact_place(&places, program, INTACT_PLACE_VECTOR);
  p->at_lines = intact_place(&places, (uint64_t)c->window.kernel_h * p->line, INTACT_PLACE_VECTOR);
  p->at_sums = intact_place(&places, p->sum_rows * width * INTACT_TABLE_SUM_WORDS * 4, INTACT_PLACE_VECTOR);
  p->at_acc = intact_place(&places, intact_plain_halves(c) * width * 4, INTACT_PLACE_WORD);
  p->at_pixels = intact_place(&places, width * 4, INTACT_PLACE_WORD);
  p->at_flags = intact_place(&places, p->chunk, INTACT_PLACE_VECTOR);
  p->at_padding = intact_place(&places, c->input.pixel_bytes, INTACT_PLACE_VECTOR);
  p->bytes = (uint32_t)intact_places_end(&places, INTACT_PLACE_VECTOR);
  return intact_places_end(&places, INTACT_PLACE_VECTOR);
}

int intact_table_find(const intact_conv* c, uint64_t limit, intact_table_plan* p) {
  const uint64_t most = limit < INTACT_PLAIN_SCRATCH ? limit : (uint64_t)INTACT_PLAIN_SCRATCH;
  const intact_window* w = &c->window;
  uint64_t line, units, fixed, each;
  if (!computes(c)) return 0;
  p->planes = c->input.storage_bits;
  p->fours = (c->group_in + 3) / 4;
  p->units_tap = (p->fours + INTACT_TABLE_UNIT - 1) / INTACT_TABLE_UNIT;
  p->unit_bytes =
      INTACT_TABLE_BYTES * (p->fours < INTACT_TABLE_UNIT ? p->fours : (uint32_t)INTACT_TABLE_UNIT);
  p->positions = (c->output.width - 1) * w->stride_w + (w->kernel_w - 1) * w->dilation_w + 1;
  p->pixel = p->planes * p->fours * 2;
  line = ((uint64_t)p->positions * p->pixel + 3) & ~(uint64_t)3;
  units = (uint64_t)w->kernel_h * w->kernel_w * p->units_tap;
  if (line > most || units > most) return 0;
  p->line = (uint32_t)line;
  p->units = (uint32_t)units;
  p->chunk = p->units;
  p->chunks = 1;
  p->sum_rows = 1;
  if (lay_out(c, p) <= most) return 1;
  p->sum_rows = c->output.height;
  p->chunk = 0;
  fixed = lay_out(c, p);
  each = p->unit_bytes + (uint64_t)p->planes * 2 * STEP_BYTES + 1;
  if (fixed + each > most) return 0;
  /* Both are below 2^21. Rounding down may leave room for one more, rounding up for less. */
  p->chunk = (uint32_t)(most - fixed) / (uint32_t)each + 1;
  while (p->chunk && lay_out(c, p) > most) --p->chunk;
  if (p->chunk == 0) return 0;
  p->chunks = (p->units + p->chunk - 1) / p->chunk;
  p->chunk = (p->units + p->chunks - 1) / p->chunks;
  return lay_out(c, p) <= most;
}

uint64_t intact_conv_table_plain_scratch(const intact_conv* c, uint64_t limit) {
  intact_table_plan plan;
  return intact_table_find(c, limit, &plan) ? plan.bytes : INTACT_CANNOT;
}
