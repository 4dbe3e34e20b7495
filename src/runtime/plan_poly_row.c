/* Loops, outermost first: blocks of output channels, strips of columns, rows. A block's weights are expanded
 * once, the input once for each block, or once where all of it fits; scratch is shared out between the two.
 */
#include "plan_poly_row.h"

enum { MAX_KERNEL_H = 64 };

static uint32_t round_up(uint32_t x, uint32_t multiple) {
  return (x + multiple - 1) / multiple * multiple;
}

/* Which words the kernel knows to make and to read. With 12 bits weights of 8 bits fit words. */
static int known_fields(intact_poly_fields f, uint32_t storage, uint32_t weight_storage) {
  switch (f.n) {
    case 2:
      return storage == 8 && (f.field == 14 || f.field == 15);
    case 3:
      return storage <= 4 && (f.field == 13 || (f.field == 12 && storage < 4 && weight_storage == 8));
    case 4:
      return storage <= 2 && f.field == 10;
    default:
      return 0;
  }
}

/* Zeros that need no field: those before a span, at most as many as there are fields for. */
static uint32_t left_out(const intact_poly_row_plan* p, int32_t outside, uint32_t most) {
  if (p->pad_code != 0 || outside <= 0) return 0;
  return (uint32_t)outside < most ? (uint32_t)outside : most;
}

intact_poly_span intact_poly_span_of(const intact_conv* c, const intact_poly_row_plan* p, uint32_t first,
                                     uint32_t count) {
  const intact_window* w = &c->window;
  intact_poly_span span;
  const int32_t start = (int32_t)(first * w->stride_w) - (int32_t)w->pad_left;
  /* The last code that the last window needs. */
  const int32_t end = start + (int32_t)((count - 1) * w->stride_w) + 2;
  const int32_t beyond = end - (int32_t)c->input.width + 1;
  uint32_t skip, codes;
  if (w->stride_w == 1) {
    skip = left_out(p, -start, 2);
    codes = count + 2 - skip;
    codes -= left_out(p, beyond, codes > 2 ? 2 : 0);
    span.lead = 2 - skip;
  } else {
    skip = left_out(p, -start, 1);
    codes = count + 1 - skip;
    /* Of the last pair the code at `end` is in E; the one before it, in D, must be a zero too. */
    codes -= left_out(p, beyond / 2, codes > 1 ? 1 : 0);
    span.lead = 1 - skip;
  }
  span.x = start + (int32_t)(skip * w->stride_w);
  span.groups = (codes + p->fields.n - 1) / p->fields.n;
  return span;
}

/* Of a pair of channels across a strip, with the spill. */
static uint64_t fields_bytes(const intact_poly_row_plan* p) {
  return ((uint64_t)p->pairs * 2 * p->fields.n + 2) * 8;
}

/* Offsets; the bytes of all. 64 bits: no factor is beyond 2^32, each product of memory is compared with the
 * limit before it becomes a factor. */
static uint64_t lay_out(intact_poly_row_plan* p, uint64_t slots, uint64_t block) {
  uint64_t at = block / 2 * p->pair_bytes;
  p->slots = (uint32_t)slots;
  p->block = (uint32_t)block;
  p->lines = (uint32_t)at;
  at += p->pairs * slots * p->line_bytes;
  p->results = (uint32_t)at;
  at += (uint64_t)p->pairs * p->fields.runs * INTACT_POLY_RESULT_BYTES;
  p->fields_at = (uint32_t)at;
  at += fields_bytes(p);
  p->sums_stride = (uint32_t)block;
  p->sums = (uint32_t)at;
  if (!p->direct) at += (uint64_t)p->strip * block * 4;
  p->constants = (uint32_t)at;
  at += block * 4;
  p->thresholds_at = (uint32_t)at;
  if (p->thresholds) at += block * INTACT_POLY_THRESHOLD_BYTES;
  p->padding = (uint32_t)at;
  return at;
}

/* The block that fits beside `fixed` bytes, or 0. limit: below 2^32, so that divisions are short. */
static uint32_t block_for(const intact_poly_row_plan* p, uint32_t channels, uint32_t unit, uint64_t fixed,
                          uint64_t limit) {
  const uint64_t each = p->pair_bytes + (p->direct ? 0 : (uint64_t)p->strip * 8) + 8 +
                        (p->thresholds ? 2 * INTACT_POLY_THRESHOLD_BYTES : 0); /* of a pair of channels */
  uint32_t pairs, block, blocks;
  if (fixed + each > limit) return 0;
  pairs = (uint32_t)(limit - fixed) / (uint32_t)each;
  if (pairs >= (channels + 1) / 2) return round_up(channels, 2);
  block = pairs * 2 / unit * unit;
  if (block == 0) return 0;
  blocks = (channels + block - 1) / block;
  return round_up((channels + blocks - 1) / blocks, unit);
}

/* All codes of the output's storage are the grid's, and r = 16. */
static uint32_t full_range(const intact_conv* c) {
  const uint32_t storage = c->output.storage_bits;
  if (storage == 32) return 0;
  if (c->has_residual &&
      (c->output.channels % 2 != 0 || (c->residual.storage_bits != storage && c->residual.storage_bits != 8)))
    return 0;
  if (c->round.bipolar) return 1;
  if (storage == 8 && c->output.channels % 2 != 0) return 0; /* pairs of codes are pairs of bytes */
  return storage > 1 && c->round.r == 16 && c->round.qmin == 0 && c->round.qmax == (1 << storage) - 1;
}

