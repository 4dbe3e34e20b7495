/* Whole blocks of eight packed codes to scaled halfwords in pairs, two runs of codes side by side. */
#ifndef INTACT_EXPAND_BLOCKS_H
#define INTACT_EXPAND_BLOCKS_H

#include "expand_pairs.h"

/* For p->variant, from all else in *p. */
uint32_t intact_expand_blocks_variant(const intact_pairs* p);

/* What intact_expand_by2 (place 2), by4 (4) and by6 (6) do, where p->order is not INTACT_ORDER_NATURAL. */
void intact_expand_blocks(const intact_pairs* p, const intact_pair_runs* runs, uint32_t place,
                          ptrdiff_t also);

#endif
