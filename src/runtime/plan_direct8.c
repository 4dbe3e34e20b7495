#include "plan_direct8.h"

/* Larger blocks are of no use: a tile's accumulators are stored in 4 bytes each, tiles are counted below. */
enum { TILES = 8, MAX_TILES = 32, MAX_EXTRA_LINES = 5, VECTOR = 16, TABLE_BYTES = 8 };

/* Weights of 4 and 2 bits count 2^4 and 2^6 times: at most 255 * 128 a tap, below 2^31 in all. */
enum { MOST_TAPS = 65535 };

/* x / by: cores divide 32 bits in an instruction, 64 in many. */
static uint64_t divide(uint64_t x, uint64_t by) {
  return (x | by) >> 32 ? x / by : (uint32_t)x / (uint32_t)by;
}

static uint64_t round_up(uint64_t x, uint64_t to) {
  return divide(x + to - 1, to) * to;
}

static uint64_t min64(uint64_t a, uint64_t b) {
  return a < b ? a : b;
}

static uint32_t mode_of(const intact_conv* c) {
  const intact_window* w = &c->window;
  const uint32_t plain = w->stride_h == 1 && w->stride_w == 1 && w->dilation_h == 1 && w->dilation_w == 1;
  const uint32_t padded = w->pad_top || w->pad_left || w->pad_bottom || w->pad_right;
  if (w->kernel_h == 1 && w->kernel_w == 1 && w->stride_h == 1 && w->stride_w == 1 && !padded)
    return INTACT_DIRECT8_POINTS;
  if (plain && w->kernel_h == 3 && w->kernel_w == 3 && c->input.channels % VECTOR == 0)
    return INTACT_DIRECT8_ROWS;
  return INTACT_DIRECT8_PATCHES;
}

/* Everything but what grows with the block. */
typedef struct fixed {
  uint64_t line_pixels, line_bytes, lines, patch_bytes;
  uint64_t most_lines; /* that are of use */
} fixed;

static fixed fixed_parts(const intact_conv* c, uint32_t mode, uint64_t tiles) {
  const intact_window* w = &c->window;
  const uint64_t channels = c->input.channels, width = c->output.width;
  fixed f;
  f.lines = ((uint64_t)w->kernel_h - 1) * w->dilation_h + 1;
  f.most_lines = (uint64_t)c->input.height + w->pad_top + w->pad_bottom;
  f.patch_bytes = 0;
  if (mode == INTACT_DIRECT8_POINTS) {
    /* Tails of 16 are read and written past the last pixel. */
    f.line_pixels = 4 * tiles;
    f.line_bytes = round_up(f.line_pixels * channels + VECTOR, VECTOR);
    f.most_lines = 1;
  } else if (mode == INTACT_DIRECT8_ROWS) {
    f.line_pixels = round_up(width, 4) + 2;
    f.line_bytes = f.line_pixels * channels;
  } else {
    f.line_pixels = (width - 1) * w->stride_w + ((uint64_t)w->kernel_w - 1) * w->dilation_w + 1;
    f.line_bytes = round_up(f.line_pixels * channels + VECTOR, VECTOR);
    f.patch_bytes = round_up(c->taps, VECTOR) + VECTOR;
  }
  return f;
}

/* Output channels of the largest block for which `bytes` suffice: all, or a multiple of what fills a byte
 * and, where that fits, a word (of codes of 1 bit, half of one). 0 if none does. */
static uint64_t block_for(const intact_conv* c, uint64_t bytes, uint64_t pair_bytes) {
  const uint64_t channels = c->output.channels, n = c->output.storage_bits;
  const uint64_t fits = divide(bytes, pair_bytes) * 2;
  const uint64_t byte = n < 4 ? 8 / n : 2, word = n == 1 && fits < 32 ? 16 : n <= 8 ? 32 / n : 2;
  uint64_t unit, blocks, block;
  if (fits >= channels) return channels;
  if (fits < byte) return 0;
  unit = fits >= word ? word : byte;
  block = divide(fits, unit) * unit;
  blocks = divide(channels + block - 1, block);
  return round_up(divide(channels + blocks - 1, blocks), unit);
}

