#include "../intact_isa.h"
#include "conv_pattern.h"

#if INTACT_ISA_MVE

#include <arm_mve.h>

#include "mve_lanes.h"

static uint32_t address(const void* at) {
  return (uint32_t)(uintptr_t)at;
}

void intact_pattern_fill_bases(const intact_pattern* p) {
  const intact_window* w = &p->conv->window;
  intact_u32* to = p->bases;
  uint32_t ky, kx, g, i;
  for (ky = 0; ky < w->kernel_h; ++ky) {
    for (kx = 0; kx < w->kernel_w; ++kx) {
      uint32_t at = address(p->table) + ky * w->dilation_h * p->plan.pitch + kx * w->dilation_w;
      for (g = 0; g < p->plan.groups; ++g, at += 16 * p->plan.entry) *to++ = at;
    }
  }
  for (i = p->plan.lookups; i < p->plan.padded; ++i) *to++ = address(p->conv->scratch + p->plan.zero);
  intact_fill_lanes((int8_t*)p->conv->scratch + p->plan.zero, INTACT_PATTERN_ZERO_BYTES, 0);
}

/* Byte `j` of the channels of `count` pixels. Offsets within 16 pixels fit a byte where there are few. */
static void read_bytes(const intact_tensor* input, uint32_t pixel, uint32_t j, uint32_t count, uint8_t* to) {
  const uint8_t* from = input->data + (size_t)pixel * input->pixel_bytes + j;
  int32_t left = (int32_t)count;
  if (input->pixel_bytes <= 16) {
    const uint8x16_t lanes = vmulq_n_u8(vidupq_n_u8(0, 1), (uint8_t)input->pixel_bytes);
    for (; left >= 16; left -= 16, from += (size_t)16 * input->pixel_bytes, to += 16)
      vst1q_u8(to, vldrbq_gather_offset_u8(from, lanes));
    if (left > 0) {
      const mve_pred16_t p = vctp8q((uint32_t)left);
      vstrbq_p_u8(to, vldrbq_gather_offset_z_u8(from, lanes, p), p);
    }
  } else {
    const uint16x8_t lanes = vmulq_n_u16(vidupq_n_u16(0, 1), (uint16_t)input->pixel_bytes);
    for (; left > 0; left -= 8, from += (size_t)8 * input->pixel_bytes, to += 8) {
      const mve_pred16_t p = vctp16q((uint32_t)left);
      vstrbq_p_u16(to, vldrbq_gather_offset_z_u16(from, lanes, p), p);
    }
  }
}

/* The bits of padding, no others. */
static uint32_t pad_byte(const intact_conv* c, uint32_t j) {
  const uint32_t rest = c->input.channels - 8 * j;
  if (c->pad_value == c->decode_input.offset) return 0;
  return rest < 8 ? (1u << rest) - 1u : 0xffu;
}

void intact_pattern_fill_tables(intact_pattern* p, uint32_t y, uint32_t x) {
  const intact_conv* c = p->conv;
  const intact_window* w = &c->window;
  const uint32_t length = p->plan.entry + p->plan.distance;
  const uint32_t rows = p->plan.rows + (w->kernel_h - 1) * w->dilation_h;
  /* Columns of the strip: left of the image, then in it. */
  const uint32_t left = w->pad_left > x ? w->pad_left - x : 0,
                 skipped = x > w->pad_left ? x - w->pad_left : 0;
  const uint32_t whole =
      p->plan.outputs == c->output.width && y >= w->pad_top && y - w->pad_top + rows <= c->input.height;
  uint32_t inside = 0, j, r;
  if (left < p->plan.pitch && skipped < c->input.width) {
    inside = p->plan.pitch - left;
    if (inside > c->input.width - skipped) inside = c->input.width - skipped;
  }
  for (j = 0; j < p->plan.bytes; ++j) {
    uint8_t* raw = p->raw + (size_t)j * length;
    if (!whole || !p->sides_filled) intact_fill_lanes((int8_t*)raw, length, (int32_t)pad_byte(c, j));
    for (r = 0; r < rows && inside > 0; ++r) {
      const uint32_t line = y + r - w->pad_top; /* modulo 2^32: those above are beyond any height */
      if (line < c->input.height)
        read_bytes(&c->input, line * c->input.width + skipped, j, inside,
                   raw + (size_t)r * p->plan.pitch + left);
    }
    intact_pattern_tables(raw, p->plan.distance, p->plan.entry, 2 * j + 1 < p->plan.groups,
                          p->table + (size_t)2 * j * 16 * p->plan.entry);
  }
  p->sides_filled = whole;
}

