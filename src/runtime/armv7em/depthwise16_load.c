/* Weights from packed rows to what a sweep holds in registers. */
#include "depthwise16.h"
#include "dsp_instructions.h"

#if INTACT_ISA_ARMV7EM

/* (low, high) in halfwords; what does not fit is lost. */
static uint32_t pair(uint32_t low, uint32_t high) {
  return (low & 0xffffu) | high << 16;
}

/* Each returns the sum of the weights, before they are scaled. */
static uint32_t load_taps(const intact_conv* c, const intact_decoder* d, uint32_t shift, const uint8_t* row,
                          intact_depthwise16_word* to) {
  const uint32_t kernel_h = c->window.kernel_h, kernel_w = c->window.kernel_w;
  uint32_t sum = 0, kx, ky;
  for (kx = 0; kx < kernel_w; ++kx) {
    for (ky = 0; ky < kernel_h; ky += 2) {
      const uint32_t low = (uint32_t)intact_decode_at(d, row, ky * kernel_w + kx);
      const uint32_t high =
          ky + 1 < kernel_h ? (uint32_t)intact_decode_at(d, row, (ky + 1) * kernel_w + kx) : 0;
      sum += low + high;
      *to++ = pair(low << shift, high << shift);
    }
  }
  return sum;
}

/* Code number i of `storage` bits from bit 0 of `codes`, sign extended. */
static inline uint32_t signed_code(uint32_t codes, uint32_t storage, uint32_t i) {
  return (uint32_t)intact_asr(intact_to_i32(codes << (32 - storage * (i + 1))), 32 - storage);
}

/* The weights times 2^shift. Reads the bytes of nine codes: 9, 5, 3 or 2. */
static uint32_t load_3x3(const intact_conv* c, uint32_t shift, const uint8_t* row, uint32_t w[9]) {
  const uint32_t one = 1u << shift;
  uint32_t codes, sum = 0, i;
  switch (c->weight_storage) {
    case 8:
#pragma GCC unroll 9
      for (i = 0; i < 9; ++i) w[i] = signed_code(row[i], 8, 0) << shift;
      break;
    case 4:
      codes = intact_load_any(row);
#pragma GCC unroll 8
      for (i = 0; i < 8; ++i) w[i] = signed_code(codes, 4, i) << shift;
      w[8] = signed_code(row[4], 4, 0) << shift;
      break;
    case 2:
      codes = intact_load_half(row) | (uint32_t)row[2] << 16;
#pragma GCC unroll 9
      for (i = 0; i < 9; ++i) w[i] = signed_code(codes, 2, i) << shift;
      break;
    default: /* bipolar */
      codes = intact_load_half(row);
#pragma GCC unroll 9
      for (i = 0; i < 9; ++i) w[i] = (codes >> i & 1u) * (2 * one) - one;
      break;
  }
#pragma GCC unroll 9
  for (i = 0; i < 9; ++i) sum += w[i];
  return (uint32_t)intact_asr(intact_to_i32(sum), shift);
}

static void put_fields(const intact_conv* c, const uint32_t w[9], intact_depthwise16_word* to) {
  const uint32_t stride = c->window.stride_w;
  uint32_t i;
  const uint32_t* of = w;
  for (i = 0; i < 5; ++i, of = i == 3 ? w : of + 3) {
    if (stride == 1) {
      to[2 * i] = of[2] + (of[1] << 16);
      to[2 * i + 1] = of[0];
    } else {
      to[3 * i] = of[2] << 16;
      to[3 * i + 1] = of[0];
      to[3 * i + 2] = of[1];
    }
  }
}

static void put_pairs(const uint32_t w[9], intact_depthwise16_word* to) {
  uint32_t i;
  for (i = 0; i < 3; ++i) {
    to[2 * i] = pair(w[i], w[i + 3]);
    to[2 * i + 1] = pair(w[i + 3], w[i + 6]);
  }
}

/* The words of PAIRS from codes of one or two bits, without taking them apart: both codes of a word are
 * masked together. Inlined with constant storage. Returns the sum as above. */
