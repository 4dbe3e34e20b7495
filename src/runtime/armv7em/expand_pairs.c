/* A block of n codes of s bits, spread so that code n / 2 starts at bit 16: masking it, rotated right by s j
 * bits, leaves codes j and j + n / 2 in the two halfwords. Two neighbouring j, packed crosswise, are codes
 * (j, j + 1) and (j + n / 2, j + 1 + n / 2). A word is such a block of 32 / s codes. So is half a word u of
 * 16 / s codes as u OR 2^8 u, where what stands from bit 8 to 15 is masked away.
 */
#include "expand_pairs.h"

#include "dsp_instructions.h"
#include "expand_blocks.h"

#if INTACT_ISA_ARMV7EM

intact_pairs intact_make_pairs(const intact_decoder* d, uint32_t scale, uint32_t order) {
  const uint32_t mask = (1u << d->storage) - 1u, shift = d->shift + scale;
  intact_pairs p;
  p.order = order;
  p.storage = d->storage;
  p.flip = d->flip * (0xffffffffu / mask);
  p.rotate = (32 - shift) % 32;
  p.mask = (mask << shift) * 0x00010001u;
  p.addend = ((uint32_t)d->offset << scale & 0xffffu) * 0x00010001u;
  if (p.addend == 0x80008000u && d->flip << shift == 0x8000u)
    p.flip = p.addend = 0; /* of the topmost bit: the addend undoes the flip */
  p.variant = intact_expand_blocks_variant(&p);
  return p;
}

/* Where words go: words t of the two runs to `stride` t and `stride` t + `beside`, and if `twice` also `also`
 * words from there. Constant but for `also` wherever this is inlined. */
typedef struct places {
  uint32_t stride, beside, twice;
  ptrdiff_t also;
} places;

static inline void put(intact_word_alias* to, places at, uint32_t x, uint32_t y) {
  to[0] = x;
  to[at.beside] = y;
  if (at.twice) {
    to[at.also] = x;
    to[at.also + (ptrdiff_t)at.beside] = y;
  }
}

/* x, y: blocks of the two runs, flipped and rotated to their places. */
static inline void expand_block(intact_pairs p, uint32_t x, uint32_t y, uint32_t codes, intact_word_alias* to,
                                places at, uint32_t storage) {
  const uint32_t half = codes / 2;
  uint32_t j;
#pragma GCC unroll 8
  for (j = 0; j < half; j += 2) {
    const uint32_t a = intact_rotate_right(x, j * storage) & p.mask;
    const uint32_t b = intact_rotate_right(x, (j + 1) * storage) & p.mask;
    const uint32_t c = intact_rotate_right(y, j * storage) & p.mask;
    const uint32_t d = intact_rotate_right(y, (j + 1) * storage) & p.mask;
    put(to + j / 2 * at.stride, at, intact_add16(intact_pack_lower(a, b), p.addend),
        intact_add16(intact_pack_lower(c, d), p.addend));
    put(to + (j + half) / 2 * at.stride, at, intact_add16(intact_pack_upper(a, b), p.addend),
        intact_add16(intact_pack_upper(c, d), p.addend));
    /* Else gcc 12 computes all first and spills. */
    __asm__ volatile("" ::: "memory");
  }
}

/* The code at bit `bit` of a run, as the lower halfword. */
static uint32_t one_code(const intact_pairs* p, const uint8_t* run, uint32_t bit) {
  const uint32_t x = ((uint32_t)run[bit / 8] >> bit % 8 ^ p->flip) & ((1u << p->storage) - 1u);
  return intact_add16(intact_rotate_right(x, p->rotate), p->addend) & 0xffffu;
}

static uint32_t one_pair(const intact_pairs* p, const uint8_t* run, uint32_t bit, uint32_t codes) {
  const uint32_t x = one_code(p, run, bit);
  return codes == 1 ? x : intact_pack_lower(x, one_code(p, run, bit + p->storage));
}

/* Codes that make no block, or that do not start with a byte but at bit `bit`. */
static __attribute__((__noinline__)) void expand_rest(const intact_pairs* p, const intact_pair_runs* rest,
                                                      uint32_t bit, uint32_t stride, uint32_t beside) {
  const ptrdiff_t also = rest->to_step; /* 0: nowhere else */
  intact_word_alias* to = rest->to;
  uint32_t count = rest->count;
  while (count > 0) {
    const uint32_t codes = count > 1 ? 2 : 1;
    to[0] = to[also] = one_pair(p, rest->from[0], bit, codes);
    to += beside;
    to[0] = to[also] = one_pair(p, rest->from[1], bit, codes);
    to += stride - beside;
    bit += codes * p->storage;
    count -= codes;
  }
}

/* The block at `run`, flipped and rotated to its place. */
static inline uint32_t load_block(intact_pairs p, const uint8_t* run, uint32_t whole_word) {
  uint32_t u;
  if (whole_word) {
    u = intact_load_any(run);
  } else {
    u = intact_load_half(run);
    u |= u << 8;
  }
  return intact_rotate_right(u ^ p.flip, p.rotate);
}

