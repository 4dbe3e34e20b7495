#include "mve_quantize.h"
#include "../intact_isa.h"

#if INTACT_ISA_MVE

#include <arm_mve.h>

static int32_t saturate(int64_t x) {
  return x < INT32_MIN ? INT32_MIN : x > INT32_MAX ? INT32_MAX : (int32_t)x;
}

static uint32_t is_unsigned(const intact_conv* c) {
  return c->output.kind == INTACT_KIND_UNSIGNED;
}

/* The clamp is that of the storage bits. */
static uint32_t full_range(const intact_conv* c) {
  const uint32_t n = c->output.storage_bits;
  const int32_t low = is_unsigned(c) ? 0 : -(1 << (n - 1));
  return c->round.qmin == low && c->round.qmax == low + (1 << n) - 1;
}

/* Halves of words too: pixels of 8 codes of 2 bits, and 16 codes of 1 bit, of which the upper ones of a word
 * are stored after the lower ones. */
static uint32_t fills_words(const intact_conv* c, uint32_t first, uint32_t count) {
  const uint32_t n = c->output.storage_bits;
  if (n == 2 && c->output.pixel_bytes == 2 && count == 8) return 1;
  if (c->output.pixel_bytes % 4 != 0) return 0;
  if (n == 1 && first % 16 == 0 && count == 16) return 1;
  if (first * n % 32 != 0) return 0;
  return count * n % 32 == 0 || (n == 1 && first + count == c->output.channels);
}

void intact_quantizer_init(intact_quantizer* q, const intact_conv* c, intact_i32* table, uint32_t first,
                           uint32_t count) {
  const uint32_t n = c->output.storage_bits;
  uint32_t i;
  q->conv = c;
  q->table = table;
  q->first = first;
  q->count = count;
  for (i = 0; i < 4; ++i) q->pixels[i] = i;
  q->extra_bits = 0;
  q->whole_words = n <= 8 && c->k > 0 && !c->has_residual && fills_words(c, first, count) &&
                   (c->round.bipolar || n == 8 || full_range(c));
  q->unsigned_bytes = q->whole_words && n == 8 && is_unsigned(c) && c->round.r == 16 && full_range(c);
  for (i = 0; i < count; ++i) {
    const size_t at = (size_t)(first + i) * 4;
    int32_t b = intact_load_i32(c->biases + at);
    if (q->whole_words && is_unsigned(c) && !q->unsigned_bytes)
      b = saturate((int64_t)b - ((int64_t)1 << (n - 1 + c->round.r)));
    table[2 * i] = n == 32 ? 0 : intact_load_i32(c->multipliers + at);
    table[2 * i + 1] = b;
  }
  /* Channels that fill a group of four: code 0, so that the padding bits of a pixel become zero. */
  for (; i % 4 != 0; ++i) {
    table[2 * i] = 0;
    table[2 * i + 1] = c->round.bipolar ? -1 : is_unsigned(c) && n < 32 ? -(1 << (n - 1 + c->round.r)) : 0;
  }
}

static void set_lanes(const intact_quantizer* q, uint32_t pixel_bytes, uint32_t lanes[4]) {
  uint32_t i;
  for (i = 0; i < 4; ++i) lanes[i] = q->pixels[i] * pixel_bytes;
}

