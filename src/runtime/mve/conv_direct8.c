/* Convolution in byte lanes: input codes expanded to signed bytes a few lines at a time, weights likewise a
 * block of output channels at a time, sums of products by VMLADAV over 16 taps. v = lane + offset
 * (mve_lanes.h), so that acc = sum(lane w) + offset sum(w): the sums start at the second term. They are
 * modulo 2^32. Weights are padded with zeros to whole vectors, so that what lies behind a pixel's taps does
 * not count.
 */
#include "../intact_isa.h"
#include "../plan_direct8.h"

#if INTACT_ISA_MVE

#include "mve_direct8.h"
#include "mve_lines.h"
#include "mve_weights.h"

typedef struct direct8 {
  const intact_conv* conv;
  intact_direct8_plan plan;
  intact_lanes input, weights;
  intact_quantizer quantizer;
  intact_lines lines;
  int8_t* pairs; /* of the block */
  int8_t* pairs_end;
  intact_i32* sums;
  int8_t* patches;
  uint32_t sums_step; /* bytes from a tile's to the next's */
} direct8;

/* Whether a channel's taps follow each other in the blob as in the inner loop. */
static uint32_t rows_are_runs(const direct8* d) {
  const intact_window* w = &d->conv->window;
  if (d->plan.mode == INTACT_DIRECT8_ROWS) return 0;
  return d->conv->weight_layout != INTACT_LAYOUT_WORD_TAPS || w->kernel_h * w->kernel_w == 1;
}

/* Whether a channel's taps are runs of whole vectors, or a single one. */
static uint32_t keeps_vectors(const direct8* d) {
  return rows_are_runs(d) || d->conv->group_in % 16 == 0;
}

/* The weights of one channel, vectors 32 bytes apart from `to` on, in the order of the inner loop; taps of
 * any length, where vectors are not kept, one after the other. */
static intact_lane_runs channel_runs(const direct8* d, const uint8_t* row, int8_t* to) {
  const intact_conv* c = d->conv;
  const uint32_t positions = c->window.kernel_h * c->window.kernel_w, channels = c->group_in;
  const uint32_t words = c->weight_layout == INTACT_LAYOUT_WORD_TAPS, together = rows_are_runs(d);
  intact_lane_runs runs;
  runs.from = row;
  runs.from_step = words ? 4 * ((channels + 31) / 32) : channels * c->weight_storage / 8;
  runs.runs = together ? 1 : positions;
  runs.count = together ? c->taps : channels;
  runs.to = to;
  runs.to_step = channels * 2;
  runs.vector_step = 2 * 16;
  if (d->plan.mode == INTACT_DIRECT8_ROWS) {
    runs.to_step = 2 * 16;
    runs.vector_step = positions * 2 * 16;
  } else if (!keeps_vectors(d)) {
    runs.to_step = channels;
    runs.vector_step = 16;
  }
  return runs;
}

/* Taps of any length: one after the other, then in vectors. The patches are not yet in use. */
static void expand_apart(const direct8* d, const intact_lane_runs* runs, int8_t* to) {
  uint32_t i;
  intact_expand_lanes(&d->weights, runs);
  intact_fill_lanes(d->patches + d->conv->taps, d->plan.steps * 16 - d->conv->taps, 0);
  for (i = 0; i < d->plan.steps; ++i) intact_copy_lanes(to + (size_t)i * 32, d->patches + (size_t)i * 16, 16);
}

/* The weights of the first, third ... of `count` channels, where their rows are runs. */
static void expand_rows(const direct8* d, const uint8_t* row, uint32_t count, int8_t* to) {
  intact_lane_runs runs;
  runs.from = row;
  runs.from_step = 2 * d->conv->row_bytes;
  runs.runs = (count + 1) / 2;
  runs.count = d->conv->taps;
  runs.to = to;
  runs.to_step = INTACT_DIRECT8_START_BYTES + d->plan.steps * INTACT_DIRECT8_STEP_BYTES;
  runs.vector_step = 2 * 16;
  intact_expand_lanes(&d->weights, &runs);
}

/* All channels of the block, with their starts. */
static void expand_narrow(const direct8* d, const uint8_t* row, uint32_t count) {
  intact_weight_rows rows;
  rows.runs = channel_runs(d, row, d->pairs + INTACT_DIRECT8_START_BYTES);
  rows.channels = count;
  rows.row_bytes = d->conv->row_bytes;
  rows.pair_bytes = INTACT_DIRECT8_START_BYTES + d->plan.steps * INTACT_DIRECT8_STEP_BYTES;
  rows.start_bytes = INTACT_DIRECT8_START_BYTES;
  rows.offset = d->input.offset;
  intact_expand_weight_rows(d->conv, &rows);
}

