/* Depthwise convolution in byte lanes: blocks of channels, strips of output columns, rows. v = lane + offset
 * (mve_lanes.h), so that acc = sum(lane w) + offset sum(w): the sums start at the second term. Taps that a
 * vector of 4x4 holds beyond the window have the weight 0.
 */
#include "../intact_isa.h"
#include "../plan_depthwise8.h"

#if INTACT_ISA_MVE

#include <arm_mve.h>

#include "mve_depthwise8.h"
#include "mve_lines.h"
#include "mve_weights.h"

typedef struct depthwise8 {
  const intact_conv* conv;
  intact_depthwise8_plan plan;
  intact_lanes input, weight_lanes;
  intact_quantizer quantizer;
  intact_lines lines;
  int8_t *interleaved, *weights, *taps;
  intact_i32* sums;
  uint32_t first, count; /* channels of the block */
} depthwise8;

/* Lane 4 i + r = tap (row + r, column + i) of `taps`, where there is such a tap. */
static int8x16_t taps_at(const intact_window* w, const int8_t* taps, uint32_t row, uint32_t column) {
  const uint8x16_t lane = vidupq_n_u8(0, 1);
  const uint8x16_t y = vandq_u8(lane, vdupq_n_u8(3)), x = vshrq_n_u8(lane, 2);
  const uint32_t down = w->kernel_h - row, right = w->kernel_w - column;
  mve_pred16_t p = vcmphiq_u8(vdupq_n_u8((uint8_t)(down < 4 ? down : 4)), y);
  p = vcmphiq_m_u8(vdupq_n_u8((uint8_t)(right < 4 ? right : 4)), x, p);
  return vldrbq_gather_offset_z_s8(taps + (size_t)row * w->kernel_w + column,
                                   vmlaq_n_u8(x, y, (uint8_t)w->kernel_w), p);
}

/* The same for a tile of 2x2 outputs: output (dy, dx) has tap (r - dy, i - dx) in lane 4 i + r. The taps' 16
 * lanes end in zeros. */
static void fill_square(const int8_t* taps, int8_t* to) {
  static const uint8_t lanes[4][16] = {{0, 3, 6, 15, 1, 4, 7, 15, 2, 5, 8, 15, 15, 15, 15, 15},
                                       {15, 15, 15, 15, 0, 3, 6, 15, 1, 4, 7, 15, 2, 5, 8, 15},
                                       {15, 0, 3, 6, 15, 1, 4, 7, 15, 2, 5, 8, 15, 15, 15, 15},
                                       {15, 15, 15, 15, 15, 0, 3, 6, 15, 1, 4, 7, 15, 2, 5, 8}};
  uint32_t i;
  for (i = 0; i < 4; ++i, to += 16) vst1q_s8(to, vldrbq_gather_offset_s8(taps, vld1q_u8(lanes[i])));
}

static void fill_channel(const depthwise8* d, const int8_t* taps, int8_t* to) {
  const intact_window* w = &d->conv->window;
  const uint32_t vectors = (d->conv->taps + 15) / 16, groups_w = d->plan.groups / d->plan.groups_h;
  int32_t sum = 0;
  uint32_t j;
  if (d->input.offset != 0)
    sum = intact_to_i32(intact_mul(intact_sum_lanes(taps, vectors, 16), d->input.offset));
  vst1q_s32((int32_t*)(void*)to, vdupq_n_s32(sum));
  vst1q_s32((int32_t*)(void*)(to + 16), vdupq_n_s32(sum));
  to += INTACT_DEPTHWISE8_START_BYTES;
  if (d->plan.square) {
    fill_square(taps, to);
    return;
  }
  for (j = 0; j < d->plan.groups; ++j, to += 16)
    vst1q_s8(to, taps_at(w, taps, 4 * (j / groups_w), 4 * (j % groups_w)));
}

