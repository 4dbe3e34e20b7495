/* ARITHMETIC section 3 on vectors of four pixels, and packed stores. Accumulators lie channel after channel,
 * four pixels (a "tile") each: acc[channel][lane]. Armv8.1-M with MVE only.
 */
#ifndef INTACT_MVE_QUANTIZE_H
#define INTACT_MVE_QUANTIZE_H

#include "../intact_kernels.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef int32_t INTACT_MAY_ALIAS intact_i32; /* element of an array in scratch memory */

/* A block of output channels first .. first + count - 1; first * storage is a multiple of 8 bits. */
typedef struct intact_quantizer {
  const intact_conv* conv;
  const intact_i32* table; /* multiplier and addend of each channel; count rounded up to 4 */
  uint32_t first, count;
  uint32_t pixels[4];  /* of the lanes, counted from lane 0 */
  uint32_t extra_bits; /* accumulators are multiples of 2 to this; at most 8 */
  uint32_t whole_words;
  uint32_t unsigned_bytes; /* of whole words: 8 bits, unsigned, r = 16, no clamp but that of the storage */
} intact_quantizer;

enum { INTACT_QUANTIZER_BYTES = 8 }; /* of the table, a channel */

/* Fills `table` (count rounded up to 4 entries of INTACT_QUANTIZER_BYTES) and sets lane i to pixel i, no
 * extra bits. */
void intact_quantizer_init(intact_quantizer* q, const intact_conv* conv, intact_i32* table, uint32_t first,
                           uint32_t count);

/* Where accumulators lie and to which pixels they belong: tile t starts at acc + t * acc_step bytes and has
 * its lane 0 at output pixel `pixel` + t * pixel_step. Lanes whose 4 bits in `mask` are 0 are not stored.
 * Rows of four are read for count rounded up to 4 channels. */
typedef struct intact_tiles {
  const intact_i32* acc;
  uint32_t acc_step, tiles;
  uint32_t pixel, pixel_step;
  uint32_t mask;
} intact_tiles;

enum { INTACT_ALL_LANES = 0xffff };

void intact_quantize(const intact_quantizer* q, const intact_tiles* tiles);

/* Of mve_quantize_words.c: whole words of codes without residual, k at least 1. */
typedef struct intact_word_job {
  const intact_i32* acc;   /* 0; consumed */
  uint32_t acc_step;       /* 4 */
  const intact_i32* table; /* 8; consumed */
  uint32_t words;          /* 12: of 32 / storage channels; consumed */
  uint32_t tiles;          /* 16; consumed by all but _bytes */
  uint32_t out_step;       /* 20: bytes from a tile to the next */
  uint32_t k;              /* 24: k - 1 - extra bits */
  uint32_t align;          /* 28: 32 - bits - r */
  uint32_t mask;           /* 32 */
  uint32_t groups;         /* 36: of 4 channels in a word */
  int32_t word_shift;      /* 40: -(unused bits at the top of a word) */
  uint8_t* to;             /* 44: word of lane 0; consumed */
  uint32_t lanes[4];       /* 48: bytes from it to the lanes' words */
  uint32_t flip;           /* 64 */
  uint32_t low, high;      /* 68, 72: of four bytes, before the flip */
} intact_word_job;

void intact_quantize_bytes(intact_word_job* job);         /* 8 bits */
void intact_quantize_clamped_bytes(intact_word_job* job); /* and the range low .. high */
/* unsigned_bytes: the table holds b itself; _all: whatever the mask. */
void intact_quantize_unsigned_bytes(intact_word_job* job);
void intact_quantize_all_unsigned_bytes(intact_word_job* job);
void intact_quantize_nibbles(intact_word_job* job);
void intact_quantize_crumbs(intact_word_job* job);
void intact_quantize_half_crumbs(intact_word_job* job); /* 8 codes alone */
void intact_quantize_word_signs(intact_word_job* job);
void intact_quantize_half_signs(intact_word_job* job); /* a word of 16 codes and 16 zeros */
void intact_quantize_high_signs(
    intact_word_job* job); /* the upper half alone of a word whose lower is there */
void intact_quantize_signs(intact_word_job* job);

#ifdef __cplusplus
}
#endif

#endif
