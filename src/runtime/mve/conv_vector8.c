/* Convolution of a few pixels, fully connected layers among them: a weight meets too few values to be worth
 * its expansion, so rows are multiplied as they are packed (plan_vector8.h). v = lane + offset. Lanes of 8
 * bits are the codes themselves but for signed ones against bits, which become unsigned. With unsigned lanes,
 * fields with their sign bits flipped are w + h, h the sign bit's weight; a bit is always (w + 1) / 2: acc =
 * sum (w + h) lane - h sum lane + offset sum w and sum w comes from a sweep with ones for lanes, once where
 * one block holds all channels. Fields of 2 bits against lanes of fewer than 8 are multiplied with those
 * above them, as bits are (differences); all but the top ones of their bytes are w + 2 then. Sums are modulo
 * 2^32 but where they are shifted to the right.
 */
#include "../intact_isa.h"
#include "../plan_vector8.h"

#if INTACT_ISA_MVE

#include <arm_mve.h>

#include "mve_lines.h"
#include "mve_vector8.h"

typedef struct vector8 {
  const intact_conv* conv;
  intact_vector8_plan plan;
  intact_lanes input;
  int8_t *lanes, *values, *ones;
  intact_i32 *sums, *weight_sums;
  intact_vector8_job job;
  uint32_t is_unsigned; /* lanes */
  uint32_t with_above;  /* fields of 2 bits */
  uint32_t ones_sum;    /* of the ones that stand against biased fields */
  int32_t shift;        /* of sums of products to accumulators */
  uint32_t start;       /* of all accumulators of the pixel */
} vector8;

INTACT_INLINED uint32_t add_lanes(uint32_t sum, int8x16_t x, uint32_t is_unsigned) {
  return is_unsigned ? vaddvaq_u8(sum, vreinterpretq_u8_s8(x)) : (uint32_t)vaddvaq_s8((int32_t)sum, x);
}

/* Plane after plane, whole vectors of a row first. */
INTACT_INLINED uint32_t arrange_planes(uint32_t fields, uint32_t taps, const int8_t* from, int8_t* to,
                                       uint32_t is_unsigned) {
  const uint8x16_t lanes = vmulq_n_u8(vidupq_n_u8(0, 1), (uint8_t)fields);
  const uint32_t each = 16 * fields, whole = taps / each, rest = taps % each;
  uint32_t sum = 0, i, j;
  for (i = 0; i < fields; ++i) {
    const int8_t* at = from + i;
    int8_t* plane = to + (size_t)16 * i;
    for (j = whole; j > 0; --j, at += each, plane += each) {
      const int8x16_t x = vldrbq_gather_offset_s8(at, lanes);
      sum = add_lanes(sum, x, is_unsigned);
      vst1q_s8(plane, x);
    }
    if (rest > 0) {
      const mve_pred16_t p = vcmphiq_u8(vdupq_n_u8((uint8_t)rest), vaddq_n_u8(lanes, (uint8_t)i));
      const int8x16_t x = vldrbq_gather_offset_z_s8(at, lanes, p);
      sum = add_lanes(sum, x, is_unsigned);
      vst1q_s8(plane, x);
    }
  }
  return sum;
}

/* Planes x become y such that the sum of y[j] (b >> f j) is that of x[j] times field j of b, b a signed byte
 * with fields of f bits, all but the top one unsigned: field j is (b >> f j) - 2^f (b >> f (j + 1)), the top
 * one b >> f j; a bit at the top is -(b >> 7). |x| < 16. Returns the sum of the top plane. */
INTACT_INLINED uint32_t differences(int8_t* planes, uint32_t fields, uint32_t vectors) {
  const uint32_t top = 16 * (fields - 1);
  uint32_t sum = 0, j;
  for (; vectors > 0; --vectors, planes += 16 * fields) {
    int8x16_t x = vld1q_s8(planes + top);
    sum = add_lanes(sum, x, 0);
    if (fields == 8) x = vnegq_s8(x);
    for (j = top; j > 0; j -= 16) {
      const int8x16_t below = vld1q_s8(planes + j - 16);
      vst1q_s8(planes + j, vmlaq_n_s8(x, below, fields == 8 ? -2 : -4));
      x = below;
    }
  }
  return sum;
}