/* Vectors of one channel's taps. */
static void expand_long(const depthwise8* d, const intact_lane_runs* channel) {
  const uint32_t rest = channel->count % 16;
  intact_lane_runs part = *channel;
  part.runs = channel->count / 16;
  part.from_step = 2 * d->conv->weight_storage;
  part.to_step = 16;
  part.count = 16;
  intact_expand_weights(d->conv, &part);
  if (rest == 0) return;
  part.from += (size_t)part.runs * part.from_step;
  part.to += (size_t)part.runs * 16;
  part.runs = 1;
  part.count = rest;
  intact_expand_weights(d->conv, &part);
}

static void expand_taps(const depthwise8* d, const intact_lane_runs* runs) {
  if (d->conv->weight_storage == 8)
    intact_expand_lanes(&d->weight_lanes, runs);
  else if (runs->count <= 16)
    intact_expand_weights(d->conv, runs);
  else
    expand_long(d, runs);
}

static void fill_weights(const depthwise8* d) {
  const intact_conv* c = d->conv;
  const uint32_t together = c->taps <= 16;
  int8_t* to = d->weights;
  uint32_t i;
  intact_lane_runs runs;
  runs.from = c->weights + (size_t)d->first * c->row_bytes;
  runs.from_step = c->row_bytes;
  runs.runs = together ? d->count : 1;
  runs.count = c->taps;
  runs.to = d->taps;
  runs.to_step = 16;
  runs.vector_step = 16;
  for (i = 0; i < d->count; ++i) {
    if (i == 0 || !together) expand_taps(d, &runs);
    fill_channel(d, d->taps + (together ? (size_t)i * 16 : 0), to);
    runs.from += c->row_bytes;
    to += INTACT_DEPTHWISE8_START_BYTES + (size_t)d->plan.groups * 16;
  }
}

/* The four rows of each group, of one plane. */
static void interleave(const depthwise8* d, const int8_t* line, uint32_t plane) {
  const intact_window* w = &d->conv->window;
  const uint32_t height = d->plan.square ? 4 : w->kernel_h;
  uint32_t group, row;
  line += (size_t)plane * d->plan.columns * 16;
  for (group = 0; group < d->plan.groups_h; ++group) {
    const int8_t* rows[4];
    for (row = 0; row < 4; ++row) {
      const uint32_t tap = 4 * group + row < height ? 4 * group + row : 0;
      rows[row] = line + (size_t)tap * w->dilation_h * d->lines.line_bytes;
    }
    intact_interleave_rows(d->interleaved + (size_t)group * d->plan.columns * INTACT_DEPTHWISE8_COLUMN_BYTES,
                           rows, d->plan.columns);
  }
}

static void multiply(const depthwise8* d, const int8_t* line, uint32_t tiles) {
  const uint32_t weight_bytes = INTACT_DEPTHWISE8_START_BYTES + d->plan.groups * 16;
  uint32_t plane;
  for (plane = 0; plane * INTACT_DEPTHWISE8_CHANNELS < d->count; ++plane) {
    const uint32_t first = plane * INTACT_DEPTHWISE8_CHANNELS, rest = d->count - first;
    intact_depthwise8_job job;
    interleave(d, line, plane);
    job.columns = d->interleaved;
    job.weights = d->weights + (size_t)first * weight_bytes;
    job.sums = d->sums + (size_t)first * 4;
    job.sums_step = d->count * 16;
    job.channels = rest < INTACT_DEPTHWISE8_CHANNELS ? rest : INTACT_DEPTHWISE8_CHANNELS;
    job.tiles = tiles;
    if (d->plan.square) {
      job.tiles += tiles % 2;
      intact_depthwise8_square(&job);
    } else {
      job.groups_h = d->plan.groups_h;
      job.groups_w = d->plan.groups / d->plan.groups_h;
      job.group_bytes = d->plan.columns * INTACT_DEPTHWISE8_COLUMN_BYTES;
      job.stride = d->conv->window.stride_w;
      job.dilation = d->conv->window.dilation_w;
      intact_depthwise8_any(&job);
    }
  }
}

