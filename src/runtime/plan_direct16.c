/* The plan of the direct kernel (armv7em/conv_direct16.c). Loops, outermost first: groups, blocks of output
 * channels, strips of columns, rows or batches of pixels; so a block's weights are expanded once, and the
 * input once for each block. Of all ways to share out the scratch memory it takes the cheapest that fits, so
 * that the bytes it asks for lead to the same plan again.
 */
#include "armv7em/direct16_plan.h"
#include "armv7em/direct16_tiles.h"

enum { MAX_BATCH = 32 };

static uint64_t round_up(uint64_t x, uint32_t multiple) {
  return (x + multiple - 1) / multiple * multiple;
}

static uint32_t minimum(uint32_t a, uint32_t b) {
  return a < b ? a : b;
}

/* Largest shifts that keep halfwords whole. Bipolar weights are -1 and 1, other ones at least -2^(bits - 1);
 * |v| < 2^bits, and 1 for a bipolar input. */
static void share_shift(const intact_conv* c, intact_direct16_plan* p) {
  const uint32_t k = c->output.storage_bits == 32 ? 0 : c->k;
  const uint32_t weight_bits = c->weight_storage == 1 ? 2 : c->weight_storage;
  p->weight_shift = minimum(k, 16 - weight_bits);
  p->input_shift = minimum(k - p->weight_shift, 15 - c->input.storage_bits - c->decode_input.shift);
  p->rest = k - p->weight_shift - p->input_shift;
}

static uint32_t choose_finish(const intact_conv* c, const intact_direct16_plan* p) {
  const int32_t qmin = c->round.qmin, qmax = c->round.qmax;
  if (p->rest != 0 || c->has_residual || c->output.storage_bits == 32) return INTACT_FINISH_SUMS;
  if (c->round.bipolar) return INTACT_FINISH_BIPOLAR;
  if (c->round.r != 16) return INTACT_FINISH_SUMS;
  switch (c->output.storage_bits) {
    case 8:
      if (c->group_out % 2 != 0) return INTACT_FINISH_SUMS;
      return qmin == 0 && qmax == 255 ? INTACT_FINISH_8 : INTACT_FINISH_8_CLAMPED;
    case 4:
      return qmin == 0 && qmax == 15 ? INTACT_FINISH_4 : INTACT_FINISH_SUMS;
    case 2:
      return qmin == 0 && qmax == 3 ? INTACT_FINISH_2 : INTACT_FINISH_SUMS;
    default:
      return qmin == 0 && qmax == 1 ? INTACT_FINISH_1 : INTACT_FINISH_SUMS;
  }
}

/* Tiles in a block but the last are a multiple of this, so that blocks end where bytes do. */
static uint32_t tile_unit(const intact_conv* c) {
  return c->output.storage_bits >= 4 ? 1u : 4u / c->output.storage_bits;
}

/* The fewest blocks within `limit` bytes, beside `fixed` ones and `each` for the values of each pair of a
 * batch; then the largest batch up to `most` pairs. Returns the number of blocks, 0 where nothing fits. */
static uint32_t share_memory(const intact_conv* c, uint64_t limit, uint64_t fixed, uint64_t each,
                             uint32_t most, intact_direct16_plan* p) {
  const uint32_t all = (c->group_out + 1) / 2, unit = tile_unit(c);
  const uint64_t result = intact_direct16_distance(p->finish);
  const uint64_t tile = p->tile_bytes + intact_direct16_result_rows(p->finish, 1) * result;
  const uint64_t results =
      intact_direct16_in_place(p->finish) ? 0 : tile - p->tile_bytes; /* of a pair, a tile */
  uint64_t tiles, spare;
  uint32_t blocks;
  if (fixed + each >= limit) return 0;
  tiles = (limit - fixed - each) / tile;
  if (tiles >= all)
    tiles = all;
  else
    tiles -= tiles % unit;
  if (tiles == 0 || (tiles < all && !intact_any_order(c))) return 0;
  blocks = (uint32_t)((all + tiles - 1) / tiles);
  if (blocks > 1) tiles = round_up((all + blocks - 1) / blocks, unit);
  blocks = (uint32_t)((all + tiles - 1) / tiles);
  p->block = (uint32_t)tiles * 2;
  p->result_bytes = (uint32_t)(tiles * result);
  spare = limit - fixed - tiles * (results == 0 ? tile : p->tile_bytes); /* at least a pair's */
  p->batch = most;
  while (p->batch > 1 && p->batch * (each + tiles * results) > spare) --p->batch;
  return blocks;
}

/* values: bytes of them. */
static void lay_out(const intact_conv* c, uint64_t values, intact_direct16_plan* p) {
  p->pad = (uint32_t)values;
  p->weights = p->pad + intact_direct16_pad_bytes(c);
  p->results = p->weights + p->block / 2 * p->tile_bytes;
  p->bytes = p->results + intact_direct16_result_rows(p->finish, p->batch) * p->result_bytes;
}

