/* A word holds 32 / s codes of s bits. Masking it, shifted by s j bits, leaves codes j and j + 16 / s in the
 * two halfwords; two neighbouring j, packed crosswise, are codes (j, j + 1) and (j + 16 / s, j + 1 + 16 / s).
 */
#include "expand16.h"

#include "dsp_instructions.h"

#if INTACT_ISA_ARMV7M

/* Inlined with a constant storage. ((u XOR flip) << shift) + offset does not leave its halfword: shift is 1
 * for bipolar codes and 0 for others, and the sum is |v| <= 255. */
static inline void expand_words(const intact_decoder* d, const uint8_t* from, uint32_t words,
                                intact_word_alias* to, uint32_t storage) {
  const uint32_t half = 16 / storage;
  const uint32_t shift = storage == 1 ? d->shift : 0;
  const uint32_t mask = (((1u << storage) - 1u) << shift) * 0x00010001u;
  const uint32_t flip = d->flip * (0xffffffffu / ((1u << storage) - 1u));
  const uint32_t offset = ((uint32_t)d->offset & 0xffffu) * 0x00010001u;
  for (; words > 0; --words, from += 4, to += half) {
    const uint32_t x = intact_rotate_right(intact_load_any(from) ^ flip, (32 - shift) & 31u);
    uint32_t j;
#pragma GCC unroll 8
    for (j = 0; j < half; j += 2) {
      const uint32_t a = intact_add16(intact_rotate_right(x, j * storage) & mask, offset);
      const uint32_t b = intact_add16(intact_rotate_right(x, (j + 1) * storage) & mask, offset);
      to[j / 2] = intact_pack_lower(a, b);
      to[(j + half) / 2] = intact_pack_upper(a, b);
      __asm__ volatile("" ::: "memory"); /* else gcc 12 computes all first and spills */
    }
  }
}

static inline void expand_run(const intact_decoder* decoder, const uint8_t* run, uint32_t first,
                              uint32_t count, intact_i16* to, uint32_t storage) {
  const intact_decoder d = *decoder; /* not reloaded at each store */
  const uint32_t per_byte = 8 / storage, per_word = 32 / storage;
  const uint8_t* from = run + first / per_byte;
  uint32_t skip = first % per_byte;
  if (skip == 0) { /* else words of codes would not start where bytes do */
    const uint32_t words = count / per_word;
    expand_words(&d, from, words, (intact_word_alias*)(void*)to, storage);
    from += (size_t)words * 4;
    to += (size_t)words * per_word;
    count -= words * per_word;
  }
  while (count > 0) {
    uint32_t x = (uint32_t)*from++ >> (skip * storage);
    uint32_t codes = per_byte - skip;
    if (codes > count) codes = count;
    count -= codes;
    skip = 0;
    for (; codes > 0; --codes, x >>= storage)
      *to++ = (intact_i16)intact_decode(&d, x & ((1u << storage) - 1u));
  }
}

void intact_expand16(const intact_decoder* d, const uint8_t* run, uint32_t first, uint32_t count,
                     intact_i16* to) {
  switch (d->storage) {
    case 8:
      expand_run(d, run, first, count, to, 8);
      break;
    case 4:
      expand_run(d, run, first, count, to, 4);
      break;
    case 2:
      expand_run(d, run, first, count, to, 2);
      break;
    default:
      expand_run(d, run, first, count, to, 1);
      break;
  }
}

#endif