/* Outputs of rows y .. y + rows - 1, columns x .. x + count - 1. */
static void store(const depthwise8* d, uint32_t y, uint32_t rows, uint32_t x, uint32_t count) {
  const uint32_t tile_w = d->plan.tile_w, rest = count % tile_w;
  const uint32_t upper = rows < d->plan.tile_h ? 0x00ffu : INTACT_ALL_LANES;
  intact_tiles t;
  t.acc = d->sums;
  t.acc_step = d->count * 16;
  t.tiles = count / tile_w;
  t.pixel = y * d->conv->output.width + x;
  t.pixel_step = tile_w;
  t.mask = upper;
  if (t.tiles > 0) intact_quantize(&d->quantizer, &t);
  if (rest == 0) return;
  t.acc += (size_t)t.tiles * d->count * 4;
  t.pixel += t.tiles * tile_w;
  t.tiles = 1;
  t.mask = d->plan.square ? upper & 0x0f0fu : (1u << (4 * rest)) - 1u;
  intact_quantize(&d->quantizer, &t);
}

static void sweep_strip(depthwise8* d, uint32_t x, uint32_t count) {
  const intact_conv* c = d->conv;
  const intact_window* w = &c->window;
  const uint32_t span = d->plan.square ? 4 : (w->kernel_h - 1) * w->dilation_h + 1;
  uint32_t y;
  d->lines.left = x * w->stride_w;
  d->lines.first = 0;
  d->lines.end = 0;
  for (y = 0; y < c->output.height; y += d->plan.tile_h) {
    const uint32_t left = c->output.height - y;
    const int8_t* line = intact_lines_at(&d->lines, y * w->stride_h, span);
    multiply(d, line, (count + d->plan.tile_w - 1) / d->plan.tile_w);
    store(d, y, left < d->plan.tile_h ? left : d->plan.tile_h, x, count);
  }
}

static void begin_block(depthwise8* d, uint32_t first) {
  const intact_conv* c = d->conv;
  uint32_t i;
  d->first = first;
  d->count = c->output.channels - first < d->plan.block ? c->output.channels - first : d->plan.block;
  d->lines.channel = first;
  d->lines.channels = d->count;
  fill_weights(d);
  intact_quantizer_init(&d->quantizer, c, (intact_i32*)(void*)(c->scratch + d->plan.table), first, d->count);
  d->quantizer.extra_bits = intact_weight_extra_bits(c);
  if (d->plan.square) {
    for (i = 0; i < 4; ++i) d->quantizer.pixels[i] = i / 2 * c->output.width + i % 2;
  }
}

static void run(const intact_conv* c) {
  depthwise8 d;
  uint32_t first, x, count;
  d.conv = c;
  intact_plan_depthwise8(c, c->scratch_bytes, &d.plan);
  d.input = intact_input_lanes(&c->input);
  d.weight_lanes = intact_weight_lanes(c);
  d.interleaved = (int8_t*)c->scratch + d.plan.interleaved;
  d.weights = (int8_t*)c->scratch + d.plan.weights;
  d.taps = (int8_t*)c->scratch + d.plan.taps;
  d.sums = (intact_i32*)(void*)(c->scratch + d.plan.sums);
  d.lines.conv = c;
  d.lines.lanes = d.input;
  d.lines.data = (int8_t*)c->scratch + d.plan.held;
  d.lines.capacity = d.plan.lines;
  d.lines.line_bytes = d.plan.planes * d.plan.columns * 16;
  d.lines.pixels = d.plan.columns;
  d.lines.planes = d.plan.planes;
  for (first = 0; first < c->output.channels; first += d.count) {
    begin_block(&d, first);
    for (x = 0; x < c->output.width; x += count) {
      count = c->output.width - x < d.plan.outputs ? c->output.width - x : d.plan.outputs;
      sweep_strip(&d, x, count);
    }
  }
}

const intact_conv_kernel intact_conv_depthwise8 = {intact_conv_depthwise8_scratch, run};

#endif
