/* Tables of a block's output channels, and the program over them. */
#include "../intact_table_plain.h"

enum { OUTS = INTACT_TABLE_OUTS, UNIT = INTACT_TABLE_UNIT, CHANNELS = 4 * UNIT };

/* Where step `unit` lies. */
typedef struct place {
  uint32_t ky, kx, part; /* part: of the tap's steps */
} place;

static place place_of(const intact_conv* c, const intact_table_plan* p, uint32_t unit) {
  const uint32_t tap = unit / p->units_tap;
  place at;
  at.part = unit - tap * p->units_tap;
  at.ky = tap / c->window.kernel_w;
  at.kx = tap - at.ky * c->window.kernel_w;
  return at;
}

static place next(const intact_conv* c, const intact_table_plan* p, place at) {
  if (++at.part < p->units_tap) return at;
  at.part = 0;
  if (++at.kx == c->window.kernel_w) {
    at.kx = 0;
    ++at.ky;
  }
  return at;
}

static uint32_t tables_of(const intact_table_plan* p, place at) {
  const uint32_t left = p->fours - at.part * UNIT;
  return left < UNIT ? left : (uint32_t)UNIT;
}

/* Four output channels' bytes in the 16 entries of a table; w: their weights, CHANNELS apart. The bytes' sums
 * are right modulo 2^32, and in the end no byte is negative. */
static void fill(const intact_i16* w, intact_plain_word* to) {
  uint32_t change[4], start = 0, i, o, pattern;
  for (i = 0; i < 4; ++i) change[i] = 0;
  for (o = 4; o-- > 0;) {
    start <<= 8;
    for (i = 0; i < 4; ++i) {
      const int32_t weight = w[o * CHANNELS + i];
      change[i] = (change[i] << 8) + (uint32_t)weight;
      if (weight < 0) start -= (uint32_t)weight;
    }
  }
  to[0] = start;
  for (i = 0; i < 4; ++i) {
    intact_plain_word* const upper = to + (4u << i);
    for (pattern = 0; pattern < 4u << i; pattern += 4) upper[pattern] = to[pattern] + change[i];
  }
}

/* Decodes a step's weights, [output channel][CHANNELS], zeros where there is none. */
static void decode(const intact_conv* c, const intact_decoder* d, const intact_table_block* block, place at,
                   intact_i16* codes) {
  const uint32_t channel = at.part * CHANNELS, left = c->group_in - channel;
  const uint32_t count = left < CHANNELS ? left : (uint32_t)CHANNELS;
  const uint32_t tap = at.ky * c->window.kernel_w + at.kx;
  const uint8_t* row = c->weights + (size_t)block->first * c->row_bytes;
  uint32_t first = tap * c->group_in + channel, o, i;
  if (c->weight_layout == INTACT_LAYOUT_WORD_TAPS) {
    row += (size_t)tap * 4 * ((c->group_in + 31) / 32);
    first = channel;
  }
  for (o = 0; o < OUTS; ++o, codes += CHANNELS) {
    i = 0;
    if (o < block->outs) {
      intact_expand(d, row + (size_t)o * c->row_bytes, first, count, codes);
      i = count;
    }
    for (; i < CHANNELS; ++i) codes[i] = 0;
  }
}

/* What a step's tables say of the weights: without any of the bits the sum of negative ones, with all that of
 * the others. Returns whether a channel's bytes would pass 255 with those before; run: their sums of |w|. */
static int count_weights(intact_table_block* block, const intact_plain_word* tables, uint32_t count,
                         uint32_t* run) {
  uint32_t word, o;
  int full = 0;
  for (word = 0; word < OUTS / 4; ++word) {
    uint32_t minus = 0, plus = 0, i; /* bytes of at most 16 * 8 */
    for (i = 0; i < count; ++i) {
      minus += tables[i * (INTACT_TABLE_BYTES / 4) + word];
      plus += tables[i * (INTACT_TABLE_BYTES / 4) + 15 * 4 + word];
    }
    for (o = 4 * word; o < 4 * word + 4; ++o, minus >>= 8, plus >>= 8) {
      const uint32_t negative = minus & 0xffu, positive = plus & 0xffu;
      block->negative[o] += negative;
      block->positive[o] += positive;
      run[OUTS + o] = negative + positive;
      run[o] += negative + positive;
      if (run[o] > 255) full = 1;
    }
  }
  return full;
}

static intact_table_step* put(intact_table_step* to, uint32_t operation, uint32_t index, uint32_t base) {
  to->operation = intact_table_operation(operation);
  to->index = index;
  to->base = base;
  return to + 1;
}

/* flags: before which steps to spill. */
static void write_program(const intact_conv* c, const intact_table_plan* p, uint32_t first, uint32_t count,
                          const uint8_t* flags) {
  intact_table_step* to = (intact_table_step*)(void*)(c->scratch + p->at_program);
  const uint32_t tables = intact_table_address(c->scratch);
  uint32_t spill = first == 0 ? INTACT_TABLE_STORE : INTACT_TABLE_SPILL, plane, i;
  for (plane = 0; plane < p->planes; ++plane) {
    place at = place_of(c, p, first);
    for (i = 0; i < count; ++i, at = next(c, p, at)) {
      const uint32_t n = tables_of(p, at), skip = UNIT - n;
      const uint32_t index =
          at.ky * p->line + at.kx * c->window.dilation_w * p->pixel + (plane * p->fours + at.part * UNIT) * 2;
      if (flags[i]) {
        to = put(to, spill, 0, plane);
        spill = INTACT_TABLE_SPILL;
      }
      to = put(to, n, index - 2 * skip, tables + i * p->unit_bytes - skip * INTACT_TABLE_BYTES);
    }
    to = put(to, spill, 0, plane);
    spill = INTACT_TABLE_SPILL;
  }
  put(to, INTACT_TABLE_END, 0, 0);
}

void intact_table_build(const intact_conv* c, const intact_table_plan* p, intact_table_block* block,
                        uint32_t first, uint32_t count) {
  intact_i16* const codes = (intact_i16*)(void*)(c->scratch + p->at_codes);
  uint8_t* const flags = c->scratch + p->at_flags;
  const intact_decoder decoder = intact_make_decoder(c->weight_kind, c->weight_storage, 0);
  uint32_t run[2 * OUTS], i, o, table;
  place at = place_of(c, p, first);
  for (o = 0; o < OUTS; ++o) run[o] = 0;
  for (i = 0; i < count; ++i, at = next(c, p, at)) {
    intact_plain_word* const tables = (intact_plain_word*)(void*)(c->scratch + (size_t)i * p->unit_bytes);
    const uint32_t n = tables_of(p, at);
    int full;
    decode(c, &decoder, block, at, codes);
    for (table = 0; table < n; ++table) {
      for (o = 0; o < OUTS / 4; ++o)
        fill(codes + (size_t)o * 4 * CHANNELS + 4 * table, tables + table * (INTACT_TABLE_BYTES / 4) + o);
    }
    full = count_weights(block, tables, n, run);
    flags[i] = full ? 1 : 0;
    if (full) {
      for (o = 0; o < OUTS; ++o) run[o] = run[OUTS + o];
    }
  }
  write_program(c, p, first, count, flags);
}
