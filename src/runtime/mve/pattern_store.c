#include "../intact_isa.h"
#include "conv_pattern.h"

#if INTACT_ISA_MVE

#include <arm_mve.h>

/* Accumulators of 4 * tiles outputs of a row whose counts begin at `at`. */
static void fill_sums(const intact_pattern* p, uint32_t at, uint32_t tiles) {
  const uint32_t shift = p->conv->decode_input.shift, segment_bytes = p->count * p->count_bytes;
  uint32_t i, t, s;
  for (i = 0; i < p->count; ++i, at += p->count_bytes) {
    const uint32_t beta = p->betas[i];
    const uint8_t* from = p->counts + at;
    intact_i32* to = p->sums + (size_t)i * 4;
    for (t = 0; t < tiles; ++t, from += 4, to += (size_t)p->count * 4) {
      uint32x4_t x = vldrbq_u32(from);
      for (s = 1; s < p->plan.segments; ++s) x = vaddq_u32(x, vldrbq_u32(from + (size_t)s * segment_bytes));
      x = vaddq_n_u32(vshlq_r_u32(x, (int32_t)shift), beta);
      vst1q_s32((int32_t*)to, vreinterpretq_s32_u32(x));
    }
  }
}

static void store_row(const intact_pattern* p, uint32_t at, uint32_t pixel, uint32_t width) {
  while (width > 0) {
    const uint32_t most = 4 * INTACT_PATTERN_TILES, count = width < most ? width : most;
    intact_tiles t;
    fill_sums(p, at, (count + 3) / 4);
    t.acc = p->sums;
    t.acc_step = p->count * 16;
    t.tiles = count / 4;
    t.pixel = pixel;
    t.pixel_step = 4;
    t.mask = INTACT_ALL_LANES;
    if (t.tiles > 0) intact_quantize(&p->quantizer, &t);
    if (count % 4 != 0) {
      t.acc += (size_t)t.tiles * p->count * 4;
      t.pixel += t.tiles * 4;
      t.tiles = 1;
      t.mask = (1u << (4 * (count % 4))) - 1u;
      intact_quantize(&p->quantizer, &t);
    }
    at += count;
    pixel += count;
    width -= count;
  }
}

/* Bytes of 8 channels' codes of 32 positions; the first channel's ends up in bit 0. */
static void collect(const intact_pattern* p, uint32_t group, uint32_t position, uint8_t* to) {
  const uint32_t first = 8 * group, rest = p->count - first, channels = rest < 8 ? rest : 8;
  const uint8_t* from = p->counts + (size_t)first * p->count_bytes + position;
  const uint8_t* threshold = p->thresholds + first;
  const uint32_t step = p->count_bytes;
  uint8x16_t a = vdupq_n_u8(0), b = a;
  uint32_t i;
#define ADD_CHANNEL                                                   \
  a = vsriq_n_u8(vhaddq_n_u8(vld1q_u8(from), *threshold), a, 1);      \
  b = vsriq_n_u8(vhaddq_n_u8(vld1q_u8(from + 16), *threshold), b, 1); \
  from += step;                                                       \
  ++threshold
  if (channels == 8) {
    ADD_CHANNEL;
    ADD_CHANNEL;
    ADD_CHANNEL;
    ADD_CHANNEL;
    ADD_CHANNEL;
    ADD_CHANNEL;
    ADD_CHANNEL;
    ADD_CHANNEL;
  } else {
    for (i = 0; i < channels; ++i) {
      ADD_CHANNEL;
    }
  }
#undef ADD_CHANNEL
  a = veorq_u8(vshlq_r_u8(a, (int32_t)channels - 8), vdupq_n_u8(p->flips[group]));
  b = veorq_u8(vshlq_r_u8(b, (int32_t)channels - 8), vdupq_n_u8(p->flips[group]));
  vst1q_u8(to, a);
  vst1q_u8(to + 16, b);
}

enum { PLANE = 2 * INTACT_PATTERN_HALF };

/* One word of `width` pixels from the planes of its `bytes` bytes. */
static void store_words(const uint8_t* from, uint32_t bytes, uint8_t* to, uint32_t pixel_bytes,
                        uint32_t width) {
  const uint32x4_t lanes = vmulq_n_u32(vidupq_n_u32(0, 1), pixel_bytes);
  uint32_t x, i;
  for (x = 0; x < width; x += 4, from += 4, to += (size_t)4 * pixel_bytes) {
    uint32x4_t word = vldrbq_u32(from);
    for (i = 1; i < bytes; ++i)
      word = vorrq_u32(word, vshlq_r_u32(vldrbq_u32(from + (size_t)i * PLANE), (int32_t)(8 * i)));
    vstrwq_scatter_offset_p_u32((uint32_t*)(void*)to, lanes, word, vctp32q(width - x));
  }
}

/* The same for two bytes: of eight pixels the lower halves, and zeros above. */
static void store_halves(const uint8_t* from, uint8_t* to, uint32_t pixel_bytes, uint32_t width) {
  const uint16x8_t lanes = vmulq_n_u16(vidupq_n_u16(0, 1), (uint16_t)pixel_bytes), zero = vdupq_n_u16(0);
  const uint32_t step = 8 * pixel_bytes;
  uint32_t n;
  for (n = width / 8; n > 0; --n, from += 8, to += step) {
    vstrhq_scatter_offset_u16((uint16_t*)(void*)to, lanes,
                              vsliq_n_u16(vldrbq_u16(from), vldrbq_u16(from + PLANE), 8));
    vstrhq_scatter_offset_u16((uint16_t*)(void*)(to + 2), lanes, zero);
  }
  store_words(from, 2, to, pixel_bytes, width % 8);
}

static void store_signs(const intact_pattern* p, uint32_t y, uint32_t rows, uint32_t x, uint32_t width) {
  const intact_tensor* out = &p->conv->output;
  const uint32_t bytes = (p->count + 7) / 8;
  uint32_t i, r, position;
  for (i = 0; i < bytes; ++i) {
    for (position = 0; position < p->count_bytes; position += 32)
      collect(p, i, position, p->planes + (size_t)i * PLANE + position);
  }
  for (r = 0; r < rows; ++r) {
    uint8_t* to = out->data + (size_t)((y + r) * out->width + x) * out->pixel_bytes + p->first / 8;
    for (i = 0; i < bytes; i += 4, to += 4) {
      const uint8_t* from = p->planes + (size_t)i * PLANE + (size_t)r * p->row_counts;
      if (bytes - i == 2)
        store_halves(from, to, out->pixel_bytes, width);
      else
        store_words(from, bytes - i < 4 ? bytes - i : 4, to, out->pixel_bytes, width);
    }
  }
}

void intact_pattern_store(const intact_pattern* p, uint32_t y, uint32_t rows, uint32_t x, uint32_t width) {
  uint32_t r;
  if (p->plan.by_sign) {
    store_signs(p, y, rows, x, width);
    return;
  }
  for (r = 0; r < rows; ++r) store_row(p, r * p->row_counts, (y + r) * p->conv->output.width + x, width);
}

#endif