static void quantize_words(const intact_quantizer* q, const intact_tiles* t) {
  const intact_conv* c = q->conv;
  const uint32_t n = c->output.storage_bits, per_word = 32 / n;
  const uint32_t whole = q->count / per_word, rest = q->count % per_word;
  intact_word_job job;
  uint32_t part;
  job.k = c->k - 1 - q->extra_bits; /* a negative one shifts to the right, exactly */
  job.align = 32 - n - c->round.r;
  job.mask = t->mask;
  job.acc_step = t->acc_step;
  job.out_step = t->pixel_step * c->output.pixel_bytes;
  set_lanes(q, c->output.pixel_bytes, job.lanes);
  if (n == 8) {
    const int32_t middle = is_unsigned(c) ? 128 : 0;
    job.acc = t->acc;
    job.table = q->table;
    job.words = whole;
    job.tiles = t->tiles;
    job.to = c->output.data + (size_t)t->pixel * c->output.pixel_bytes + q->first;
    job.flip = is_unsigned(c) ? 0x80808080u : 0;
    job.low = (uint32_t)((c->round.qmin - middle) & 0xff) * 0x01010101u;
    job.high = (uint32_t)((c->round.qmax - middle) & 0xff) * 0x01010101u;
    if (q->unsigned_bytes && t->mask == INTACT_ALL_LANES)
      intact_quantize_all_unsigned_bytes(&job);
    else if (q->unsigned_bytes)
      intact_quantize_unsigned_bytes(&job);
    else if (full_range(c))
      intact_quantize_bytes(&job);
    else
      intact_quantize_clamped_bytes(&job);
    return;
  }
  for (part = 0; part < 2; ++part) {
    if ((part ? rest : whole) == 0) continue;
    job.acc = t->acc + (size_t)(part ? whole : 0) * per_word * 4;
    job.table = q->table + (size_t)(part ? whole : 0) * per_word * 2;
    job.words = part ? 1 : whole;
    job.tiles = t->tiles;
    job.groups = part ? (rest + 3) / 4 : per_word / 4;
    job.word_shift = part ? -(int32_t)(32 - job.groups * 4 * n) : 0;
    job.to = c->output.data + (size_t)t->pixel * c->output.pixel_bytes +
             (q->first + (part ? whole : 0) * per_word) * n / 8;
    if (n == 4) {
      job.flip = is_unsigned(c) ? 0x88888888u : 0;
      intact_quantize_nibbles(&job);
    } else if (n == 2) {
      job.flip = is_unsigned(c) ? 0xaaaaaaaau : 0;
      if (c->output.pixel_bytes == 2)
        intact_quantize_half_crumbs(&job);
      else
        intact_quantize_crumbs(&job);
    } else {
      job.flip = 0xffffffffu;
      if (!part)
        intact_quantize_word_signs(&job);
      else if (q->first % 32 != 0)
        intact_quantize_high_signs(&job);
      else if (rest == 16)
        intact_quantize_half_signs(&job);
      else
        intact_quantize_signs(&job);
    }
  }
}

/* The general way: any output but int32, one channel after the other. */
typedef struct general {
  int32x4_t low, high;
  uint32x4_t out_lanes, residual_lanes;
  uint32_t n, aligned;
} general;

/* The residual's codes of channel `o`, decoded. */
static inline int32x4_t residual_values(const intact_conv* c, const uint8_t* pixel, uint32x4_t lanes,
                                        uint32_t o, mve_pred16_t p) {
  const intact_decoder* d = &c->decode_residual;
  const uint32_t bit = o * d->storage;
  uint32x4_t u = vldrbq_gather_offset_z_u32(pixel + (bit >> 3), lanes, p);
  if (d->storage < 8) {
    u = vshlq_r_u32(u, -(int32_t)(bit & 7u));
    u = vandq_u32(u, vdupq_n_u32((1u << d->storage) - 1u));
  }
  u = vshlq_r_u32(veorq_u32(u, vdupq_n_u32(d->flip)), (int32_t)d->shift);
  return vaddq_n_s32(vreinterpretq_s32_u32(u), d->offset);
}

/* The codes, in the top bits of the lanes. */
static inline uint32x4_t top_codes(const intact_quantizer* q, const general* g, uint32_t channel,
                                   int32x4_t acc, const uint8_t* residual, mve_pred16_t p) {
  const intact_conv* c = q->conv;
  const int32_t m = q->table[2 * channel], b = q->table[2 * channel + 1];
  int32x4_t t = vmulhq_s32(vshlq_r_s32(acc, (int32_t)c->k - (int32_t)q->extra_bits), vdupq_n_s32(m));
  t = vaddq_n_s32(t, b);
  if (residual)
    t = vmlaq_n_s32(t, residual_values(c, residual, g->residual_lanes, q->first + channel, p), c->m_res);
  if (c->round.bipolar) return vbicq_u32(vdupq_n_u32(0x80000000u), vreinterpretq_u32_s32(t));
  t = vshlq_r_s32(t, -(int32_t)c->round.r);
  t = vminq_s32(vmaxq_s32(t, g->low), g->high);
  return vreinterpretq_u32_s32(vshlq_r_s32(t, 32 - (int32_t)g->n));
}

