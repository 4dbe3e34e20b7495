/* Packed weights as words of polynomials, a step each, times 2^place (plan_poly_row.h). */
#include "../intact_isa.h"
#include "poly_row.h"

#if INTACT_ISA_ARMV7M

#include "dsp_instructions.h"
#include "expand16.h"

/* The K codes of an output channel. */
static void decode_taps(const intact_poly_row* row, const uint8_t* from, intact_i16* to) {
  const intact_conv* c = row->conv;
  uint32_t t, i;
  if (c->weight_layout != INTACT_LAYOUT_WORD_TAPS) {
    intact_expand16(&row->weight_decoder, from, 0, c->taps, to);
    return;
  }
  for (t = 0; t < 3 * c->window.kernel_h; ++t, from += 4 * ((c->group_in + 31) / 32))
    for (i = 0; i < c->group_in; ++i) *to++ = (intact_i16)intact_decode_at(&row->weight_decoder, from, i);
}

/* Any codes, decoded before they are put together. */
static void words_of_any(const intact_poly_row* row, const uint8_t* from, intact_word_alias* to) {
  const intact_conv* c = row->conv;
  const uint32_t channels = c->group_in, field = row->plan.fields.field;
  const uint32_t place = intact_poly_place(row->plan.fields.n);
  /* The lines are not yet in use (plan: keep), and take more: 8 bytes against 6 for three taps. */
  intact_i16* const taps = (intact_i16*)(void*)(row->scratch + row->plan.lines);
  uint32_t ky, i;
  decode_taps(row, from, taps);
  for (ky = 0; ky < c->window.kernel_h; ++ky) {
    const intact_i16* w = taps + (size_t)ky * 3 * channels;
    for (i = 0; i < channels; ++i, ++w) {
      const uint32_t w0 = (uint32_t)w[0] << place, w1 = (uint32_t)w[channels] << place,
                     w2 = (uint32_t)w[2 * channels] << place;
      if (c->window.stride_w == 1) {
        *to = w2 + (w1 << field) + (w0 << (2 * field));
      } else {
        to[0] = w2 + (w0 << field);
        to[2] = w1;
        to += 2;
      }
      to += 2;
    }
  }
}

/* Three taps on up to eight channels in the lowest bits of x[0..2]. Inlined with constant storage, field and
 * stride. Storage 1 is bipolar: 2 u - 1. */
static inline intact_word_alias* put_together(const uint32_t x[3], uint32_t count, intact_word_alias* to,
                                              uint32_t storage, uint32_t field, uint32_t stride) {
  const uint32_t rest = 32 - storage, place = field == 10 ? intact_poly_place(4) : 0;
  uint32_t j;
#pragma GCC unroll 8
  for (j = 0; j < 8; ++j) {
    uint32_t w[3], t;
    if (j == count) break;
#pragma GCC unroll 3
    for (t = 0; t < 3; ++t) {
      if (storage == 1)
        w[t] = x[t] >> j & 1u;
      else
        w[t] = (uint32_t)intact_asr(intact_to_i32(x[t] << (rest - j * storage)), rest);
    }
    if (stride == 1) {
      const uint32_t word = w[2] + (w[1] << field) + (w[0] << (2 * field));
      *to = (storage == 1 ? 2 * word - (1u + (1u << field) + (1u << (2 * field))) : word) << place;
    } else {
      const uint32_t word = w[2] + (w[0] << field);
      to[0] = (storage == 1 ? 2 * word - (1u + (1u << field)) : word) << place;
      to[2] = (storage == 1 ? 2 * w[1] - 1u : w[1]) << place;
      to += 2;
    }
    to += 2;
  }
  return to;
}

/* The same for fields of 10 bits, stride 1 and storage 1 or 2, of the lowest 8 bits: eight bits of each tap
 * lie 10 bits from each other, so that one AND takes a code of each. Storage 2: (u XOR 2) - 2. */
