#include "plan_pattern.h"

enum { VECTOR = 16, TABLE_BYTES = 8, MAX_BAND = 2 * INTACT_PATTERN_HALF };

/* to: a power of two. */
static uint64_t round_up(uint64_t x, uint64_t to) {
  return (x + to - 1) & ~(to - 1);
}

static uint64_t divide_up(uint64_t x, uint64_t by) {
  return (x + by - 1) / by;
}

static uint32_t can(const intact_conv* c) {
  const intact_window* w = &c->window;
  if (c->groups != 1 || c->weight_kind != INTACT_KIND_BIPOLAR || c->input.storage_bits != 1) return 0;
  if (c->input.kind == INTACT_KIND_SIGNED) return 0;
  if (c->weight_layout == INTACT_LAYOUT_DENSE_ROWS && c->group_in % 4 != 0) return 0;
  if (w->stride_h != 1 || w->stride_w != 1) return 0;
  return intact_any_order(c);
}

/* Offsets for the plan's band and block; their end. */
static uint64_t lay_out(uint64_t block, intact_pattern_plan* p) {
  const uint64_t end_of_raw = (uint64_t)p->bytes * ((uint64_t)p->entry + p->distance);
  const uint64_t table = round_up(end_of_raw, VECTOR);
  const uint64_t zero = table + (uint64_t)p->groups * 16 * p->entry;
  const uint64_t bases = zero + INTACT_PATTERN_ZERO_BYTES;
  const uint64_t patterns = bases + round_up(4 * (uint64_t)p->padded, VECTOR);
  const uint64_t lists = patterns + round_up(p->padded, VECTOR) + VECTOR;
  const uint64_t counts = lists + round_up(block * 4 * p->padded, VECTOR);
  const uint64_t constants = counts + block * p->segments * 2 * p->half + VECTOR; /* read past */
  const uint64_t betas = constants + round_up(block, 4) * TABLE_BYTES;
  const uint64_t sums = round_up(betas + 4 * block, VECTOR);
  /* By sign: bytes of 8 channels for each position, rounded up to words. */
  const uint64_t end = p->by_sign ? sums + round_up(block, 32) / 8 * MAX_BAND + VECTOR
                                  : sums + block * 16 * INTACT_PATTERN_TILES + 4 * VECTOR;
  p->block = (uint32_t)block;
  p->raw = 0;
  p->table = (uint32_t)table;
  p->zero = (uint32_t)zero;
  p->bases = (uint32_t)bases;
  p->patterns = (uint32_t)patterns;
  p->lists = (uint32_t)lists;
  p->counts = (uint32_t)counts;
  p->constants = (uint32_t)constants;
  p->betas = (uint32_t)betas;
  p->sums = (uint32_t)sums;
  return end;
}

/* The largest block for which the band fits, or INTACT_CANNOT. */
static uint64_t fit_block(const intact_conv* c, uint64_t limit, intact_pattern_plan* p) {
  const uint64_t unit = c->output.storage_bits == 1 ? 32 : 8, all = c->output.channels;
  uint64_t bytes = lay_out(all, p), block, blocks;
  if (bytes <= limit) return bytes;
  block = all / unit * unit;
  /* The end grows by less than this for each further unit of channels. */
  {
    const uint64_t one = lay_out(unit, p), two = lay_out(2 * unit, p);
    if (one > limit || all <= unit) return INTACT_CANNOT;
    if ((limit - one) / (two - one) + 1 < block / unit) block = ((limit - one) / (two - one) + 1) * unit;
  }
  if (block == 0) return INTACT_CANNOT;
  blocks = divide_up(all, block);
  block = round_up(divide_up(all, blocks), unit);
  bytes = lay_out(block, p);
  return bytes <= limit ? bytes : INTACT_CANNOT;
}