/* `taps` lanes arranged in planes, zeros behind them; returns the sum of those against biased fields. */
static uint32_t arrange(const vector8* v, const int8_t* from, int8_t* to) {
  uint32_t sum;
  if (v->is_unsigned) return arrange_planes(v->plan.fields, v->conv->taps, from, to, 1);
  sum = arrange_planes(v->plan.fields, v->conv->taps, from, to, 0);
  if (v->plan.fields == 8) differences(to, 8, v->plan.vectors);
  if (v->with_above) sum -= differences(to, 4, v->plan.vectors);
  return sum;
}

/* Lanes of the window of output (y, x), in the order of the tap index: in the input itself where that holds
 * them so. */
static const int8_t* window_lanes(const vector8* v, uint32_t y, uint32_t x) {
  const intact_conv* c = v->conv;
  const intact_window* w = &c->window;
  const intact_tensor* in = &c->input;
  const intact_span rows = intact_inside(y, w->stride_h, w->pad_top, w->dilation_h, w->kernel_h, in->height);
  const intact_span columns =
      intact_inside(x, w->stride_w, w->pad_left, w->dilation_w, w->kernel_w, in->width);
  const uint32_t row_taps = w->kernel_w * in->channels, together = w->dilation_w == 1;
  const int32_t padding = c->pad_value - v->input.offset;
  int8_t* to = v->lanes;
  uint32_t ky, kx;
  if (rows.last - rows.first == w->kernel_h && columns.last - columns.first == w->kernel_w && together &&
      (w->kernel_h == 1 || (w->kernel_w == in->width && w->dilation_h == 1))) {
    const uint32_t pixel = (uint32_t)rows.origin * in->width + (uint32_t)columns.origin;
    if (in->storage_bits == 8 && v->input.kind == INTACT_KIND_SIGNED)
      return (const int8_t*)in->data + (size_t)pixel * in->pixel_bytes;
    intact_expand_pixels(c, &v->input, pixel, w->kernel_h * w->kernel_w, v->lanes);
    return v->lanes;
  }
  for (ky = 0; ky < w->kernel_h; ++ky, to += row_taps) {
    const uint32_t line = (uint32_t)(rows.origin + (int32_t)(ky * w->dilation_h)) * in->width;
    if (ky < rows.first || ky >= rows.last || columns.first == columns.last) {
      intact_fill_lanes(to, row_taps, padding);
      continue;
    }
    intact_fill_lanes(to, columns.first * in->channels, padding);
    for (kx = columns.first; kx < columns.last; kx += together ? columns.last - columns.first : 1)
      intact_expand_pixels(c, &v->input, line + (uint32_t)(columns.origin + (int32_t)(kx * w->dilation_w)),
                           together ? columns.last - columns.first : 1, to + (size_t)kx * in->channels);
    intact_fill_lanes(to + (size_t)columns.last * in->channels, (w->kernel_w - columns.last) * in->channels,
                      padding);
  }
  return v->lanes;
}

/* Sums of the job's products of output channels first .. first + count - 1. */
static void multiply(const vector8* v, uint32_t first, uint32_t count, const int8_t* values,
                     intact_i32* sums) {
  const intact_conv* c = v->conv;
  const uint32_t whole = count / INTACT_VECTOR8_ROWS, rest = count % INTACT_VECTOR8_ROWS;
  intact_vector8_job job = v->job;
  uint32_t i;
  job.rows = c->weights + (size_t)first * c->row_bytes;
  job.values = values;
  job.sums = sums;
  job.groups = whole;
  if (whole > 0) intact_vector8_rows(&job);
  if (rest == 0) return;
  job.groups = 1;
  if (whole > 0) {
    /* The last four, some of them again. */
    job.rows += (size_t)(count - INTACT_VECTOR8_ROWS) * c->row_bytes;
    job.sums += count - INTACT_VECTOR8_ROWS;
    intact_vector8_rows(&job);
    return;
  }
  job.step = 0;
  for (i = 0; i < rest; ++i, job.rows += c->row_bytes, ++job.sums) intact_vector8_rows(&job);
}

/* What four accumulators become; the pixel's packed codes so far. */
typedef struct results {
  const uint8_t *multipliers, *biases;
  const uint8_t* residual;
  uint8_t* to;
  uint32_t n, place; /* place: of the next codes in the word that is being filled, 2^bits */
  int32_t offset, shift, start, k, r;
  int32x4_t low, high;
  uint32x4_t pending, places; /* places: 2^(n i) */
} results;

