/* Tables of a block's output channels. */
#include "../intact_table_plain.h"

enum { OUTS = INTACT_TABLE_OUTS, UNIT = INTACT_TABLE_UNIT, WORDS = INTACT_TABLE_WORDS };

static const uint32_t ones = 0x01010101u, even_bytes = 0x00ff00ffu;

/* Where a word's four output channels have their weights. */
typedef struct rows {
  const uint8_t* at[WORDS];
  uint32_t there; /* a byte of 1 for each channel that there is */
} rows;

static rows rows_of(const intact_conv* c, const intact_table_block* block, uint32_t word) {
  static const uint32_t channels[WORDS] = {0, 8, 4, 12};
  rows r;
  uint32_t i;
  r.there = 0;
  for (i = 0; i < WORDS; ++i) {
    const uint32_t o = word + channels[i];
    if (o < block->outs) r.there |= 1u << (8 * i);
    r.at[i] = c->weights + (size_t)(block->first + (o < block->outs ? o : 0)) * c->row_bytes;
  }
  return r;
}

static inline uint32_t bytes_of(const rows* r, uint32_t byte) {
  return (uint32_t)r->at[0][byte] | (uint32_t)r->at[1][byte] << 8 | (uint32_t)r->at[2][byte] << 16 |
         (uint32_t)r->at[3][byte] << 24;
}

/* In each byte the eight bits from bit `bit` of that channel's row on. Those behind the row's end are zero.
 */
static inline uint32_t bits_of(const intact_conv* c, const rows* r, uint32_t bit) {
  const uint32_t byte = bit >> 3, shift = bit & 7u;
  uint32_t x = bytes_of(r, byte);
  if (shift == 0) return x;
  x = x >> shift & (0xffu >> shift) * ones;
  if (byte + 1 < c->row_bytes)
    x |= bytes_of(r, byte + 1) << (8 - shift) & (0xffu << (8 - shift) & 0xffu) * ones;
  return x;
}

/* A table's word: what a channel's bit adds, and the sum of the negative weights' magnitudes. Sums of bytes
 * are right modulo 2^32, and in the end no byte is negative. */
typedef struct changes {
  uint32_t of[4], start;
} changes;

/* Of the codes in the first 4 * storage bits of each byte of x, then of y. Inlined with a constant storage.
 */
static inline changes changes_of(uint32_t x, uint32_t y, uint32_t there, uint32_t storage) {
  const uint32_t mask = ((1u << storage) - 1u) * there, per_byte = 8 / storage;
  changes to;
  uint32_t i;
  to.start = 0;
  for (i = 0; i < 4; ++i) {
    const uint32_t code = (i < per_byte ? x >> (i * storage) : y >> ((i - per_byte) * storage)) & mask;
    if (storage == 1) { /* 2 code - 1 */
      to.of[i] = 2 * code - there;
      to.start += there - code;
    } else {
      const uint32_t sign = code >> (storage - 1) & ones, below = sign << storage;
      to.of[i] = code - below;
      to.start += below - (code & (below - sign));
    }
  }
  return to;
}

/* The same of the first `count` < 4 codes alone. */
static changes changes_of_some(uint32_t x, uint32_t y, uint32_t there, uint32_t storage, uint32_t count) {
  const uint32_t bits = count * storage;
  changes to = changes_of(x & (bits < 8 ? (1u << bits) - 1u : 0xffu) * ones,
                          bits > 8 ? y & ((1u << (bits - 8)) - 1u) * ones : 0, there, storage);
  if (storage == 1) {
    to.start -= (4 - count) * there;
    for (; count < 4; ++count) to.of[count] = 0;
  }
  return to;
}

/* A word of the 16 entries; one bit of the index changes at a time. */
static void fill(const changes* by, intact_plain_word* to) {
  const uint32_t a = by->of[0], b = by->of[1], d = by->of[2], e = by->of[3];
  uint32_t x = by->start;
  to[4 * 0] = x;
  to[4 * 1] = x += a;
  to[4 * 3] = x += b;
  to[4 * 2] = x -= a;
  to[4 * 6] = x += d;
  to[4 * 7] = x += a;
  to[4 * 5] = x -= b;
  to[4 * 4] = x -= a;
  to[4 * 12] = x += e;
  to[4 * 13] = x += a;
  to[4 * 15] = x += b;
  to[4 * 14] = x -= a;
  to[4 * 10] = x -= d;
  to[4 * 11] = x += a;
  to[4 * 9] = x -= b;
  to[4 * 8] = x - a;
}

