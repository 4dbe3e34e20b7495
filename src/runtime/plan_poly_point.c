/* Loops, outermost first: blocks of output channels, batches of pixels. A block's weights are expanded once,
 * the input once for each block; so blocks come first, and batches get what is left.
 */
#include "plan_poly_point.h"

#include "plan_poly_row.h"

enum { MOST_BATCH = 32 };

static uint64_t round_up(uint64_t x, uint32_t multiple) {
  return (x + multiple - 1) / multiple * multiple;
}

/* Codes that nothing but their storage's range clamps; a sum of fields times 2^(k + shift) leaves nothing of
 * the fields above it. Those of pairs are cut out. */
uint32_t intact_poly_point_fuses(const intact_conv* c, uint32_t field) {
  const uint32_t storage = c->output.storage_bits;
  const int32_t least = c->round.qmin, most = c->round.qmax;
  if (storage == 32 || c->has_residual || c->output.channels % INTACT_POLY_POINT_TILE != 0 ||
      (field == INTACT_POLY_POINT_FIELD && c->k + c->decode_input.shift + field < 32))
    return 0;
  if (c->round.bipolar) return 1;
  if (storage == 1 || c->round.r != 16) return 0;
  if (storage == 8 && least == -128 && most == 127) return 1;
  return least == 0 && most == (1 << storage) - 1;
}

static int describe(const intact_conv* c, intact_poly_point_plan* p) {
  const uint32_t storage = c->input.storage_bits;
  const uint64_t taps = (uint64_t)c->window.kernel_h * c->window.kernel_w;
  uint64_t steps = taps * c->group_in;
  if (c->groups != 1 || storage > 4 || !intact_any_order(c)) return 0;
  p->pairs = c->parameter / INTACT_POLY_POINT_PAIRS % 2;
  p->start = c->parameter >> INTACT_POLY_POINT_START_BIT;
  p->runs = c->parameter % INTACT_POLY_POINT_PAIRS;
  if (p->pairs) steps = taps * ((c->group_in + INTACT_POLY_POINT_BLOCK - 1) / INTACT_POLY_POINT_BLOCK) * 8;
  if (p->runs == 0 || p->runs > steps || steps > UINT32_MAX / 64) return 0;
  p->steps = (uint32_t)steps;
  p->run_steps = (p->steps + p->runs - 1) / p->runs;
  p->runs = (p->steps + p->run_steps - 1) / p->run_steps;
  p->flip = storage == (p->pairs ? 2 : 4);
  p->pad_code =
      (uint32_t)(c->pad_value - c->decode_input.offset) >> c->decode_input.shift & ((1u << storage) - 1u);
  p->fused = p->runs == 1 &&
             intact_poly_point_fuses(c, p->pairs ? INTACT_POLY_POINT_PAIR_FIELD : INTACT_POLY_POINT_FIELD);
  if (p->pairs && (storage > 2 || !p->fused || p->start >= 1u << INTACT_POLY_POINT_PAIR_FIELD)) return 0;
  p->quad_bytes = p->steps * 8 + INTACT_POLY_POINT_CONSTANT_BYTES;
  p->quad_bytes += p->pairs ? INTACT_POLY_POINT_START_BYTES : p->runs * INTACT_POLY_HEAD_BYTES;
  p->quad_bytes = (p->quad_bytes + 7) & ~7u;
  return 1;
}

/* Of a batch of `tiles`, beside the weights. */
static uint64_t batch_bytes(const intact_poly_point_plan* p, uint64_t tiles, uint64_t block) {
  /* Fused: the codes of the last tile, if it is not whole. */
  if (p->fused) return tiles * p->steps * 8 + INTACT_POLY_POINT_TILE * 4;
  return tiles * ((uint64_t)p->steps * 8 + (uint64_t)p->runs * INTACT_POLY_RESULT_BYTES +
                  block * INTACT_POLY_POINT_TILE * 4);
}

uint64_t intact_plan_poly_point(const intact_conv* c, uint64_t limit, intact_poly_point_plan* p) {
  const uint64_t pixels = (uint64_t)c->output.height * c->output.width;
  const uint64_t tiles = (pixels + INTACT_POLY_POINT_TILE - 1) / INTACT_POLY_POINT_TILE;
  const uint64_t padding = round_up(c->input.pixel_bytes, 16);
  uint64_t quads, blocks, fixed, each, batch;
  if (!describe(c, p)) return INTACT_CANNOT;
  if (limit > UINT32_MAX) limit = UINT32_MAX;
  fixed = padding + batch_bytes(p, 1, 0);
  each = p->quad_bytes + batch_bytes(p, 1, INTACT_POLY_POINT_TILE) - batch_bytes(p, 1, 0);
  if (fixed + each > limit) return INTACT_CANNOT;
  quads = (c->output.channels + INTACT_POLY_POINT_TILE - 1) / INTACT_POLY_POINT_TILE;
  blocks = (limit - fixed) / each; /* quads in a block */
  if (blocks < quads) {
    /* Blocks must end where bytes do. */
    if (c->output.storage_bits == 1) blocks -= blocks % 2;
    if (blocks == 0) return INTACT_CANNOT;
  } else {
    blocks = quads;
  }
  p->block = (uint32_t)blocks * INTACT_POLY_POINT_TILE;
  batch = tiles < MOST_BATCH ? tiles : MOST_BATCH;
  while (batch > 1 && padding + blocks * p->quad_bytes + batch_bytes(p, batch, p->block) > limit) --batch;
  p->batch = (uint32_t)batch;
  p->weights = p->batch * p->steps * 8;
  p->results = p->weights + (uint32_t)blocks * p->quad_bytes;
  p->sums =
      p->results + (p->fused ? INTACT_POLY_POINT_TILE * 4 : p->batch * p->runs * INTACT_POLY_RESULT_BYTES);
  p->padding = p->sums + (p->fused ? 0 : p->batch * INTACT_POLY_POINT_TILE * p->block * 4);
  return p->padding + padding;
}

uint64_t intact_conv_poly_point_scratch(const intact_conv* c, uint64_t limit) {
  intact_poly_point_plan plan;
  return intact_plan_poly_point(c, limit, &plan);
}