static results results_of(const vector8* v, uint32_t pixel) {
  const intact_conv* c = v->conv;
  results r;
  r.multipliers = c->multipliers;
  r.biases = c->biases;
  r.residual = intact_residual_pixel(c, pixel);
  r.to = c->output.data + (size_t)pixel * c->output.pixel_bytes;
  r.n = c->output.storage_bits;
  r.place = 1;
  r.pending = vdupq_n_u32(0);
  r.offset = v->input.offset;
  r.shift = v->shift;
  r.start = intact_to_i32(v->start);
  r.k = (int32_t)c->k;
  r.r = -(int32_t)c->round.r;
  r.low = vdupq_n_s32(c->round.qmin);
  r.high = vdupq_n_s32(c->round.qmax);
  r.places = vshlq_u32(vdupq_n_u32(1), vreinterpretq_s32_u32(vmulq_n_u32(vidupq_n_u32(0, 1), r.n)));
  return r;
}

/* The residual's codes of channels o .. o + 3, decoded, as far as there are such. */
INTACT_APART static int32x4_t residual_values(const intact_conv* c, const uint8_t* pixel, uint32_t o) {
  int32_t values[4];
  uint32_t i;
  for (i = 0; i < 4; ++i)
    values[i] = o + i < c->output.channels ? intact_decode_at(&c->decode_residual, pixel, o + i) : 0;
  return vld1q_s32(values);
}

/* Four words, or those that p holds of less. */
INTACT_INLINED int32x4_t load(const void* words, uint32_t whole, mve_pred16_t p) {
  return whole ? vldrwq_s32((const int32_t*)words) : vldrwq_z_s32((const int32_t*)words, p);
}

/* Collects codes, every fourth channel in a lane, until they fill a word; store_end takes the last ones. */
INTACT_INLINED void pack(results* r, uint32x4_t codes, uint32_t whole) {
  codes = vandq_u32(codes, vdupq_n_u32((1u << r->n) - 1u));
  r->pending = vmlaq_n_u32(r->pending, codes, r->place);
  r->place <<= 4 * r->n;
  if (r->place != 0 || !whole) return;
  intact_store_u32(r->to, vmladavq_u32(r->pending, r->places));
  r->to += 4;
  r->pending = vdupq_n_u32(0);
  r->place = 1;
}

/* Outputs of channels o .. o + 3 from their sums, or of those that p holds. */
INTACT_INLINED void store_four(const intact_conv* c, results* r, const intact_i32* sums,
                               const intact_i32* weight_sums, uint32_t o, uint32_t whole, mve_pred16_t p) {
  const int32x4_t b = load(r->biases + (size_t)o * 4, whole, p);
  int32x4_t t = load(sums, whole, p);
  if (r->offset != 0) t = vmlaq_n_s32(t, load(weight_sums, whole, p), r->offset);
  t = vaddq_n_s32(vshlq_r_s32(t, r->shift), r->start);
  if (r->n == 32) {
    vstrwq_p_s32((int32_t*)(void*)r->to, vaddq_s32(t, b), p);
    r->to += 16;
    return;
  }
  t = vmulhq_s32(vshlq_r_s32(t, r->k), load(r->multipliers + (size_t)o * 4, whole, p));
  t = vaddq_s32(t, b);
  if (r->residual) t = vmlaq_n_s32(t, residual_values(c, r->residual, o), c->m_res);
  if (c->round.bipolar)
    t = vreinterpretq_s32_u32(vshrq_n_u32(vmvnq_u32(vreinterpretq_u32_s32(t)), 31));
  else
    t = vminq_s32(vmaxq_s32(vshlq_r_s32(t, r->r), r->low), r->high);
  if (r->n == 8) {
    if (whole)
      vstrbq_s32((int8_t*)r->to, t);
    else
      vstrbq_p_s32((int8_t*)r->to, t, p);
    r->to += 4;
  } else {
    pack(r, vreinterpretq_u32_s32(whole ? t : vpselq_s32(t, vdupq_n_s32(0), p)), whole);
  }
}

/* Outputs of channels first .. first + count - 1. */
static void store(const vector8* v, uint32_t first, uint32_t count, results* to) {
  const intact_i32 *sums = v->sums, *weight_sums = v->weight_sums;
  results r = *to;
  for (; count >= 4; count -= 4, first += 4, sums += 4, weight_sums += 4)
    store_four(v->conv, &r, sums, weight_sums, first, 1, 0xffff);
  if (count > 0) store_four(v->conv, &r, sums, weight_sums, first, 0, vctp32q(count));
  *to = r;
}