/* The same of 8 bits, and of taps that do not keep vectors. */
static void expand_wide(const direct8* d, const uint8_t* row, uint32_t count) {
  const uint32_t steps = d->plan.steps, in_place = keeps_vectors(d);
  const uint32_t pair_bytes = INTACT_DIRECT8_START_BYTES + steps * INTACT_DIRECT8_STEP_BYTES;
  int8_t* const to = d->pairs + INTACT_DIRECT8_START_BYTES;
  uint32_t i, j;
  if (rows_are_runs(d)) {
    expand_rows(d, row, count, to);
    if (count > 1) expand_rows(d, row + d->conv->row_bytes, count - 1, to + 16);
  } else {
    intact_lane_runs runs = channel_runs(d, row, d->patches);
    for (i = 0; i < count; ++i, runs.from += d->conv->row_bytes) {
      int8_t* const channel = to + (size_t)(i / 2) * pair_bytes + i % 2 * 16;
      if (in_place) {
        runs.to = channel;
        intact_expand_lanes(&d->weights, &runs);
      } else {
        expand_apart(d, &runs, channel);
      }
    }
  }
  for (i = 0; i < count; ++i) {
    int8_t* const channel = to + (size_t)(i / 2) * pair_bytes + i % 2 * 16;
    intact_i32* const start = (intact_i32*)(void*)(channel - INTACT_DIRECT8_START_BYTES);
    int32_t sum = 0;
    if (d->input.offset != 0)
      sum = intact_to_i32(
          intact_mul(intact_sum_lanes(channel, steps, INTACT_DIRECT8_STEP_BYTES), d->input.offset));
    for (j = 0; j < 4; ++j) start[j] = sum;
  }
}

static void fill_pairs(direct8* d, uint32_t first, uint32_t count) {
  const intact_conv* c = d->conv;
  const uint8_t* row = c->weights + (size_t)first * c->row_bytes;
  const uint32_t vectors = 2 + 2 * d->plan.steps; /* of a pair, starts among them */
  uint32_t i;
  if (c->weight_storage < 8 && keeps_vectors(d))
    expand_narrow(d, row, count);
  else
    expand_wide(d, row, count);
  d->pairs_end = d->pairs + (size_t)((count + 1) / 2) * vectors * 16;
  if (count % 2 != 0) {
    for (i = 1; i < vectors; i += 2) intact_fill_lanes(d->pairs_end - (size_t)i * 16, 16, 0);
  }
  d->sums_step = (count + 1) / 2 * 32;
}

/* Requantizes tiles of 4 pixels from `pixel` on; `count` pixels. */
static void store(const direct8* d, uint32_t pixel, uint32_t count) {
  intact_tiles t;
  t.acc = d->sums;
  t.acc_step = d->sums_step;
  t.tiles = count / 4;
  t.pixel = pixel;
  t.pixel_step = 4;
  t.mask = INTACT_ALL_LANES;
  if (t.tiles > 0) intact_quantize(&d->quantizer, &t);
  if (count % 4 == 0) return;
  t.acc += (size_t)t.tiles * (d->sums_step / 4);
  t.pixel += t.tiles * 4;
  t.tiles = 1;
  t.mask = (1u << (4 * (count % 4))) - 1u;
  intact_quantize(&d->quantizer, &t);
}

static intact_direct8_job job_of(const direct8* d) {
  intact_direct8_job job;
  job.weights = d->pairs;
  job.weights_end = d->pairs_end;
  job.sums = d->sums;
  job.steps = d->plan.steps;
  job.tiles = 1;
  job.step = 0;
  return job;
}

static void sweep_points(direct8* d) {
  const intact_conv* c = d->conv;
  const uint32_t channels = c->input.channels, pixels = c->output.height * c->output.width;
  const uint32_t most = 4 * d->plan.tiles;
  int8_t* expanded = d->lines.data;
  uint32_t pixel, count, tile, i;
  for (pixel = 0; pixel < pixels; pixel += count) {
    intact_direct8_job job = job_of(d);
    const uint32_t tiles = pixels - pixel < most ? (pixels - pixel + 3) / 4 : d->plan.tiles;
    count = pixels - pixel < most ? pixels - pixel : most;
    intact_expand_pixels(c, &d->input, pixel, count, expanded);
    if (d->plan.steps == 1) {
      job.tiles = tiles;
      job.at[0] = expanded;
      job.step = channels;
      intact_direct8_point(&job);
    } else {
      for (tile = 0; tile < tiles; ++tile) {
        for (i = 0; i < 4; ++i) job.at[i] = expanded + (size_t)(4 * tile + i) * channels;
        intact_direct8_steps(&job);
        job.sums += d->sums_step / 4;
      }
    }
    store(d, pixel, count);
  }
}

