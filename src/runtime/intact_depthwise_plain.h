/* DEPTHWISE_PLAIN: depthwise convolution by 32-bit multiplications, as
 * intact_plain.h does it.
 *
 * A pass computes `fields` bands of `rows` output rows, one below the other,
 * for all channels. The channels of one input byte are expanded together into
 * planes of words, whose field f holds the code of band f: raw and not
 * negative; the decoder's shift and offset are in the weights and in the sums'
 * start. Columns stand by their remainder modulo the stride, so that
 * neighbouring outputs read neighbouring words at each tap. Then each channel's
 * taps sweep its plane four outputs at a time.
 */
#ifndef INTACT_DEPTHWISE_PLAIN_H
#define INTACT_DEPTHWISE_PLAIN_H

#include "intact_plain.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { INTACT_DEPTHWISE_PLAIN_FIELDS = 4 /* at most */ };

typedef struct intact_depthwise_plain_plan {
  uint32_t fields, field_bits;
  uint32_t rows;                                    /* of a band */
  uint32_t in_rows;                                 /* that they read */
  uint32_t columns, phase;                          /* read in a row; words of one remainder */
  uint32_t pitch, plane;                            /* words of a row and of a channel */
  uint32_t at_planes, at_sums, at_codes, at_places; /* offsets in scratch; the taps are at 0 */
  uint32_t bytes;
  uint32_t passes;
  uint32_t by_places; /* residuals, int32 outputs, negative codes that share bytes */
} intact_depthwise_plain_plan;

/* A weight with the decoder's shift, and where its first code is, in bytes from
 * an output row's first. */
typedef struct INTACT_MAY_ALIAS intact_depthwise_plain_tap {
  uint32_t weight, offset;
} intact_depthwise_plain_tap;

/* conv->parameter: fields. */
int intact_depthwise_plain_find(const intact_conv* c, uint64_t limit, intact_depthwise_plain_plan* plan);

/* Rows of a plane against a channel's taps. */
typedef struct intact_depthwise_plain_job {
  const intact_plain_word* words; /* that the first output of the first row begins with */
  const intact_depthwise_plain_tap *taps, *end;
  intact_plain_word* sums;
  uint32_t quads, rows;
  uint32_t words_step, sums_step; /* bytes from a row to the next */
  uint32_t start;
  uint32_t kernel_h;
} intact_depthwise_plain_job;

/* In each row: sums[i] = start + sum over the taps of weight (the word that
 * lies offset bytes behind words + i), for i < 4 quads. At least one tap, quad
 * and row. */
void intact_depthwise_plain_sweep(const intact_depthwise_plain_job* job);
/* The same for 3x3 taps, those of a kernel row side by side. Not on Armv6-M. */
void intact_depthwise_plain_sweep_3x3(const intact_depthwise_plain_job* job);

/* Its assembly for Armv7-M without DSP: the Cortex-M3. */
#if defined(__ARM_ARCH_7M__)
#define INTACT_DEPTHWISE_PLAIN_3X3 1
#else
#define INTACT_DEPTHWISE_PLAIN_3X3 0
#endif

/* All words of the planes to padding: once before a pass. */
void intact_depthwise_plain_pad(const intact_conv* c, const intact_depthwise_plain_plan* p);
/* The planes of the channels of byte `byte` of the input's pixels, for the pass
 * that begins with output row `first`: all words that are not padding in all
 * bands. */
void intact_depthwise_plain_expand(const intact_conv* c, const intact_depthwise_plain_plan* p, uint32_t first,
                                   uint32_t byte);

/* Codes of output channel o for `rows` output rows from row `first` on. sums:
 * field `number` of each holds an accumulator plus half of the field's range
 * where there are several fields. */
void intact_depthwise_plain_finish(const intact_conv* c, const intact_depthwise_plain_plan* p, uint32_t o,
                                   uint32_t number, uint32_t first, uint32_t rows);

/* Accumulators of output channel o to codes: that of acc[i] into the byte to[i
 * step], from bit `bit` on. Codes below it are there, those above it become
 * zero. No residual, at most 8 bits, no negative codes below 8 bits. Overwrites acc. */
void intact_depthwise_plain_codes(const intact_conv* c, uint32_t o, intact_plain_word* acc, uint32_t count,
                                  uint8_t* to, uint32_t step, uint32_t bit);

/* A field of sums: an accumulator is its `bits` bits from bit `shift` on, less half of their range. */
typedef struct intact_depthwise_plain_field {
  const intact_plain_word* sums;
  intact_plain_word* acc; /* as much room */
  uint32_t shift, bits;
} intact_depthwise_plain_field;

/* The same for `count` accumulators of a field; one more may be taken. */
void intact_depthwise_plain_field_codes(const intact_conv* c, uint32_t o,
                                        const intact_depthwise_plain_field* field, uint32_t count,
                                        uint8_t* to, uint32_t step, uint32_t bit);

#ifdef __cplusplus
}
#endif

#endif