/* The patterns of one channel's weights. */
static void expand_patterns(const intact_pattern* p, const uint8_t* row) {
  const intact_conv* c = p->conv;
  const uint32_t positions = c->window.kernel_h * c->window.kernel_w;
  intact_lanes lanes;
  intact_lane_runs runs;
  lanes.storage = 4;
  lanes.kind = INTACT_KIND_UNSIGNED;
  lanes.offset = 0;
  runs.from = row;
  runs.to = (int8_t*)p->patterns;
  runs.vector_step = 16;
  runs.runs = c->weight_layout == INTACT_LAYOUT_WORD_TAPS ? positions : 1;
  runs.from_step = 4 * ((c->group_in + 31) / 32);
  runs.to_step = p->plan.groups;
  runs.count = c->weight_layout == INTACT_LAYOUT_WORD_TAPS ? p->plan.groups : p->plan.lookups;
  intact_expand_lanes(&lanes, &runs);
  intact_fill_lanes((int8_t*)p->patterns + p->plan.lookups, p->plan.padded + 4 - p->plan.lookups, 0);
}

static uint32_t positive(const intact_pattern* p) {
  static const uint8_t ones[16] = {0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4};
  uint32_t i, sum = 0;
  for (i = 0; i < p->plan.lookups; ++i) sum += ones[p->patterns[i] & 15u];
  return sum;
}

static void fill_list(const intact_pattern* p, intact_u32* to) {
  uint32_t i;
  for (i = 0; i < p->plan.padded; i += 4) {
    const uint32x4_t base = vld1q_u32((const uint32_t*)(p->bases + i));
    vst1q_u32((uint32_t*)(to + i), vmlaq_n_u32(base, vldrbq_u32(p->patterns + i), p->plan.entry));
  }
}

/* What the search for a channel's threshold needs. */
typedef struct channel_law {
  const intact_conv* conv;
  int32_t m, b;
  uint32_t scale, beta;
} channel_law;

static inline uint32_t code(const channel_law* law, uint32_t count) {
  const uint32_t t = intact_scale(law->scale * count + law->beta, law->conv->k, law->m, law->b);
  return intact_round_code(&law->conv->round, t);
}

/* The code is a monotone function of the count: 1 from a threshold on, or 0 from there on (flip). A halving
 * addition of 256 - threshold to a count gives bit 7 where the count reaches it; no count reaches 256. */
static void fill_threshold(const intact_pattern* p, uint32_t scale, uint32_t channel) {
  const size_t at = (size_t)(p->first + channel) * 4;
  uint32_t low = p->filled, high = p->filled + p->conv->taps, threshold = 256, at_low;
  channel_law law;
  law.conv = p->conv;
  law.m = intact_load_i32(p->conv->multipliers + at);
  law.b = intact_load_i32(p->conv->biases + at);
  law.scale = scale;
  law.beta = p->betas[channel];
  at_low = code(&law, low);
  if (at_low != code(&law, high)) {
    while (high - low > 1) {
      const uint32_t middle = (low + high) / 2;
      if (code(&law, middle) == at_low)
        low = middle;
      else
        high = middle;
    }
    threshold = high;
  }
  p->thresholds[channel] = (uint8_t)(256 - threshold);
  if (at_low) p->flips[channel / 8] = (uint8_t)(p->flips[channel / 8] | 1u << channel % 8);
}

void intact_pattern_fill_block(intact_pattern* p) {
  const intact_conv* c = p->conv;
  const uint32_t scale = 1u << c->decode_input.shift, v0 = (uint32_t)c->decode_input.offset;
  uint32_t i;
  if (!p->plan.by_sign)
    intact_quantizer_init(&p->quantizer, c, (intact_i32*)(void*)(c->scratch + p->plan.constants), p->first,
                          p->count);
  for (i = 0; i < (p->count + 7) / 8 && p->plan.by_sign; ++i) p->flips[i] = 0;
  for (i = 0; i < p->count; ++i) {
    expand_patterns(p, c->weights + (size_t)(p->first + i) * c->row_bytes);
    fill_list(p, p->lists + (size_t)i * p->plan.padded);
    p->betas[i] = 0u - scale * (p->filled + c->taps) - v0 * c->taps;
    if (scale + 2 * v0 != 0) p->betas[i] += (scale + 2 * v0) * positive(p);
    if (p->plan.by_sign) fill_threshold(p, scale, i);
  }
}

#endif