/* Bytes added up in halfwords: even ones, odd ones. */
typedef struct halves {
  uint32_t even, odd;
} halves;

static inline void add_bytes(halves* to, uint32_t bytes) {
  to->even += bytes & even_bytes;
  to->odd += bytes >> 8 & even_bytes;
}

/* What a block's weights add up to. */
typedef struct totals {
  halves negative[WORDS], positive[WORDS]; /* of all */
  halves run[WORDS];                       /* of |w| since the last spill */
} totals;

/* The tables of a step, `count` input channels from bit `bit` of each row on. Returns whether the bytes are
 * to be spilled before. Inlined with a constant storage. */
static inline int build_step(const intact_conv* c, const rows* from, uint32_t bit, uint32_t count,
                             intact_plain_word* tables, totals* sum, uint32_t storage) {
  uint32_t step[WORDS], word, i;
  int full = 0;
  for (word = 0; word < WORDS; ++word) {
    intact_plain_word* to = tables + word;
    uint32_t minus = 0, plus = 0; /* bytes of at most 16 * 8 */
    uint32_t x = 0, y = 0;
    for (i = 0; i < count; i += 4, to += INTACT_TABLE_BYTES / 4) {
      const uint32_t left = count - i, at = bit + i * storage;
      changes by;
      x = storage == 1 && i & 4u ? x >> 4 : bits_of(c, from + word, at);
      if (storage == 4) y = left > 2 ? bits_of(c, from + word, at + 8) : 0;
      by = left < 4 ? changes_of_some(x, y, from[word].there, storage, left)
                    : changes_of(x, y, from[word].there, storage);
      fill(&by, to);
      minus += by.start;
      plus += by.start + by.of[0] + by.of[1] + by.of[2] + by.of[3];
    }
    add_bytes(sum->negative + word, minus);
    add_bytes(sum->positive + word, plus);
    step[word] = minus + plus;
    add_bytes(sum->run + word, step[word]);
    if ((sum->run[word].even | sum->run[word].odd) & ~even_bytes) full = 1;
  }
  if (full) {
    for (word = 0; word < WORDS; ++word) {
      sum->run[word].even = sum->run[word].odd = 0;
      add_bytes(sum->run + word, step[word]);
    }
  }
  return full;
}

static void tell(const totals* sum, intact_table_block* block) {
  uint32_t word, half;
  for (word = 0; word < WORDS; ++word) {
    const halves minus = sum->negative[word], plus = sum->positive[word];
    for (half = 0; half < 2; ++half) {
      const uint32_t o = word + 4 * half, shift = 16 * half;
      block->negative[o] += minus.even >> shift & 0xffffu;
      block->positive[o] += plus.even >> shift & 0xffffu;
      block->negative[o + 8] += minus.odd >> shift & 0xffffu;
      block->positive[o + 8] += plus.odd >> shift & 0xffffu;
    }
  }
}

void intact_table_build(const intact_conv* c, const intact_table_plan* p, intact_table_block* block,
                        uint32_t first, uint32_t count) {
  const uint32_t storage = c->weight_storage;
  const uint32_t tap_bits =
      c->weight_layout == INTACT_LAYOUT_WORD_TAPS ? (c->group_in + 31) / 32 * 32 : c->group_in * storage;
  uint8_t* const flags = c->scratch + p->at_flags;
  uint32_t tap = first / p->units_tap, part = first - tap * p->units_tap, i;
  totals sum;
  rows from[WORDS];
  for (i = 0; i < WORDS; ++i) {
    const halves none = {0, 0};
    from[i] = rows_of(c, block, i);
    sum.negative[i] = sum.positive[i] = sum.run[i] = none;
  }
  ++block->spills;
  for (i = 0; i < count; ++i) {
    intact_plain_word* const tables = (intact_plain_word*)(void*)(c->scratch + (size_t)i * p->unit_bytes);
    const uint32_t channel = part * 4 * UNIT, left = c->group_in - channel;
    const uint32_t channels = left < 4 * UNIT ? left : (uint32_t)(4 * UNIT);
    const uint32_t bit = tap * tap_bits + channel * storage;
    int full;
    if (storage == 1) {
      full = build_step(c, from, bit, channels, tables, &sum, 1);
    } else if (storage == 2) {
      full = build_step(c, from, bit, channels, tables, &sum, 2);
    } else {
      full = build_step(c, from, bit, channels, tables, &sum, 4);
    }
    flags[i] = full ? 1 : 0;
    block->spills += full ? 1 : 0;
    if (++part == p->units_tap) {
      part = 0;
      ++tap;
    }
  }
  tell(&sum, block);
}