static uint64_t pair_bytes(uint64_t steps, uint64_t tiles) {
  return INTACT_DIRECT8_START_BYTES + INTACT_DIRECT8_STEP_BYTES * steps + 2 * TABLE_BYTES + 32 * tiles;
}

/* The table and a tile's sums are read for channels rounded up to 4. */
enum { SLACK_BYTES = 2 * TABLE_BYTES + 32 };

static uint64_t lay_out(const intact_conv* c, uint32_t mode, uint64_t tiles, uint64_t limit,
                        intact_direct8_plan* p) {
  const uint64_t steps = (c->taps + (uint64_t)VECTOR - 1) / VECTOR;
  fixed f = fixed_parts(c, mode, tiles);
  uint64_t rest, at, pairs;
  const uint64_t bytes = f.lines * f.line_bytes + 4 * f.patch_bytes + SLACK_BYTES;
  uint64_t block;
  if (f.line_bytes > limit || bytes > limit) return INTACT_CANNOT;
  block = block_for(c, limit - bytes, pair_bytes(steps, tiles));
  if (block == 0) return INTACT_CANNOT;
  pairs = (block + 1) / 2;
  rest = limit - bytes - pairs * pair_bytes(steps, tiles);
  if (f.most_lines > f.lines)
    f.lines += min64(min64(divide(rest, f.line_bytes), MAX_EXTRA_LINES), f.most_lines - f.lines);
  p->mode = mode;
  p->steps = (uint32_t)steps;
  p->block = (uint32_t)block;
  p->tiles = (uint32_t)tiles;
  p->line_pixels = (uint32_t)f.line_pixels;
  p->line_bytes = (uint32_t)f.line_bytes;
  p->lines = (uint32_t)f.lines;
  p->patch_bytes = (uint32_t)f.patch_bytes;
  p->expanded = 0;
  at = f.lines * f.line_bytes;
  p->patches = (uint32_t)at;
  at += 4 * f.patch_bytes;
  p->weights = (uint32_t)at;
  at += pairs * (INTACT_DIRECT8_START_BYTES + INTACT_DIRECT8_STEP_BYTES * steps);
  p->table = (uint32_t)at;
  at += (pairs + 1) * 2 * TABLE_BYTES;
  p->sums = (uint32_t)at;
  return at + 32 * pairs * tiles + 32;
}

uint64_t intact_plan_direct8(const intact_conv* c, uint64_t limit, intact_direct8_plan* plan) {
  const uint32_t mode = mode_of(c);
  const uint64_t pixels =
      mode == INTACT_DIRECT8_POINTS ? (uint64_t)c->output.height * c->output.width : c->output.width;
  const uint64_t most = (pixels + 3) / 4;
  uint64_t bytes, tiles;
  if (c->groups != 1 || c->taps > MOST_TAPS || !intact_any_order(c)) return INTACT_CANNOT;
  if (limit > UINT32_MAX) limit = UINT32_MAX;
  for (tiles = MAX_TILES; tiles > TILES; tiles /= 2) {
    /* Fewer calls, but not for more blocks. */
    if (mode != INTACT_DIRECT8_POINTS || tiles / 2 >= most) continue;
    bytes = lay_out(c, mode, min64(most, tiles), limit, plan);
    if (bytes != INTACT_CANNOT && plan->block == c->output.channels) return bytes;
  }
  bytes = lay_out(c, mode, min64(most, TILES), limit, plan);
  return bytes == INTACT_CANNOT ? lay_out(c, mode, 1, limit, plan) : bytes;
}

uint64_t intact_conv_direct8_scratch(const intact_conv* c, uint64_t limit) {
  intact_direct8_plan plan;
  return intact_plan_direct8(c, limit, &plan);
}