/* What is left of the last word, and zeros up to the pixel's end. */
static void store_end(const results* r, const uint8_t* end) {
  uint8_t* to = r->to;
  uint32_t pending = vmladavq_u32(r->pending, r->places);
  for (; to < end; pending >>= 8) *to++ = (uint8_t)pending;
}

/* What a field stands above its weight; twice that of a bit. */
static uint32_t bias_of(const vector8* v) {
  if (v->conv->weight_kind == INTACT_KIND_BIPOLAR) return 1;
  return v->is_unsigned || v->with_above ? 1u << (v->conv->weight_storage - 1) : 0;
}

static void init_job(vector8* v) {
  const intact_conv* c = v->conv;
  const uint32_t storage = c->weight_storage, codes = (1u << storage) - 1u;
  /* To the top of a byte. */
  const uint32_t raised = !v->is_unsigned && !v->with_above && (storage == 4 || storage == 2);
  uint32_t i;
  v->job.step = c->row_bytes;
  v->job.bytes = c->row_bytes;
  v->job.skip = c->row_bytes - 16 * v->plan.vectors;
  v->job.kind = v->is_unsigned ? INTACT_VECTOR8_UNSIGNED : 0;
  for (i = storage; i < 8; i *= 2) v->job.kind += 2;
  if (v->with_above) v->job.kind = INTACT_VECTOR8_CRUMBS_WITH_ABOVE;
  v->job.flip = v->with_above ? 0x2a2a2a2au : (1u << (storage - 1)) * (0xffffffffu / codes);
  v->job.mask = (raised ? codes << (8 - storage) : codes) * 0x01010101u;
  v->shift = raised ? (int32_t)storage - 8 : c->weight_kind == INTACT_KIND_BIPOLAR;
}

static void run_pixel(vector8* v, uint32_t y, uint32_t x) {
  const intact_conv* c = v->conv;
  const uint32_t pixel = y * c->output.width + x, channels = c->output.channels;
  const uint32_t sum = arrange(v, window_lanes(v, y, x), v->values);
  uint32_t first, count;
  results to;
  v->start = 0 - bias_of(v) * (sum + (uint32_t)v->input.offset * v->ones_sum);
  to = results_of(v, pixel);
  for (first = 0; first < channels; first += count) {
    count = channels - first < v->plan.block ? channels - first : v->plan.block;
    if (v->input.offset != 0 && (pixel == 0 || count < channels))
      multiply(v, first, count, v->ones, v->weight_sums);
    multiply(v, first, count, v->values, v->sums);
    store(v, first, count, &to);
  }
  if (to.n < 8) store_end(&to, c->output.data + ((size_t)pixel + 1) * c->output.pixel_bytes);
}

static void run(const intact_conv* c) {
  vector8 v;
  uint32_t y, x;
  v.conv = c;
  intact_plan_vector8(c, c->scratch_bytes, &v.plan);
  v.lanes = (int8_t*)c->scratch + v.plan.lanes;
  v.values = (int8_t*)c->scratch + v.plan.values;
  v.ones = (int8_t*)c->scratch + v.plan.ones;
  v.sums = (intact_i32*)(void*)(c->scratch + v.plan.sums);
  v.weight_sums = (intact_i32*)(void*)(c->scratch + v.plan.weight_sums);
  v.input = intact_input_lanes(&c->input);
  v.is_unsigned = 0;
  if (c->input.storage_bits == 8 && c->input.kind == INTACT_KIND_UNSIGNED) {
    v.is_unsigned = 1;
    v.input.kind = INTACT_KIND_SIGNED;
    v.input.offset -= 128;
  } else if (c->input.storage_bits == 8 && v.plan.fields == 8) {
    v.is_unsigned = 1;
    v.input.kind = INTACT_KIND_UNSIGNED;
    v.input.offset = -128;
  }
  v.with_above = c->weight_storage == 2 && c->input.storage_bits < 8;
  init_job(&v);
  v.ones_sum = 0;
  if (v.input.offset != 0) {
    intact_fill_lanes(v.lanes, c->taps, 1);
    v.ones_sum = arrange(&v, v.lanes, v.ones);
  }
  for (y = 0; y < c->output.height; ++y) {
    for (x = 0; x < c->output.width; ++x) run_pixel(&v, y, x);
  }
}

const intact_conv_kernel intact_conv_vector8 = {intact_conv_vector8_scratch, run};

#endif