/* Stores the `bytes` lowest bytes of each lane. */
static inline void store_bytes(const general* g, uint8_t* to, uint32x4_t word, uint32_t bytes,
                               mve_pred16_t p) {
  uint32_t i;
  if (bytes == 4 && g->aligned) {
    vstrwq_scatter_offset_p_u32((uint32_t*)(void*)to, g->out_lanes, word, p);
    return;
  }
  for (i = 0; i < bytes; ++i) {
    vstrbq_scatter_offset_p_u32(to + i, g->out_lanes, word, p);
    word = vshrq_n_u32(word, 8);
  }
}

static void quantize_tile(const intact_quantizer* q, const general* g, const intact_i32* acc, uint32_t pixel,
                          mve_pred16_t p) {
  const intact_conv* c = q->conv;
  const uint8_t* residual = intact_residual_pixel(c, pixel);
  uint8_t* at = c->output.data + (size_t)pixel * c->output.pixel_bytes;
  uint8_t* to = at + q->first * g->n / 8;
  uint32x4_t word = vdupq_n_u32(0);
  uint32_t filled = 0, i;
  for (i = 0; i < q->count; ++i, acc += 4) {
    const int32x4_t x = vld1q_s32((const int32_t*)acc);
    word = vorrq_u32(vshlq_r_u32(word, -(int32_t)g->n), top_codes(q, g, i, x, residual, p));
    filled += g->n;
    if (filled == 32) {
      store_bytes(g, to, word, 4, p);
      word = vdupq_n_u32(0);
      to += 4;
      filled = 0;
    }
  }
  if (filled) {
    store_bytes(g, to, vshlq_r_u32(word, (int32_t)filled - 32), (filled + 7) / 8, p);
    to += (filled + 7) / 8;
  }
  if (q->first + q->count == c->output.channels)
    store_bytes(g, to, vdupq_n_u32(0), c->output.pixel_bytes - (uint32_t)(to - at), p);
}

static void quantize_any(const intact_quantizer* q, const intact_tiles* t) {
  const intact_conv* c = q->conv;
  general g;
  uint32_t lanes[4], i;
  g.n = c->output.storage_bits;
  g.low = vdupq_n_s32(c->round.qmin);
  g.high = vdupq_n_s32(c->round.qmax);
  g.aligned = c->output.pixel_bytes % 4 == 0 && q->first * g.n % 32 == 0;
  set_lanes(q, c->output.pixel_bytes, lanes);
  g.out_lanes = vld1q_u32(lanes);
  set_lanes(q, c->has_residual ? c->residual.pixel_bytes : 0, lanes);
  g.residual_lanes = vld1q_u32(lanes);
  for (i = 0; i < t->tiles; ++i)
    quantize_tile(q, &g, t->acc + (size_t)i * (t->acc_step / 4), t->pixel + i * t->pixel_step,
                  (mve_pred16_t)t->mask);
}

/* int32 output: acc + b. */
static void store_sums(const intact_quantizer* q, const intact_tiles* t) {
  const intact_conv* c = q->conv;
  uint32_t lanes[4], i, j;
  uint32x4_t offsets;
  set_lanes(q, c->output.pixel_bytes, lanes);
  offsets = vld1q_u32(lanes);
  for (i = 0; i < t->tiles; ++i) {
    const intact_i32* acc = t->acc + (size_t)i * (t->acc_step / 4);
    uint8_t* to = c->output.data + (size_t)(t->pixel + i * t->pixel_step) * c->output.pixel_bytes +
                  (size_t)q->first * 4;
    for (j = 0; j < q->count; ++j, acc += 4, to += 4) {
      const int32x4_t sum = vshlq_r_s32(vld1q_s32((const int32_t*)acc), -(int32_t)q->extra_bits);
      const int32x4_t x = vaddq_n_s32(sum, q->table[2 * j + 1]);
      vstrwq_scatter_offset_p_s32((int32_t*)(void*)to, offsets, x, (mve_pred16_t)t->mask);
    }
  }
}

void intact_quantize(const intact_quantizer* q, const intact_tiles* tiles) {
  if (q->whole_words)
    quantize_words(q, tiles);
  else if (q->conv->output.storage_bits == 32)
    store_sums(q, tiles);
  else
    quantize_any(q, tiles);
}

#endif