/* Thresholds of the output's codes where few, if the weights are such that their sums are cheap. */
static uint32_t thresholds(const intact_conv* c) {
  const int cheap = c->weight_storage == 1 || (c->weight_storage == 2 && c->weight_layout == 0);
  if (!cheap || c->output.storage_bits > 2) return 0;
  return c->round.bipolar ? 1 : 3;
}

static int describe(const intact_conv* c, intact_poly_row_plan* p) {
  const intact_window* w = &c->window;
  p->fields = intact_poly_fields_of(c->parameter);
  if (c->groups != 1 || w->kernel_w != 3 || w->kernel_h > MAX_KERNEL_H || w->dilation_w != 1 ||
      (w->dilation_h != 1 && w->kernel_h > 1) || w->stride_w > 2)
    return 0;
  if (!intact_any_order(c)) return 0;
  if (!known_fields(p->fields, c->input.storage_bits, c->weight_storage)) return 0;
  p->flip = (p->fields.n - 1) * p->fields.field + c->input.storage_bits == 32 ? 0x80000000u : 0;
  p->row_steps = c->group_in * w->stride_w;
  p->steps = p->row_steps * w->kernel_h;
  if (p->fields.runs == 0 || p->fields.runs > p->steps) return 0;
  if (p->fields.n == 3 && p->fields.runs > 63) return 0; /* what armv7em/poly_row_many.h adds up */
  p->run_steps = (p->steps + p->fields.runs - 1) / p->fields.runs;
  p->fields.runs = (p->steps + p->run_steps - 1) / p->run_steps;
  p->pad_code = (uint32_t)(c->pad_value - c->decode_input.offset) >> c->decode_input.shift &
                ((1u << c->input.storage_bits) - 1u);
  p->direct = full_range(c);
  p->thresholds =
      p->direct && !c->has_residual && p->fields.n == 4 && p->fields.runs == 1 ? thresholds(c) : 0;
  p->line_bytes = p->row_steps * 8;
  p->pair_bytes = (p->steps * 8 + p->fields.runs * INTACT_POLY_HEAD_BYTES + 7) & ~7u;
  return 1;
}

/* What a row of outputs takes, about, in instructions. */
static uint64_t row_cost(const intact_conv* c, const intact_poly_row_plan* p, uint64_t strips,
                         uint64_t groups, uint32_t block) {
  const uint64_t pairs = (c->output.channels + 1) / 2, blocks = (c->output.channels + block - 1) / block;
  const uint64_t steps = (groups / 2 * 6 + groups % 2 * 5) * p->steps;
  const uint64_t read = groups * 2 * p->fields.n * (8 + 3 * p->fields.runs);
  const uint64_t line = groups * (80 * c->window.stride_w + 6 * p->row_steps);
  return strips * (pairs * (steps + read + 200) + (p->keep ? 1 : blocks) * c->window.stride_h * line);
}

uint64_t intact_plan_poly_row(const intact_conv* c, uint64_t limit, intact_poly_row_plan* plan) {
  const uint32_t kernel_h = c->window.kernel_h, width = c->output.width, channels = c->output.channels;
  const uint32_t unit = c->output.storage_bits >= 4 ? 2u : 8u / c->output.storage_bits;
  const uint64_t padding = round_up(c->input.pixel_bytes, 16) + 16;
  const uint64_t rows = intact_poly_rows(c);
  /* Other weights take the lines' place while they are decoded. */
  const uint32_t keeps = intact_poly_masked_weights(c, intact_poly_fields_of(c->parameter).n) ? 1 : 0;
  uint64_t least = UINT64_MAX, row, spare;
  intact_poly_row_plan best;
  uint32_t strips;
  if (!describe(c, plan)) return INTACT_CANNOT;
  if (limit > UINT32_MAX) limit = UINT32_MAX;
  best = *plan;
  for (strips = 1;; strips *= 2) {
    uint64_t fixed, cost;
    uint32_t groups, block;
    plan->strip = (width + strips - 1) / strips;
    groups = (plan->strip + 2 + plan->fields.n - 1) / plan->fields.n; /* no span has more */
    if (plan->strip == width) groups = intact_poly_span_of(c, plan, 0, width).groups;
    plan->pairs = (groups + 1) / 2;
    row = (uint64_t)plan->pairs * plan->line_bytes;
    for (plan->keep = 0; plan->keep <= (strips == 1 ? keeps : 0); ++plan->keep) {
      fixed = row * (plan->keep ? rows : kernel_h) +
              (uint64_t)plan->pairs * plan->fields.runs * INTACT_POLY_RESULT_BYTES + fields_bytes(plan) +
              padding;
      block = fixed <= limit ? block_for(plan, channels, unit, fixed, limit) : 0;
      if (block == 0) continue;
      cost = row_cost(c, plan, strips, groups, block);
      if (cost < least) {
        least = cost;
        best = *plan;
        best.block = block;
      }
    }
    if (plan->strip <= 1) break;
  }
  if (least == UINT64_MAX) return INTACT_CANNOT;
  *plan = best;
  if (plan->keep) return lay_out(plan, rows, best.block) + padding;
  /* Memory that is left holds more rows, so that they move less often. */
  spare = limit - padding - lay_out(plan, kernel_h, best.block);
  row = (uint64_t)plan->pairs * plan->line_bytes;
  spare = (uint32_t)spare / (uint32_t)row;
  return lay_out(plan, kernel_h + (spare < rows - kernel_h ? spare : rows - kernel_h), best.block) + padding;
}

uint64_t intact_conv_poly_row_scratch(const intact_conv* c, uint64_t limit) {
  intact_poly_row_plan plan;
  return intact_plan_poly_row(c, limit, &plan);
}