static inline uint32_t load_packed(const intact_decoder* d, uint32_t shift, const uint8_t* row,
                                   intact_depthwise16_word* to, uint32_t storage) {
  const uint32_t mask = (((1u << storage) - 1u) << (d->shift + shift)) * 0x00010001u;
  const uint32_t offset = ((uint32_t)d->offset << shift & 0xffffu) * 0x00010001u;
  const uint32_t flip = d->flip * (0xffffffffu / ((1u << storage) - 1u)),
                 left = (32 - d->shift - shift) & 31u;
  const uint32_t codes = (intact_load_half(row) | (storage == 2 ? (uint32_t)row[2] << 16 : 0)) ^ flip;
  const uint32_t second = codes >> 3 * storage;
  const uint32_t upper = intact_rotate_right(intact_pack_lower(codes, second), left);
  const uint32_t lower = intact_rotate_right(intact_pack_lower(second, codes >> 6 * storage), left);
  uint32_t sum = 0, i;
#pragma GCC unroll 3
  for (i = 0; i < 3; ++i, to += 2) {
    to[0] = intact_add16(intact_rotate_right(upper, i * storage) & mask, offset);
    to[1] = intact_add16(intact_rotate_right(lower, i * storage) & mask, offset);
    sum = intact_smlad(to[0], 0x00010001u, intact_smlad(to[1], 0x00010000u, sum));
  }
  return (uint32_t)intact_asr(intact_to_i32(sum), shift);
}

/* What a channel's sums start at, multiplier and bias. Returns behind. */
static inline intact_depthwise16_word* put_constants(const intact_conv* c, uint32_t channel, uint32_t start,
                                                     intact_depthwise16_word* to) {
  to[0] = start;
  to[1] = c->output.storage_bits == 32 ? 0 : intact_load_word(c->multipliers + (size_t)channel * 4);
  to[2] = intact_load_word(c->biases + (size_t)channel * 4);
  return to + INTACT_DEPTHWISE16_CONSTANTS;
}

/* PAIRS, weights of one or two bits. */
INTACT_APART static void load_all_packed(const intact_conv* c, const intact_depthwise16_scale* scale,
                                         uint32_t first, uint32_t channels, intact_depthwise16_word* weights,
                                         intact_depthwise16_word* constants) {
  const intact_decoder d = intact_make_decoder(c->weight_kind, c->weight_storage, 0);
  uint32_t i, sum;
  for (i = first; i < first + channels; ++i, weights += INTACT_DEPTHWISE16_PAIRS_WEIGHTS) {
    const uint8_t* row = c->weights + (size_t)i * c->row_bytes;
    if (d.storage == 2)
      sum = load_packed(&d, scale->weight_shift, row, weights, 2);
    else
      sum = load_packed(&d, scale->weight_shift, row, weights, 1);
    constants = put_constants(c, i, (sum * (uint32_t)scale->offset) << scale->start_shift, constants);
  }
}

void intact_depthwise16_load(const intact_conv* c, const intact_depthwise16_scale* scale, uint32_t way,
                             uint32_t first, uint32_t channels, intact_depthwise16_word* weights,
                             intact_depthwise16_word* constants) {
  const intact_decoder d = intact_make_decoder(c->weight_kind, c->weight_storage, 0);
  const uint32_t words = (uint32_t)intact_depthwise16_weight_words(c, way);
  uint32_t i;
  if (way == INTACT_DEPTHWISE16_PAIRS && c->weight_storage <= 2) {
    load_all_packed(c, scale, first, channels, weights, constants);
    return;
  }
  for (i = first; i < first + channels; ++i, weights += words) {
    const uint8_t* row = c->weights + (size_t)i * c->row_bytes;
    uint32_t w[9], start;
    if (way == INTACT_DEPTHWISE16_TAPS)
      start = load_taps(c, &d, scale->weight_shift, row, weights);
    else
      start = load_3x3(c, scale->weight_shift, row, w);
    start = (start * (uint32_t)scale->offset) << scale->start_shift;
    if (way == INTACT_DEPTHWISE16_FIELDS) {
      put_fields(c, w, weights);
      start += (start << 16) + 0x80008000u;
    } else if (way == INTACT_DEPTHWISE16_PAIRS) {
      put_pairs(w, weights);
    }
    constants = put_constants(c, i, start, constants);
  }
}

#endif
