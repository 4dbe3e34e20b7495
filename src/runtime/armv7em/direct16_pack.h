/* Words of two pixels' codes of one or two bits (direct16_tiles.h) to packed codes. */
#ifndef INTACT_DIRECT16_PACK_H
#define INTACT_DIRECT16_PACK_H

#include <stdint.h>

typedef struct intact_direct16_words {
  const uint8_t* from; /* of the first pair of pixels, a multiple of 4: a word for each tile */
  uint32_t step;       /* from pair to pair, bytes */
  uint8_t* to;         /* in the first pixel */
  uint32_t beside;     /* from pixel to pixel, bytes; 0: a pair is its first pixel alone */
  uint32_t pairs;      /* of pixels, at least 1 */
  uint32_t flip;       /* of all bits; two bits: 0 */
} intact_direct16_words;

/* The first eight or four tiles of each pair: 16 or 8 channels of two bits or of one. Whole bytes; `to` may
 * be any address. */
void intact_direct16_pack2_eight(const intact_direct16_words* words);
void intact_direct16_pack2_four(const intact_direct16_words* words);
void intact_direct16_pack1_eight(const intact_direct16_words* words);
void intact_direct16_pack1_four(const intact_direct16_words* words);

/* The first `tiles` tiles, below 4; bits behind the last code are 0. */
void intact_direct16_pack_few(const intact_direct16_words* words, uint32_t tiles, uint32_t storage);

#endif
