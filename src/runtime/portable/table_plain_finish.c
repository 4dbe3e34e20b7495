/* From fields to codes. Those of up to two bits are counts of thresholds that the field has reached: in a
 * halfword the top bit of field + threshold, for fields below 2^15.
 */
#include "../intact_table_plain.h"

enum { OUTS = INTACT_TABLE_OUTS, NEVER = 0, ALWAYS = 0x8000 };

static uint32_t field(const intact_plain_word* sums, uint32_t o) {
  return sums[2 * (o >> 2) + (o & 1u)] >> (8 * (o & 2u)) & 0xffffu;
}

/* The sum of w u is known to lie in least .. most. */
typedef struct steps {
  const intact_conv* c;
  uint32_t shift, base; /* acc = (sum << shift) + base */
  int32_t m, b;
  int32_t least, most;
} steps;

/* Codes are counted from the least one. */
static int32_t level(const steps* s, int32_t sum) {
  const uint32_t t = intact_scale(((uint32_t)sum << s->shift) + s->base, s->c->k, s->m, s->b);
  const int32_t code = intact_to_i32(intact_round_code(&s->c->round, t));
  return s->c->round.bipolar ? code : code - s->c->round.qmin;
}

/* The first sum whose level is at least j, or with `down` less than j; most + 1 if none. Levels ascend, or
 * with `down` descend. */
static int32_t first_of(const steps* s, int32_t j, int down) {
  int32_t low = s->least, high = s->most + 1;
  while (low < high) {
    const int32_t middle = low + (high - low) / 2;
    if ((level(s, middle) >= j) != down) {
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
  const int32_t below = intact_to_i32(all * block->negative[o]);
  steps s;
  uint32_t* const to = block->thresholds[2 * (o >> 2) + (o & 1u)];
  uint32_t j, flip = 0;
  int down;
  s.c = c;
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
    if ((int32_t)j < levels) threshold = (uint32_t)(ALWAYS - (first_of(&s, (int32_t)j + 1, down) + below));
    to[j] |= (threshold & 0xffffu) << (8 * (o & 2u));
  }
  if (down) flip = (1u << storage) - 1u;
  if (!c->round.bipolar) flip ^= (uint32_t)c->round.qmin & ((1u << storage) - 1u);
  block->flip |= flip << (o * storage);
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
}

/* The codes of 16 channels at 1 bit, of four at 2 bits. */
static inline uint32_t bits_of_four(const intact_plain_word* sums,
                                    const uint32_t (*t)[INTACT_TABLE_THRESHOLDS]) {
  const uint32_t even = (sums[0] + t[0][0]) >> 1 & 0x40004000u, odd = (sums[1] + t[1][0]) & 0x80008000u;
  const uint32_t both = even | odd; /* bits 14, 15, 30, 31 */
  return (both >> 14 | both >> 28) & 15u;
}

static inline uint32_t count_of_two(uint32_t fields, const uint32_t* t) {
  return ((fields + t[0]) >> 15 & 0x00010001u) + ((fields + t[1]) >> 15 & 0x00010001u) +
         ((fields + t[2]) >> 15 & 0x00010001u);
}
static inline uint32_t pairs_of_four(const intact_plain_word* sums,
                                     const uint32_t (*t)[INTACT_TABLE_THRESHOLDS]) {
  const uint32_t both = count_of_two(sums[0], t[0]) | count_of_two(sums[1], t[1]) << 2;
  return (both | both >> 12) & 0xffu;
}

static void finish_bits(const intact_conv* c, const intact_table_block* block, const intact_plain_word* sums,
                        uint8_t* to) {
  const uint32_t step = c->output.pixel_bytes, flip = block->flip,
                 last = block->first + OUTS >= c->output.channels;
  const uint32_t mask = (1u << block->outs) - 1u, zeros = last ? step - block->first / 8 - 2 : 0;
  const uint32_t(*const t)[INTACT_TABLE_THRESHOLDS] =
      (const uint32_t(*)[INTACT_TABLE_THRESHOLDS])block->thresholds;
  uint32_t count = c->output.width, i;
  to += block->first / 8;
  for (; count; --count, sums += INTACT_TABLE_SUM_WORDS, to += step) {
    const uint32_t codes = ((bits_of_four(sums, t) | bits_of_four(sums + 2, t + 2) << 4 |
                             bits_of_four(sums + 4, t + 4) << 8 | bits_of_four(sums + 6, t + 6) << 12) ^
                            flip) &
                           mask;
    to[0] = (uint8_t)(codes & 0xffu);
    to[1] = (uint8_t)(codes >> 8);
    for (i = 0; i < zeros; ++i) to[2 + i] = 0;
  }
}

static void finish_pairs(const intact_conv* c, const intact_table_block* block, const intact_plain_word* sums,
                         uint8_t* to) {
  const uint32_t step = c->output.pixel_bytes, flip = block->flip;
  const uint32_t mask = block->outs < OUTS ? (1u << (2 * block->outs)) - 1u : 0xffffffffu;
  const uint32_t bytes = (block->outs + 3) / 4;
  const uint32_t(*const t)[INTACT_TABLE_THRESHOLDS] =
      (const uint32_t(*)[INTACT_TABLE_THRESHOLDS])block->thresholds;
  uint32_t count = c->output.width, i;
  to += block->first / 4;
  for (; count; --count, to += step) {
    for (i = 0; i < bytes; ++i, sums += 2)
      to[i] = (uint8_t)((pairs_of_four(sums, t + 2 * i) ^ flip >> (8 * i)) & mask >> (8 * i) & 0xffu);
    sums += INTACT_TABLE_SUM_WORDS - 2 * bytes;
  }
}

static void finish_any(const intact_conv* c, const intact_table_plan* p, const intact_table_block* block,
                       const intact_plain_word* sums, uint32_t y) {
  intact_plain_word* const acc = (intact_plain_word*)(void*)(c->scratch + p->at_acc);
  intact_plain_word* const pixels = (intact_plain_word*)(void*)(c->scratch + p->at_pixels);
  const uint32_t width = c->output.width, shift = c->decode_input.shift;
  uint32_t o, x;
  for (x = 0; x < width; ++x) pixels[x] = (y * width + x) * c->output.pixel_bytes;
  for (o = 0; o < block->outs; ++o) {
    const uint32_t base = block->base[o];
    for (x = 0; x < width; ++x)
      acc[x] = (field(sums + (size_t)x * INTACT_TABLE_SUM_WORDS, o) << shift) + base;
    intact_plain_finish(c, block->first + o, acc, pixels, width);
  }
}

void intact_table_finish(const intact_conv* c, const intact_table_plan* p, const intact_table_block* block,
                         const intact_plain_word* sums, uint32_t y) {
  uint8_t* const row = c->output.data + (size_t)y * c->output.width * c->output.pixel_bytes;
  if (!block->by_thresholds) {
    finish_any(c, p, block, sums, y);
  } else if (c->output.storage_bits == 1) {
    finish_bits(c, block, sums, row);
  } else {
    finish_pairs(c, block, sums, row);
  }
}
