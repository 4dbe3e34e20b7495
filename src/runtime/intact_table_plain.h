/* TABLE_PLAIN: inputs and weights of at most 4 bits by tables of sums of weights, indexed by bits of the
 * input.
 *
 * A code u is the sum of its bits, u = sum over p of 2^p u_p. For four input channels of a tap, a table holds
 * for each of the 16 patterns of their bits u_p the sum of the weights where a bit is set, less the sum of
 * the negative ones: a byte of 0 .. sum |w|. An entry has these bytes of 16 output channels (a block), so
 * that four words are loaded and added for 64 products of a bit. The same tables serve all bit planes.
 *
 * Bytes are added as long as every channel's sum of |w| is at most 255, then spread to halfwords (spilled),
 * shifted by p. A field of the result is sum w u + (2^planes - 1) sum |negative w|. It fits 16 bits: that is
 * what the parameter promises. Codes of one bit come straight from the bytes where these need no spilling:
 * a channel's byte starts so that its top bit tells whether the threshold is reached.
 *
 * Of a block's channels, k, 8 + k, 4 + k, 12 + k have the bytes of word k, from the lowest. So one shift by
 * 12 brings the top bits of all 16 bytes in order.
 *
 * Tables are made once for all pixels. Where they do not fit they are made in chunks, with the fields of all
 * pixels in memory. A program tells what to look up for a pixel, the same for all pixels.
 */
#ifndef INTACT_TABLE_PLAIN_H
#define INTACT_TABLE_PLAIN_H

#include "intact_plain.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef uint16_t INTACT_MAY_ALIAS intact_table_index;

enum {
  INTACT_TABLE_OUTS = 16,      /* output channels in a block */
  INTACT_TABLE_BYTES = 256,    /* 16 entries of 16 bytes */
  INTACT_TABLE_UNIT = 4,       /* tables that a step of a program looks up, at most */
  INTACT_TABLE_WORDS = 4,      /* of an entry */
  INTACT_TABLE_SUM_WORDS = 8,  /* of a pixel: channels k and 4 + k, 8 + k and 12 + k for each k < 4 */
  INTACT_TABLE_THRESHOLDS = 3, /* of a channel */
  INTACT_TABLE_KERNEL_H = 16   /* at most */
};

typedef struct intact_table_plan {
  uint32_t planes, fours;    /* bits of an input code; input channels by four */
  uint32_t units_tap, units; /* steps for a tap, for all */
  uint32_t unit_bytes;       /* of a step's tables */
  uint32_t chunk, chunks;    /* steps */
  uint32_t positions;        /* columns of a line */
  uint32_t pixel, line;      /* bytes of a column's indices and of a line's */
  uint32_t sum_rows;         /* output rows with fields: 1 or all */
  uint32_t at_program, at_lines, at_sums, at_acc, at_pixels, at_flags, at_padding; /* the tables are at 0 */
  uint32_t bytes;
} intact_table_plan;

int intact_table_find(const intact_conv* c, uint64_t limit, intact_table_plan* plan);

/* A step of a program. LOOK: adds `1 .. 4` tables' entries to four words of bytes: those that start at byte
 * `base` of the tables by the indices from byte `index` on behind the window's. With n < 4 tables both are as
 * if 4 - n stood before. SPILL, STORE: fields += or = bytes << base; the bytes are 0 then. The last step
 * goes on with the next pixel: END, or BITS, which makes a pixel's codes of the bytes and writes them, as a
 * word or as its upper half. */
enum {
  INTACT_TABLE_END = 0,
  INTACT_TABLE_SPILL = 5,
  INTACT_TABLE_STORE = 6,
  INTACT_TABLE_BITS = 7,
  INTACT_TABLE_BITS_UPPER = 8
};

typedef struct intact_table_step {
  uint32_t operation; /* what intact_table_operation gives */
  uint32_t index, base;
} intact_table_step;

/* Codes of one bit from bytes: bits 4 .. 19 of ((top bits of all bytes) AND care) XOR flip. */
typedef struct intact_table_bits {
  uint32_t start[INTACT_TABLE_WORDS]; /* what the bytes start at */
  uint32_t care, flip;
} intact_table_bits;

typedef struct intact_table_job {
  const intact_table_step* program;
  const uint8_t *window, *end; /* the first pixel's indices, those behind the last one's */
  uint32_t step;               /* bytes from a window to the next one */
  uint8_t* to;                 /* the first pixel's fields, or its codes' word */
  uint32_t to_step;            /* bytes from those to the next pixel's */
  const uint8_t* tables;
  intact_table_bits bits; /* start: zeros unless the program ends with BITS */
} intact_table_job;

/* What a step's operation and its base are given as, where the inner loop wants another form. */
uint32_t intact_table_operation(uint32_t operation);
uint32_t intact_table_address(const uint8_t* tables);
/* Runs the program for each pixel. */
void intact_table_sums(const intact_table_job* job);

/* What is known of a block's channels. */
typedef struct intact_table_block {
  uint32_t first, outs;
  uint32_t spills;                                                   /* of a plane, in all chunks */
  uint32_t negative[INTACT_TABLE_OUTS], positive[INTACT_TABLE_OUTS]; /* sums of |w| */
  /* acc = (field << shift) + base */
  uint32_t base[INTACT_TABLE_OUTS];
  /* Codes by thresholds: bits 14 of field + threshold, counted, then flipped. */
  uint32_t by_thresholds;
  uint32_t thresholds[INTACT_TABLE_SUM_WORDS][INTACT_TABLE_THRESHOLDS];
  uint32_t flip;
  uint32_t by_bits; /* codes by `bits` */
  intact_table_bits bits;
} intact_table_block;

/* Tables of the steps first .. first + count - 1, and before which to spill; `block` learns of their weights.
 */
void intact_table_build(const intact_conv* c, const intact_table_plan* p, intact_table_block* block,
                        uint32_t first, uint32_t count);
/* After the last table: how codes follow from fields. */
void intact_table_prepare(const intact_conv* c, const intact_table_plan* p, intact_table_block* block);
/* The program over the tables, with each kernel row's indices at the start of the lines. */
void intact_table_program(const intact_conv* c, const intact_table_plan* p, const intact_table_block* block,
                          uint32_t first, uint32_t count);
/* Moves the indices of kernel row ky by moves[ky] bytes. */
void intact_table_aim(const intact_conv* c, const intact_table_plan* p, uint32_t first, uint32_t count,
                      const uint32_t* moves);
/* The indices of input row y, counted from the padding above. */
void intact_table_line(const intact_conv* c, const intact_table_plan* p, uint32_t y, uint8_t* to);
/* Codes of output row y from fields. */
void intact_table_finish(const intact_conv* c, const intact_table_plan* p, const intact_table_block* block,
                         const intact_plain_word* sums, uint32_t y);

/* Of channel o of a block: the word of fields with its own, and the place there. */
static inline uint32_t intact_table_sum_word(uint32_t o) {
  return 2 * (o & 3u) + (o >> 3);
}
static inline uint32_t intact_table_sum_shift(uint32_t o) {
  return 4 * (o & 4u);
}

#ifdef __cplusplus
}
#endif

#endif
