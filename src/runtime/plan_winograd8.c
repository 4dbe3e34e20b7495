#include "plan_winograd8.h"

/* 255 * 18 * MOST_TAPS < 2^28: weights beyond 18 do not keep within bytes, 7-fold. */
enum { MOST_TAPS = 32768, MOST_TILES = 32, VECTOR = 16, POINTS = INTACT_WINOGRAD8_POINTS };

/* No product or sum of 32 bits here wraps: planes < 2^12, tiles <= 32, and channels of weights are no more
 * than fit in 2^30 bytes. */
enum { MOST_BYTES = 1 << 30 };

static uint32_t divide_up(uint32_t x, uint32_t by) {
  return (x + by - 1) / by;
}

static uint32_t round_up(uint32_t x, uint32_t to) {
  return divide_up(x, to) * to;
}

static uint32_t can(const intact_conv* c) {
  const intact_window* w = &c->window;
  if (c->groups != 1 || c->taps > MOST_TAPS || !intact_any_order(c)) return 0;
  if (w->kernel_h != 3 || w->kernel_w != 3 || w->stride_h != 1 || w->stride_w != 1) return 0;
  if (w->dilation_h != 1 || w->dilation_w != 1) return 0;
  if (c->input.storage_bits > 4) return 0;
  return c->weight_storage <= 4 || c->parameter == 1;
}

static uint32_t packs(const intact_conv* c) {
  const uint32_t n = c->output.storage_bits;
  int32_t low = 0;
  if (n > 4 || c->has_residual || c->k < INTACT_WINOGRAD8_EXTRA_BITS + 1) return 0;
  if (c->output.channels % (n == 1 ? 32 : 8) != 0 || c->output.pixel_bytes % 4 != 0) return 0;
  if (c->output.kind == INTACT_KIND_SIGNED) low = -(1 << (n - 1));
  return c->round.bipolar || (c->round.qmin == low && c->round.qmax == low + (1 << n) - 1);
}

/* Offsets for the plan's tiles, block and group; their end. */
static uint32_t lay_out(intact_winograd8_plan* p) {
  const uint32_t pairs = divide_up(p->block, 2);
  p->values = 0;
  p->line = p->tiles * p->planes * POINTS * INTACT_WINOGRAD8_PLANE;
  p->weights = p->line + p->planes * (4 * p->tiles + 2) * VECTOR;
  p->starts = p->weights + pairs * p->planes * POINTS * INTACT_WINOGRAD8_PLANE;
  p->table = p->starts + round_up(pairs * 8, VECTOR);
  p->sums = p->table + round_up(p->block, 4) * INTACT_WINOGRAD8_TABLE;
  if (p->packs) {
    p->results = p->sums;
    return p->sums + p->tiles * (p->group / 2) * INTACT_WINOGRAD8_SUMS;
  }
  p->results = p->sums + p->tiles * INTACT_WINOGRAD8_SUMS;
  return p->results + p->tiles * 4 * round_up(p->group, 4) * VECTOR;
}

uint64_t intact_winograd8_work(const intact_conv* c, const intact_winograd8_plan* p) {
  const uint32_t across = divide_up(c->output.width, 4), strips = divide_up(across, p->tiles);
  const uint32_t pairs = divide_up(c->output.channels, 2);
  const uint64_t bands = divide_up(c->output.height, INTACT_WINOGRAD8_ROWS);
  const uint64_t blocks = divide_up(c->output.channels, p->block), rows = (uint64_t)c->output.height + 2;
  const uint64_t each = p->planes == 1 ? 34 : 38 * (uint64_t)p->planes + 8;
  const uint64_t products = bands * pairs * (POINTS * each * across + 110 * (uint64_t)strips);
  const uint64_t planes = p->planes, tile = planes == 1 ? 60 : 95;
  const uint64_t values = blocks * rows * (across * planes * tile + strips * (300 + 80 * planes));
  const uint64_t calls = bands * strips * divide_up(c->output.channels, p->group) * (p->packs ? 70 : 150);
  const uint64_t columns = p->packs ? 12 : c->output.storage_bits == 8 ? 20 : c->has_residual ? 36 : 28;
  return products + values + calls + bands * across * c->output.channels * 4 * columns +
         (uint64_t)c->output.channels * (p->planes * 150 + 120);
}

/* Keeps in *p the plan of less work: for q's tiles and group, the largest block. */
static uint64_t consider(const intact_conv* c, uint32_t limit, intact_winograd8_plan* q,
                         intact_winograd8_plan* p, uint64_t best) {
  const uint32_t channels = c->output.channels;
  /* A block is all words or no more than a group, so that its groups are stored alike. */
  const uint32_t grows = q->packs || q->group * c->output.storage_bits % 32 == 0;
  const uint32_t pair = q->planes * POINTS * INTACT_WINOGRAD8_PLANE + 8 + 2 * INTACT_WINOGRAD8_TABLE;
  uint32_t bytes, block;
  q->block = q->group;
  bytes = lay_out(q);
  if (bytes > limit) return best;
  block = q->group + (grows ? (limit - bytes) / pair * 2 : 0); /* but for what is rounded up */
  if (block >= channels) {
    q->block = channels;
  } else {
    block = block / q->group * q->group;
    q->block = round_up(divide_up(channels, divide_up(channels, block)), q->group);
  }
  bytes = lay_out(q);
  if (bytes > limit && q->block > q->group) {
    q->block = round_up(q->block - q->group, q->group);
    bytes = lay_out(q);
  }
  if (bytes > limit) return best;
  q->work = intact_winograd8_work(c, q);
  if (best != INTACT_CANNOT && q->work >= p->work) return best;
  *p = *q;
  return bytes;
}

uint64_t intact_plan_winograd8(const intact_conv* c, uint64_t limit, intact_winograd8_plan* p) {
  const uint32_t most = limit < MOST_BYTES ? (uint32_t)limit : (uint32_t)MOST_BYTES;
  const uint32_t n = c->output.storage_bits, byte = n < 4 ? 8 / n : 2;
  const uint32_t across = divide_up(c->output.width, 4);
  uint64_t best = INTACT_CANNOT;
  uint32_t tiles = across < MOST_TILES ? across : MOST_TILES;
  intact_winograd8_plan q;
  if (!can(c)) return INTACT_CANNOT;
  q.planes = divide_up(c->group_in, VECTOR);
  q.packs = packs(c);
  /* Strips of ever fewer tiles; narrower ones only while blocks are not whole. */
  for (; tiles > 0; tiles = q.tiles - 1) {
    uint32_t group = q.packs ? 8 : 32 / (n < 32 ? n : 8);
    q.tiles = divide_up(across, divide_up(across, tiles));
    if (q.planes * q.tiles * POINTS * INTACT_WINOGRAD8_PLANE > most) continue;
    for (; group >= byte; group /= 2) {
      q.group = group < c->output.channels ? group : c->output.channels;
      best = consider(c, most, &q, p, best);
      if (q.packs || (best != INTACT_CANNOT && p->block == c->output.channels)) break;
    }
    if (best != INTACT_CANNOT && p->block == c->output.channels) break;
  }
  return best;
}

uint64_t intact_conv_winograd8_scratch(const intact_conv* c, uint64_t limit) {
  intact_winograd8_plan plan;
  return intact_plan_winograd8(c, limit, &plan);
}