static uint64_t work(const intact_conv* c, const intact_pattern_plan* p) {
  const uint32_t down = (c->output.height + p->rows - 1) / p->rows;
  const uint64_t bands = (uint64_t)down * ((c->output.width + p->outputs - 1) / p->outputs);
  const uint64_t count = (uint64_t)(p->padded / INTACT_PATTERN_UNROLL) * (p->half == 16 ? 18 : 34) + 40;
  const uint64_t table = (uint64_t)(p->entry / VECTOR) * p->bytes * 110;
  const uint64_t raw = (uint64_t)(p->rows + c->window.kernel_h) * p->bytes * (p->pitch + 24);
  const uint64_t lists = (uint64_t)c->output.channels * p->lookups * 3 / 2;
  const uint64_t outputs = (uint64_t)c->output.height * c->output.width * c->output.channels;
  return bands * (c->output.channels * count + table + raw) + outputs * (p->by_sign ? 1 : 4) +
         (p->block < c->output.channels ? bands * lists : lists);
}

/* Keeps in *p the plan of less work. */
static uint64_t consider(const intact_conv* c, uint64_t limit, intact_pattern_plan* candidate,
                         intact_pattern_plan* p, uint64_t best) {
  const intact_window* w = &c->window;
  const uint64_t reach = ((uint64_t)w->kernel_h - 1) * w->dilation_h * candidate->pitch +
                         ((uint64_t)w->kernel_w - 1) * w->dilation_w;
  uint64_t bytes;
  candidate->entry = (uint32_t)round_up(reach + candidate->half, VECTOR);
  if (reach > limit || (uint64_t)candidate->entry * 16 * candidate->groups > limit) return best;
  bytes = fit_block(c, limit, candidate);
  if (bytes == INTACT_CANNOT) return best;
  candidate->work = work(c, candidate);
  if (best != INTACT_CANNOT && candidate->work >= p->work) return best;
  *p = *candidate;
  return bytes;
}

uint64_t intact_plan_pattern(const intact_conv* c, uint64_t limit, intact_pattern_plan* p) {
  const intact_window* w = &c->window;
  const uint64_t width = c->output.width, more = ((uint64_t)w->kernel_w - 1) * w->dilation_w;
  uint64_t best = INTACT_CANNOT;
  uint32_t strips, first_strips;
  intact_pattern_plan q;
  if (!can(c)) return INTACT_CANNOT;
  if (limit > UINT32_MAX) limit = UINT32_MAX;
  if (c->taps > limit || more > limit) return INTACT_CANNOT;
  q.bytes = (c->group_in + 7) / 8;
  q.groups = (c->group_in + 3) / 4;
  q.lookups = w->kernel_h * w->kernel_w * q.groups;
  q.padded = (q.lookups + INTACT_PATTERN_UNROLL - 1) / INTACT_PATTERN_UNROLL * INTACT_PATTERN_UNROLL;
  q.segments = (q.padded + INTACT_PATTERN_SEGMENT - 1) / INTACT_PATTERN_SEGMENT;
  q.by_sign = c->output.storage_bits == 1 && !c->has_residual && q.segments == 1;
  first_strips = (c->output.width + MAX_BAND - 1) / MAX_BAND;
  for (strips = first_strips; strips <= first_strips + (width > INTACT_PATTERN_HALF); ++strips) {
    q.outputs = (c->output.width + strips - 1) / strips;
    q.pitch = (uint32_t)(q.outputs + more);
    if (q.outputs <= INTACT_PATTERN_HALF) {
      q.rows = 2;
      q.half = q.outputs <= VECTOR ? VECTOR : INTACT_PATTERN_HALF;
      q.distance = q.pitch;
      best = consider(c, limit, &q, p, best);
    }
    /* As many rows as there are positions for: the tables are no larger for that. */
    for (q.half = VECTOR; q.half <= INTACT_PATTERN_HALF; q.half += VECTOR) {
      if (q.outputs > 2 * q.half) continue;
      q.distance = q.half;
      q.rows = (2 * q.half - q.outputs) / q.pitch + 1;
      if (q.rows > c->output.height) q.rows = c->output.height;
      best = consider(c, limit, &q, p, best);
    }
  }
  return best;
}

uint64_t intact_conv_pattern_scratch(const intact_conv* c, uint64_t limit) {
  intact_pattern_plan plan;
  return intact_plan_pattern(c, limit, &plan);
}