static inline intact_word_alias* mask_together(const uint32_t x[3], intact_word_alias* to, uint32_t storage) {
  const uint32_t ones = 0x00401004u, flip = storage == 2 ? 0xaau : 0; /* times 2^place */
  const uint32_t three =
      ((x[2] & 0xffu) ^ flip) << 2 | ((x[1] & 0xffu) ^ flip) << 12 | ((x[0] & 0xffu) ^ flip) << 22;
  uint32_t j;
#pragma GCC unroll 8
  for (j = 0; j < 8 / storage; ++j, to += 2) {
    const uint32_t word = three >> (j * storage) & ones * ((1u << storage) - 1u);
    *to = storage == 1 ? 2 * word - ones : word - 2 * ones;
  }
  return to;
}

/* Taps that start at bytes. tap_bytes: from tap to tap. */
static inline void words_of_bytes(const intact_poly_row* row, const uint8_t* from, uint32_t tap_bytes,
                                  intact_word_alias* to, uint32_t storage, uint32_t field, uint32_t stride) {
  const uint32_t per_word = 32 / storage;
  uint32_t ky, t, x[3];
  for (ky = 0; ky < row->conv->window.kernel_h; ++ky, from += 3 * tap_bytes) {
    const uint8_t* at = from;
    uint32_t left = row->conv->group_in;
    while (left > 0) {
      const uint32_t codes = left < per_word ? left : per_word;
      uint32_t done;
      left -= codes;
      if (codes == per_word) {
        for (t = 0; t < 3; ++t) x[t] = intact_load_any(at + t * tap_bytes);
        at += 4;
      } else {
        for (t = 0; t < 3; ++t) x[t] = intact_load_few(at + t * tap_bytes, (codes * storage + 7) / 8);
      }
      done = 0;
      if (storage < 4 && field == 10 && stride == 1) {
        for (; codes - done >= 8 / storage; done += 8 / storage) {
          to = mask_together(x, to, storage);
          for (t = 0; t < 3; ++t) x[t] >>= 8;
        }
      }
      for (; codes - done >= 8; done += 8) {
        to = put_together(x, 8, to, storage, field, stride);
        if (storage < 4)
          for (t = 0; t < 3; ++t) x[t] >>= 8 * storage % 32;
      }
      if (done < codes) to = put_together(x, codes - done, to, storage, field, stride);
    }
  }
}

static inline void words_of_storage(const intact_poly_row* row, const uint8_t* from, uint32_t tap_bytes,
                                    intact_word_alias* to, uint32_t storage) {
  const uint32_t n = row->plan.fields.n, stride = row->conv->window.stride_w;
  if (n == 3 && stride == 1)
    words_of_bytes(row, from, tap_bytes, to, storage, 13, 1);
  else if (n == 3)
    words_of_bytes(row, from, tap_bytes, to, storage, 13, 2);
  else if (stride == 1)
    words_of_bytes(row, from, tap_bytes, to, storage, 10, 1);
  else
    words_of_bytes(row, from, tap_bytes, to, storage, 10, 2);
}

void intact_poly_row_words(const intact_poly_row* row, uint32_t o, intact_word_alias* to) {
  const intact_conv* c = row->conv;
  const uint32_t storage = c->weight_storage, words = c->weight_layout == INTACT_LAYOUT_WORD_TAPS;
  const uint32_t tap_bytes = words ? 4 * ((c->group_in + 31) / 32) : c->group_in * storage / 8;
  const uint8_t* from = c->weights + (size_t)o * c->row_bytes;
  if (!intact_poly_masked_weights(c, row->plan.fields.n))
    words_of_any(row, from, to);
  else if (storage == 4)
    words_of_storage(row, from, tap_bytes, to, 4);
  else if (storage == 2)
    words_of_storage(row, from, tap_bytes, to, 2);
  else
    words_of_storage(row, from, tap_bytes, to, 1);
}

#endif