static int plan_patch(const intact_conv* c, uint64_t limit, intact_direct16_plan* p) {
  const uint64_t steps = ((uint64_t)c->window.kernel_h * c->window.kernel_w * p->tap_words + 1) / 2;
  const uint64_t pairs = ((uint64_t)c->output.height * c->output.width + 1) / 2;
  const uint64_t tile = steps * INTACT_PATCH_STEP + INTACT_TILE_TAIL, values = steps * 16;
  if (tile > limit) return 0;
  p->form = INTACT_DIRECT16_PATCH;
  p->steps = (uint32_t)steps;
  p->tile_bytes = (uint32_t)tile;
  p->strip = p->slots = 0;
  if (share_memory(c, limit, intact_direct16_pad_bytes(c), values,
                   pairs > MAX_BATCH ? MAX_BATCH : (uint32_t)pairs, p) == 0)
    return 0;
  lay_out(c, p->batch * values, p);
  return 1;
}

static int plan_rows(const intact_conv* c, uint64_t limit, intact_direct16_plan* p) {
  const intact_window* w = &c->window;
  const uint32_t pairs = (c->output.width + 1) / 2, pad = intact_direct16_pad_bytes(c);
  const uint64_t column = (uint64_t)p->tap_words * 16; /* of a pair of pixels in a slot */
  const uint64_t steps = (uint64_t)w->kernel_h * p->tap_words,
                 tile = steps * INTACT_ROWS_STEP + INTACT_TILE_TAIL;
  uint64_t least = UINT64_MAX, rows, spare;
  intact_direct16_plan best = *p;
  uint32_t strips;
  if (w->kernel_w != 3 || w->stride_w != 1 || w->dilation_w != 1 || w->dilation_h != 1) return 0;
  if (tile > limit) return 0;
  p->form = INTACT_DIRECT16_ROWS;
  p->steps = (uint32_t)steps;
  p->tile_bytes = (uint32_t)tile;
  p->slots = w->kernel_h;
  /* More strips: less memory for values, more for weights, but neighbouring strips expand a pair twice. */
  for (strips = 1;; strips *= 2) {
    uint64_t blocks, cost;
    p->strip = (pairs + strips - 1) / strips;
    blocks = share_memory(c, limit, pad + p->slots * column * p->strip, 0, minimum(p->strip, MAX_BATCH), p);
    cost = blocks * strips * ((uint64_t)p->strip + 1);
    if (blocks && cost < least) {
      least = cost;
      best = *p;
    }
    if (p->strip == 1) break;
  }
  if (least == UINT64_MAX) return 0;
  *p = best;
  /* Memory that is left holds more rows, so that they move less often. */
  lay_out(c, p->slots * column * p->strip, p);
  rows = (uint64_t)(c->output.height - 1) * w->stride_h + w->kernel_h;
  spare = (limit - p->bytes) / (column * p->strip);
  p->slots += (uint32_t)(spare < rows - p->slots ? spare : rows - p->slots);
  lay_out(c, p->slots * column * p->strip, p);
  return 1;
}

/* Rows of weights without gaps, one pixel: the values in pairs, in order (behind them), and accumulators. */
static int plan_vector(const intact_conv* c, uint64_t limit, intact_direct16_plan* p) {
  const uint32_t in_word = 32 / c->weight_storage;
  const uint64_t taps = (uint64_t)c->window.kernel_h * c->window.kernel_w * c->group_in;
  const uint64_t words = (taps + in_word - 1) / in_word, values = words * in_word * 2;
  if (c->output.height != 1 || c->output.width != 1 || c->groups != 1) return 0;
  if (c->weight_layout != INTACT_LAYOUT_DENSE_ROWS && taps != c->group_in && c->group_in % 32 != 0) return 0;
  if (values * 2 + (uint64_t)c->group_out * 4 > limit) return 0;
  p->form = INTACT_DIRECT16_VECTOR;
  p->finish = INTACT_FINISH_SUMS;
  p->steps = (uint32_t)words;
  p->tile_bytes = p->strip = p->slots = p->result_bytes = 0;
  p->block = c->group_out;
  p->batch = 1;
  p->pad = p->weights = (uint32_t)values;
  p->results = p->weights + (uint32_t)values;
  p->bytes = p->results + c->group_out * 4;
  return 1;
}

int intact_direct16_make_plan(const intact_conv* c, uint64_t limit, intact_direct16_plan* p) {
  intact_direct16_plan rows;
  if (limit == 0) return 0;
  if (limit > UINT32_MAX) limit = UINT32_MAX;
  /* Groups must start at bytes. */
  if (c->groups > 1 && (c->group_in * c->input.storage_bits % 8 != 0 ||
                        c->group_out * c->output.storage_bits % 8 != 0 || c->group_out % 2 != 0))
    return 0;
  if (c->groups > 1 && !intact_any_order(c)) return 0;
  share_shift(c, p);
  p->finish = choose_finish(c, p);
  p->tap_words = (c->group_in + 1) / 2;
  if (plan_vector(c, limit, p)) return 1;
  rows = *p;
  if (plan_rows(c, limit, &rows)) {
    *p = rows;
    return 1;
  }
  return plan_patch(c, limit, p);
}

uint64_t intact_conv_direct16_scratch(const intact_conv* conv, uint64_t limit) {
  intact_direct16_plan plan;
  return intact_direct16_make_plan(conv, limit, &plan) ? plan.bytes : INTACT_CANNOT;
}
