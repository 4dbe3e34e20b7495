#include "plan_depthwise8.h"

/* A gather's offsets within 4 rows of taps are bytes. */
enum { VECTOR = 16, TABLE_BYTES = 8, MAX_EXTRA_LINES = 6, MAX_KERNEL_W = 84 };

/* Weights of 4 and 2 bits count 2^4 and 2^6 times: at most 255 * 128 a tap, below 2^31 in all. */
enum { MOST_TAPS = 65535 };

/* x / by: cores divide 32 bits in an instruction, 64 in many. */
static uint64_t divide(uint64_t x, uint64_t by) {
  return (x | by) >> 32 ? x / by : (uint32_t)x / (uint32_t)by;
}

static uint64_t round_up(uint64_t x, uint64_t to) {
  return divide(x + to - 1, to) * to;
}

static uint32_t can(const intact_conv* c) {
  if (c->group_in != 1 || c->group_out != 1 || c->weight_layout != INTACT_LAYOUT_DENSE_ROWS) return 0;
  if (c->window.kernel_w > MAX_KERNEL_W || c->taps > MOST_TAPS) return 0;
  return intact_any_order(c);
}

static uint32_t is_square(const intact_window* w) {
  return w->kernel_h == 3 && w->kernel_w == 3 && w->stride_h == 1 && w->stride_w == 1 && w->dilation_h == 1 &&
         w->dilation_w == 1;
}

/* Blocks are such that their packed outputs start at words. */
static uint32_t block_of(const intact_conv* c) {
  const uint32_t most = c->output.storage_bits == 1 ? 32 : INTACT_DEPTHWISE8_CHANNELS;
  return c->output.channels < most ? c->output.channels : most;
}

/* Expanded weights: of all channels where one takes a vector, else of one. */
static uint64_t taps_bytes(const intact_conv* c, uint32_t block) {
  return c->taps <= VECTOR ? (uint64_t)block * VECTOR : round_up(c->taps, VECTOR);
}

uint64_t intact_plan_depthwise8(const intact_conv* c, uint64_t limit, intact_depthwise8_plan* p) {
  const intact_window* w = &c->window;
  const uint64_t width = round_up(c->output.width, 4),
                 height = (uint64_t)c->input.height + w->pad_top + w->pad_bottom;
  uint64_t lines, fixed, each, first_columns, fits, outputs, columns, line_bytes, bytes, weights, extra,
      groups_w;
  if (!can(c)) return INTACT_CANNOT;
  if (limit > UINT32_MAX) limit = UINT32_MAX;
  p->square = is_square(w);
  p->tile_h = p->square ? 2 : 1;
  p->tile_w = p->square ? 2 : 4;
  p->groups_h = (w->kernel_h + 3) / 4;
  groups_w = (w->kernel_w + 3) / 4;
  p->block = block_of(c);
  p->planes = (p->block + INTACT_DEPTHWISE8_CHANNELS - 1) / INTACT_DEPTHWISE8_CHANNELS;
  lines = p->square ? 4 : ((uint64_t)w->kernel_h - 1) * w->dilation_h + 1;
  /* kernel_h < 2^16, groups_w <= 21 */
  p->groups = p->square ? 4 : p->groups_h * (uint32_t)groups_w;
  weights = (uint64_t)p->block * (INTACT_DEPTHWISE8_START_BYTES + (uint64_t)p->groups * VECTOR);
  /* columns = outputs stride + first_columns; all below is linear in the outputs. */
  first_columns = (4 * groups_w - 1) * w->dilation_w + 1;
  fixed =
      round_up(weights, VECTOR) + round_up((uint64_t)p->block + 4, 4) * TABLE_BYTES + taps_bytes(c, p->block);
  each = lines * p->planes * VECTOR + (uint64_t)p->groups_h * INTACT_DEPTHWISE8_COLUMN_BYTES;
  fixed += first_columns * each + 4 * VECTOR;
  each = w->stride_w * each + (uint64_t)p->block * VECTOR / p->tile_w;
  if (fixed > limit) return INTACT_CANNOT;
  fits = divide(limit - fixed, each) / 4 * 4;
  if (fits == 0) return INTACT_CANNOT;
  outputs = divide(width + fits - 1, fits);
  outputs = round_up(divide(width + outputs - 1, outputs), 4);
  bytes = fixed + outputs * each;
  columns = outputs * w->stride_w + first_columns;
  line_bytes = columns * p->planes * VECTOR;
  extra = divide(limit - bytes, line_bytes);
  if (extra > MAX_EXTRA_LINES) extra = MAX_EXTRA_LINES;
  if (lines >= height)
    extra = 0;
  else if (extra > height - lines)
    extra = height - lines;
  lines += extra;
  bytes += extra * line_bytes;
  p->outputs = (uint32_t)outputs;
  p->columns = (uint32_t)columns;
  p->lines = (uint32_t)lines;
  p->held = 0;
  p->interleaved = (uint32_t)(lines * line_bytes);
  p->weights = p->interleaved + (uint32_t)(p->groups_h * columns * INTACT_DEPTHWISE8_COLUMN_BYTES);
  p->table = p->weights + (uint32_t)round_up(weights, VECTOR);
  p->taps = p->table + (uint32_t)(round_up((uint64_t)p->block + 4, 4) * TABLE_BYTES);
  p->sums = p->taps + (uint32_t)taps_bytes(c, p->block);
  return bytes;
}

uint64_t intact_conv_depthwise8_scratch(const intact_conv* c, uint64_t limit) {
  intact_depthwise8_plan plan;
  return intact_plan_depthwise8(c, limit, &plan);
}
