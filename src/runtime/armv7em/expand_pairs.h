/* Packed codes to scaled halfwords in pairs, two runs of codes side by side. */
#ifndef INTACT_EXPAND_PAIRS_H
#define INTACT_EXPAND_PAIRS_H

#include <stddef.h>

#include "../intact_codes.h"

/* Which codes of a run become its words. What is multiplied word by word has the same order. */
typedef enum intact_pair_order {
  INTACT_ORDER_NATURAL, /* 2 t and 2 t + 1; an odd last one stands with 0 */
  /* Of each eight codes, of which runs are made and start at bytes: 0 and 2, 1 and 3, 4 and 6, 5 and 7, */
  INTACT_ORDER_DISTANCE_2,
  INTACT_ORDER_DISTANCE_4 /* or 0 and 4, 1 and 5, 2 and 6, 3 and 7 */
} intact_pair_order;

/* The order that costs least for values of `storage` bits in runs of `count` codes and multiples of it. */
static inline uint32_t intact_best_order(uint32_t storage, uint32_t count) {
  if (count % 8 != 0) return INTACT_ORDER_NATURAL;
  return storage == 8 ? INTACT_ORDER_DISTANCE_2 : INTACT_ORDER_DISTANCE_4;
}

/* What a code becomes: its decoded value times 2^scale. Treat as private. */
typedef struct intact_pairs {
  uint32_t order; /* intact_pair_order */
  uint32_t storage;
  uint32_t flip;    /* of all codes of a word */
  uint32_t rotate;  /* to the right, brings code 0 to its place in the lower halfword */
  uint32_t mask;    /* of a code at that place, in both halfwords */
  uint32_t addend;  /* in both halfwords */
  uint32_t variant; /* how blocks are expanded (expand_blocks.h) */
} intact_pairs;

/* d->storage + d->shift + scale <= 16 and -2^15 <= decoded value 2^scale < 2^15 for every code. */
intact_pairs intact_make_pairs(const intact_decoder* d, uint32_t scale, uint32_t order);

/* Several times two runs of `count` codes; the first code of each is number `first` from the run's start.
 * Word t of a run holds two of its codes, in the lower and the upper half (intact_pair_order). Only bytes
 * that hold these codes are read. */
typedef struct intact_pair_runs {
  const uint8_t* from[2];
  ptrdiff_t from_step; /* bytes to the next runs */
  uint32_t first, count;
  uint32_t times;        /* at least 1 */
  intact_word_alias* to; /* a multiple of 4 */
  ptrdiff_t to_step;     /* words to the next runs' */
} intact_pair_runs;

/* Words t of the two runs to words 2 t and 2 t + 1. */
void intact_expand_by2(const intact_pairs* p, const intact_pair_runs* runs);
/* To words 4 t and 4 t + 1, and also to the words `also` words from there. The order is NATURAL or the best.
 */
void intact_expand_by4(const intact_pairs* p, const intact_pair_runs* runs, ptrdiff_t also);
/* To words 6 t and 6 t + 3. */
void intact_expand_by6(const intact_pairs* p, const intact_pair_runs* runs);

#endif