static void sweep_rows(direct8* d) {
  const intact_conv* c = d->conv;
  const uint32_t width = c->output.width, most = 4 * d->plan.tiles;
  uint32_t y, x, count, i;
  for (y = 0; y < c->output.height; ++y) {
    const int8_t* line = intact_lines_at(&d->lines, y, 3);
    for (x = 0; x < width; x += count) {
      intact_direct8_job job = job_of(d);
      count = width - x < most ? width - x : most;
      job.tiles = (count + 3) / 4;
      job.steps = c->input.channels / 16;
      job.step = d->plan.line_pixels * 16;
      for (i = 0; i < 3; ++i) job.at[i] = line + (size_t)i * d->plan.line_bytes + (size_t)x * 16;
      if (job.steps == 1)
        intact_direct8_rows(&job);
      else
        intact_direct8_planes(&job);
      store(d, y * width + x, count);
    }
  }
}

/* The taps of the window whose first line and column of taps start at `at`. */
static void copy_patch(const direct8* d, const int8_t* at, int8_t* to) {
  const intact_window* w = &d->conv->window;
  const uint32_t channels = d->conv->input.channels, together = w->dilation_w == 1;
  const uint32_t run = together ? w->kernel_w * channels : channels;
  uint32_t ky, kx;
  for (ky = 0; ky < w->kernel_h; ++ky) {
    const int8_t* from = at + (size_t)ky * w->dilation_h * d->plan.line_bytes;
    for (kx = 0; kx < (together ? 1 : w->kernel_w); ++kx) {
      intact_copy_lanes(to, from, run);
      from += (size_t)w->dilation_w * channels;
      to += run;
    }
  }
}

static void sweep_patches(direct8* d) {
  const intact_conv* c = d->conv;
  const intact_window* w = &c->window;
  const uint32_t width = c->output.width, most = 4 * d->plan.tiles;
  const uint32_t span = (w->kernel_h - 1) * w->dilation_h + 1;
  uint32_t y, x, count, tile, i;
  for (y = 0; y < c->output.height; ++y) {
    const int8_t* line = intact_lines_at(&d->lines, y * w->stride_h, span);
    for (x = 0; x < width; x += count) {
      intact_direct8_job job = job_of(d);
      count = width - x < most ? width - x : most;
      for (i = 0; i < 4; ++i) job.at[i] = d->patches + (size_t)i * d->plan.patch_bytes;
      job.step = d->plan.patch_bytes;
      for (tile = 0; 4 * tile < count; ++tile) {
        for (i = 0; i < 4 && 4 * tile + i < count; ++i)
          copy_patch(d, line + (size_t)(x + 4 * tile + i) * w->stride_w * c->input.channels,
                     d->patches + (size_t)i * d->plan.patch_bytes);
        job.tiles = 1;
        if (job.steps == 1)
          intact_direct8_point(&job);
        else
          intact_direct8_steps(&job);
        job.sums += d->sums_step / 4;
      }
      store(d, y * width + x, count);
    }
  }
}

static void run(const intact_conv* c) {
  direct8 d;
  uint32_t first, count;
  d.conv = c;
  intact_plan_direct8(c, c->scratch_bytes, &d.plan);
  d.input = intact_input_lanes(&c->input);
  d.weights = intact_weight_lanes(c);
  d.pairs = (int8_t*)c->scratch + d.plan.weights;
  d.sums = (intact_i32*)(void*)(c->scratch + d.plan.sums);
  d.patches = (int8_t*)c->scratch + d.plan.patches;
  d.lines.conv = c;
  d.lines.lanes = d.input;
  d.lines.data = (int8_t*)c->scratch + d.plan.expanded;
  d.lines.capacity = d.plan.lines;
  d.lines.line_bytes = d.plan.line_bytes;
  d.lines.left = 0;
  d.lines.pixels = d.plan.line_pixels;
  d.lines.channel = 0;
  d.lines.channels = c->input.channels;
  d.lines.planes = d.plan.mode == INTACT_DIRECT8_ROWS;
  for (first = 0; first < c->output.channels; first += count) {
    count = c->output.channels - first < d.plan.block ? c->output.channels - first : d.plan.block;
    fill_pairs(&d, first, count);
    intact_quantizer_init(&d.quantizer, c, (intact_i32*)(void*)(c->scratch + d.plan.table), first, count);
    d.quantizer.extra_bits = intact_weight_extra_bits(c);
    d.lines.first = 0;
    d.lines.end = 0;
    if (d.plan.mode == INTACT_DIRECT8_POINTS)
      sweep_points(&d);
    else if (d.plan.mode == INTACT_DIRECT8_ROWS)
      sweep_rows(&d);
    else
      sweep_patches(&d);
  }
}

const intact_conv_kernel intact_conv_direct8 = {intact_conv_direct8_scratch, run};

#endif
