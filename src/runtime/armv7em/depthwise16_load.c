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

/* Reads the bytes of nine codes: 9, 5, 3 or 2. */
static uint32_t load_3x3(const intact_conv* c, uint32_t shift, const uint8_t* row, uint32_t w[9]) {
  uint32_t codes, sum = 0, i;
  switch (c->weight_storage) {
    case 8:
#pragma GCC unroll 9
      for (i = 0; i < 9; ++i) w[i] = signed_code(row[i], 8, 0);
      break;
    case 4:
      codes = intact_load_any(row);
#pragma GCC unroll 8
      for (i = 0; i < 8; ++i) w[i] = signed_code(codes, 4, i);
      w[8] = signed_code(row[4], 4, 0);
      break;
    case 2:
      codes = intact_load_half(row) | (uint32_t)row[2] << 16;
#pragma GCC unroll 9
      for (i = 0; i < 9; ++i) w[i] = signed_code(codes, 2, i);
      break;
    default: /* bipolar: -1 - 2 * -1 and -1 - 2 * 0 */
      codes = intact_load_half(row);
#pragma GCC unroll 9
      for (i = 0; i < 9; ++i) w[i] = ~(signed_code(codes, 1, i) << 1);
      break;
  }
#pragma GCC unroll 9
  for (i = 0; i < 9; ++i) {
    sum += w[i];
    w[i] <<= shift;
  }
  return sum;
}

static void put_fields(const intact_conv* c, const uint32_t w[9], intact_depthwise16_word* to) {
  const uint32_t stride = c->window.stride_w;
  uint32_t i;
  const uint32_t* of = w;
  for (i = 0; i < 5; ++i, of = i == 3 ? w : of + 3) {
    if (stride == 1) {
      to[i] = of[2] + (of[1] << 16);
      to[i + 5] = of[0];
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

void intact_depthwise16_load(const intact_conv* c, const intact_depthwise16_scale* scale, uint32_t way,
                             uint32_t first, uint32_t channels, intact_depthwise16_word* weights,
                             intact_depthwise16_word* constants) {
  const intact_decoder d = intact_make_decoder(c->weight_kind, c->weight_storage, 0);
  const uint32_t words = (uint32_t)intact_depthwise16_weight_words(c, way);
  uint32_t i;
  for (i = first; i < first + channels; ++i, weights += words, constants += INTACT_DEPTHWISE16_CONSTANTS) {
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
    constants[0] = start;
    constants[1] = c->output.storage_bits == 32 ? 0 : intact_load_word(c->multipliers + (size_t)i * 4);
    constants[2] = intact_load_word(c->biases + (size_t)i * 4);
  }
}

#endif