/* Bytes run[0] and run[1], or one alone below a 0. */
static inline uint32_t byte_pair(intact_pairs p, const uint8_t* run, uint32_t codes) {
  const uint32_t bytes = codes > 1 ? run[0] | (uint32_t)run[1] << 16 : run[0];
  const uint32_t x = intact_add16(intact_rotate_right(bytes ^ (p.flip & 0x00ff00ffu), p.rotate), p.addend);
  return codes > 1 ? x : x & 0xffffu;
}

/* Runs of 1 to 3 bytes: images of few channels. Inlined with a constant count. */
INTACT_INLINED void expand_bytes(const intact_pairs* pairs, const intact_pair_runs* runs, places at,
                                 uint32_t count) {
  const intact_pairs p = *pairs;
  const ptrdiff_t from_step = runs->from_step, to_step = runs->to_step;
  const uint8_t *x = runs->from[0] + runs->first, *y = runs->from[1] + runs->first;
  intact_word_alias* to = runs->to;
  uint32_t times = runs->times;
  for (;;) {
    put(to, at, byte_pair(p, x, count), byte_pair(p, y, count));
    if (count == 3) put(to + at.stride, at, byte_pair(p, x + 2, 1), byte_pair(p, y + 2, 1));
    if (--times == 0) break;
    x += from_step;
    y += from_step;
    to += to_step;
  }
}

static inline __attribute__((__always_inline__)) void expand(const intact_pairs* pairs,
                                                             const intact_pair_runs* runs, places at,
                                                             uint32_t storage) {
  const intact_pairs p = *pairs; /* not reloaded at each store */
  const uint32_t bit = runs->first * storage;
  /* Blocks are words, of 4 bits also a half one behind them; below 4 bits half words. */
  const uint32_t in_block = (storage < 4 ? 16 : 32) / storage;
  const uint32_t blocks = bit % 8 == 0 ? runs->count / in_block : 0, after = runs->count - blocks * in_block;
  const uint32_t half = storage == 4 && bit % 8 == 0 && after >= 4, rest = after - half * 4;
  const uint8_t *from0 = runs->from[0] + bit / 8, *from1 = runs->from[1] + bit / 8;
  const ptrdiff_t from_step = runs->from_step, to_step = runs->to_step;
  intact_word_alias* start = runs->to;
  uint32_t times = runs->times;
  for (;;) {
    const uint8_t *x = from0, *y = from1;
    intact_word_alias* to = start;
    uint32_t i;
    for (i = blocks; i > 0; --i, to += in_block / 2 * at.stride) {
      expand_block(p, load_block(p, x, storage >= 4), load_block(p, y, storage >= 4), in_block, to, at,
                   storage);
      x += in_block * storage / 8;
      y += in_block * storage / 8;
    }
    if (half) {
      expand_block(p, load_block(p, x, 0), load_block(p, y, 0), 4, to, at, storage);
      x += 2;
      y += 2;
      to += 2 * at.stride;
    }
    if (rest) {
      intact_pair_runs few;
      few.from[0] = x;
      few.from[1] = y;
      few.count = rest;
      few.to = to;
      few.to_step = at.twice ? at.also : 0;
      expand_rest(pairs, &few, bit % 8, at.stride, at.beside);
    }
    if (--times == 0) break; /* else pointers would leave their arrays */
    from0 += from_step;
    from1 += from_step;
    start += to_step;
  }
}

static inline __attribute__((__always_inline__)) void expand_any(const intact_pairs* p,
                                                                 const intact_pair_runs* runs, places at) {
  switch (p->storage) {
    case 8:
      if (runs->count == 1)
        expand_bytes(p, runs, at, 1);
      else if (runs->count == 3)
        expand_bytes(p, runs, at, 3);
      else
        expand(p, runs, at, 8);
      break;
    case 4:
      expand(p, runs, at, 4);
      break;
    case 2:
      expand(p, runs, at, 2);
      break;
    default:
      expand(p, runs, at, 1);
      break;
  }
}

void intact_expand_by2(const intact_pairs* p, const intact_pair_runs* runs) {
  const places at = {2, 1, 0, 0};
  if (p->order != INTACT_ORDER_NATURAL)
    intact_expand_blocks(p, runs, 2, 0);
  else
    expand_any(p, runs, at);
}

void intact_expand_by4(const intact_pairs* p, const intact_pair_runs* runs, ptrdiff_t also) {
  const places at = {4, 1, 1, also};
  if (p->order != INTACT_ORDER_NATURAL)
    intact_expand_blocks(p, runs, 4, also);
  else
    expand_any(p, runs, at);
}

void intact_expand_by6(const intact_pairs* p, const intact_pair_runs* runs) {
  const places at = {6, 3, 0, 0};
  if (p->order != INTACT_ORDER_NATURAL)
    intact_expand_blocks(p, runs, 6, 0);
  else
    expand_any(p, runs, at);
}

#endif
