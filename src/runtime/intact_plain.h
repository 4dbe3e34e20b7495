/* Convolution by 32-bit multiplications alone, for cores without vectors or 16-bit pairs: what the kernels
 * DIRECT_PLAIN, PIXEL_PAIR and WINOGRAD_PLAIN share.
 *
 * Four words (a quad) stand side by side for four places of the image, so that each weight that is loaded
 * serves four multiplications. A word holds `fields` places, field f at bit f field_bits. Everything is
 * linear modulo 2^32: a word of sums is the sum over f of acc_f 2^(f field_bits), whatever its parts were on
 * the way, and the fields come out exactly where -2^(field_bits - 1) <= acc_f < 2^(field_bits - 1) for each
 * but the topmost, which has the bits that are left. The exporter proves that from the weights; it is what a
 * kernel's parameter promises.
 */
#ifndef INTACT_PLAIN_H
#define INTACT_PLAIN_H

#include "intact_isa.h"
#include "intact_kernels.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef uint32_t INTACT_MAY_ALIAS intact_plain_word;

enum {
  INTACT_PLAIN_FIELDS = 3,           /* at most */
  INTACT_PLAIN_NOWHERE = 0x7fffffff, /* offset of a pixel that is not there */
  INTACT_PLAIN_SCRATCH = 1 << 20     /* no plan uses more */
};

/* sums[o step + 4 p + l] += sum over i < depth of quads[4 (p depth + i) + l] weights[(o points + p) depth +
 * i], for o < outs, p < points, l < 4. depth: a multiple of 4, at least 4; points and outs at least 1.
 * weights and sums: at multiples of 4 bytes. */
void intact_plain_multiply(const intact_plain_word* quads, const intact_i16* weights, intact_plain_word* sums,
                           uint32_t depth, uint32_t points, uint32_t outs, uint32_t step);

struct intact_plain_decoder;
typedef void intact_plain_expander(const struct intact_plain_decoder* d, const uint8_t* const* runs,
                                   uint32_t first, uint32_t count, intact_plain_word* to);

/* The input's decoder for all fields of a word at once. */
typedef struct intact_plain_decoder {
  intact_plain_expander* expand;
  uint32_t storage, shift, fields, field_bits;
  uint32_t flip; /* of all codes in a byte */
  uint32_t mask, offset;
} intact_plain_decoder;

intact_plain_decoder intact_plain_make_decoder(const intact_conv* c, uint32_t fields, uint32_t field_bits);

/* to[4 i] = sum over f < fields of code first + i of runs[f], decoded, 2^(f field_bits), for i < count. Where
 * a group's channels fill bytes, first and count do so too. */
static inline void intact_plain_expand(const intact_plain_decoder* d, const uint8_t* const* runs,
                                       uint32_t first, uint32_t count, intact_plain_word* to) {
  d->expand(d, runs, first, count, to);
}

/* A pixel of padding: input.pixel_bytes. */
void intact_plain_padding(const intact_conv* c, uint8_t* to);

/* count words, a multiple of 4 and not 0, to a lower address. */
void intact_plain_move(intact_plain_word* to, const intact_plain_word* from, uint32_t count);

/* to[0 .. count - 1] = the weights of output channel o with the tap indices first .. first + count - 1. */
void intact_plain_weights(const intact_conv* c, uint32_t o, uint32_t first, uint32_t count, intact_i16* to);

/* Takes words of two or three fields apart: to[f count + i] = field f of words[i]. */
void intact_plain_split(const intact_plain_word* words, uint32_t count, uint32_t fields, uint32_t field_bits,
                        intact_plain_word* to);

/* The pixels whose codes intact_plain_finish writes: pixel i starts at byte at[i] of the output, or is
 * nowhere. What it has of a byte that several output channels share stays in `byte` until the last of them
 * comes. */
typedef struct intact_plain_pixels {
  const intact_plain_word* at;
  uint32_t count;
  intact_plain_word* byte; /* null: none is begun */
  uint32_t shift;          /* where in the byte the first of its channels stands */
} intact_plain_pixels;

/* Turns the accumulators of output channel o, one a pixel, into codes. Channels of a pixel must come in
 * ascending order; more: o + 1 comes next. Overwrites acc, which becomes pixels->byte where a byte begins. */
void intact_plain_finish(const intact_conv* c, uint32_t o, intact_plain_word* acc,
                         intact_plain_pixels* pixels, uint32_t more);

/* Words that accumulators of a channel take while those of others may be kept: two halves, and the free one.
 */
static inline uint32_t intact_plain_halves(const intact_conv* c) {
  return c->output.storage_bits < 8 && c->output.kind != INTACT_KIND_SIGNED && !c->has_residual ? 2 : 1;
}
static inline intact_plain_word* intact_plain_free_half(const intact_plain_pixels* pixels,
                                                        intact_plain_word* halves) {
  return pixels->byte == halves ? halves + pixels->count : halves;
}

/* Accumulators of output channel o to codes by `round`, in place, without residual; not an int32 output. */
void intact_plain_requantize(const intact_conv* c, uint32_t o, const intact_round* round,
                             intact_plain_word* words, uint32_t count);

/* DIRECT_PLAIN and PIXEL_PAIR: a matrix product in blocks. The K tap indices are taken in chunks, the output
 * channels of a group in blocks, the pixels in blocks of `quads` quads; where there is one chunk, a block's
 * weights are expanded once for all pixels. */
typedef struct intact_plain_plan {
  uint32_t fields, field_bits;
  uint32_t chunk, depth; /* tap indices, the same rounded up to a multiple of 4 */
  uint32_t outs, quads;
  uint32_t at_values, at_sums, at_fields, at_pixels,
      at_padding; /* offsets in scratch; the weights are at 0 */
  uint32_t bytes;
  uint32_t cost; /* instructions for a multiplication of a quad, times 64 */
} intact_plain_plan;

int intact_plain_find(const intact_conv* c, uint32_t fields, uint64_t limit, intact_plain_plan* plan);

#ifdef __cplusplus
}
#endif

#endif
