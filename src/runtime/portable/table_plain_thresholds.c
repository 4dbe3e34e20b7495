/* How codes of one and two bits follow from fields: as counts of the thresholds that a field has reached. */
#include "../intact_table_plain.h"

enum { OUTS = INTACT_TABLE_OUTS, NEVER = 0, ALWAYS = 0x4000 };

/* The sum of w u is known to lie in least .. most. */
typedef struct steps {
  uint32_t k, shift, base; /* acc = (sum << shift) + base */
  int32_t m, b;
  uint32_t r;
  int32_t least, most;
} steps;

/* The first sum whose t, shifted right by r, is at least `bound`, or with `down` less; most + 1 if none. It
 * ascends, or with `down` descends. */
static int32_t first_of(const steps* s, int32_t bound, int down) {
  const uint32_t k = s->k, shift = s->shift, base = s->base, r = s->r;
  const int32_t m = s->m, b = s->b;
  int32_t low = s->least, high = s->most + 1;
  while (low < high) {
    const int32_t middle = low + (high - low) / 2;
    const uint32_t t = intact_scale(((uint32_t)middle << shift) + base, k, m, b);
    if ((intact_asr(intact_to_i32(t), r) >= bound) != down) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}

/* Codes of 1 or 2 bits from all levels that there can be, in whose bits a flip turns level j into the code,
 * and with `down` the count of thresholds too. */
static int takes_thresholds(const intact_conv* c, const intact_table_plan* p,
                            const intact_table_block* block) {
  const uint32_t storage = c->output.storage_bits, all = (1u << p->planes) - 1u;
  uint32_t o;
  if (storage > 2 || c->has_residual) return 0;
  if (!c->round.bipolar) {
    const uint32_t low = (uint32_t)c->round.qmin & ((1u << storage) - 1u);
    if (low & 1u || c->round.qmax - c->round.qmin > (1 << storage) - 1) return 0;
  }
  for (o = 0; o < block->outs; ++o) {
    if ((block->positive[o] + block->negative[o]) * all >= ALWAYS) return 0;
  }
  return 1;
}

static void set_thresholds(const intact_conv* c, const intact_table_plan* p, intact_table_block* block,
                           uint32_t o) {
  const uint32_t storage = c->output.storage_bits, all = (1u << p->planes) - 1u;
  const int32_t levels = c->round.bipolar ? 1 : c->round.qmax - c->round.qmin;
  const int32_t least = c->round.bipolar ? 0 : c->round.qmin + 1; /* of what the first level needs */
  const int32_t below = intact_to_i32(all * block->negative[o]);
  steps s;
  uint32_t* const to = block->thresholds[intact_table_sum_word(o)];
  uint32_t j, flip = 0;
  int down;
  s.k = c->k;
  s.r = c->round.bipolar ? 0 : c->round.r;
  s.shift = c->decode_input.shift;
  s.base = block->base[o] + (all * block->negative[o] << s.shift);
  s.m = intact_load_i32(c->multipliers + (size_t)(block->first + o) * 4);
  s.b = intact_load_i32(c->biases + (size_t)(block->first + o) * 4);
  {
    /* The range of u that the grid allows. */
    const int32_t low = intact_asr(c->input.qmin - c->input.zero_point - c->decode_input.offset, s.shift);
    const int32_t high = intact_asr(c->input.qmax - c->input.zero_point - c->decode_input.offset, s.shift);
    const int32_t plus = intact_to_i32(block->positive[o]), minus = intact_to_i32(block->negative[o]);
    s.least = low * plus - high * minus;
    s.most = high * plus - low * minus;
  }
  down = s.m < 0;
  for (j = 0; j < INTACT_TABLE_THRESHOLDS; ++j) {
    uint32_t threshold = down ? ALWAYS : NEVER;
    if ((int32_t)j < levels)
      threshold = (uint32_t)(ALWAYS - (first_of(&s, least + (int32_t)j, down) + below));
    to[j] |= (threshold & 0xffffu) << intact_table_sum_shift(o);
  }
  if (down) flip = (1u << storage) - 1u;
  if (!c->round.bipolar) flip ^= (uint32_t)c->round.qmin & ((1u << storage) - 1u);
  block->flip |= flip << (o * storage);
}

/* A channel's byte starts so that its top bit says whether the sum, 0 .. s, has reached the threshold t, or
 * its bit is constant. Returns 0 where there is no such start. */
static int set_bit(intact_table_block* block, uint32_t o) {
  static const uint32_t places[4] = {0, 16, 8, 24};
  const uint32_t place = places[o >> 2], word = o & 3u;
  const uint32_t bit = 16u << o; /* of care and flip */
  const uint32_t s = block->positive[o] + block->negative[o];
  const uint32_t threshold =
      block->thresholds[intact_table_sum_word(o)][0] >> intact_table_sum_shift(o) & 0xffffu;
  const uint32_t t = ALWAYS - threshold;
  block->bits.flip |= (block->flip >> o & 1u) * bit;
  if (t == 0) block->bits.flip ^= bit;
  if (t == 0 || t > s) return 1;
  if (t > 128 || s - t > 127) return 0;
  block->bits.start[word] |= (128 - t) << place;
  block->bits.care |= bit;
  return 1;
}

static void set_bits(const intact_conv* c, const intact_table_plan* p, intact_table_block* block) {
  uint32_t o;
  if (c->output.storage_bits != 1 || p->planes != 1 || block->spills != 1) return;
  for (o = 0; o < INTACT_TABLE_WORDS; ++o) block->bits.start[o] = 0;
  block->bits.care = block->bits.flip = 0;
  for (o = 0; o < block->outs; ++o) {
    if (!set_bit(block, o)) return;
  }
  block->by_bits = 1;
}

void intact_table_prepare(const intact_conv* c, const intact_table_plan* p, intact_table_block* block) {
  const uint32_t shift = c->decode_input.shift, all = (1u << p->planes) - 1u;
  uint32_t o, j;
  for (o = 0; o < block->outs; ++o) {
    block->base[o] = (uint32_t)c->decode_input.offset * (block->positive[o] - block->negative[o]) -
                     (all * block->negative[o] << shift);
  }
  block->by_thresholds = takes_thresholds(c, p, block) ? 1 : 0;
  if (!block->by_thresholds) return;
  block->flip = 0;
  for (o = 0; o < INTACT_TABLE_SUM_WORDS; ++o) {
    for (j = 0; j < INTACT_TABLE_THRESHOLDS; ++j) block->thresholds[o][j] = 0;
  }
  for (o = 0; o < block->outs; ++o) set_thresholds(c, p, block, o);
  set_bits(c, p, block);
}
