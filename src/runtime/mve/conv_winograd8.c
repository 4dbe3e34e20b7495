/* Convolution 3x3 by F(4, 3) along rows in byte lanes (plan_winograd8.h): blocks of output channels, strips
 * of columns, bands of four rows. v = lane + offset (mve_lanes.h). The constant part of the input is offset
 * in each column, of which B^T makes -6 offset in point 1 and 0 in all others; there it meets the sum of a
 * kernel row. So the sum of point 1 starts at -6 offset sum(w).
 */
#include "../intact_isa.h"
#include "../plan_winograd8.h"

#if INTACT_ISA_MVE

#include <arm_mve.h>

#include "mve_lines.h"
#include "mve_winograd8.h"

enum { POINTS = INTACT_WINOGRAD8_POINTS, HELD = INTACT_WINOGRAD8_HELD_ROWS, PLANE = INTACT_WINOGRAD8_PLANE };

typedef struct winograd8 {
  const intact_conv* conv;
  intact_winograd8_plan plan;
  intact_lanes input, weight_lanes;
  intact_quantizer quantizer; /* of the block */
  intact_winograd8_pack pack;
  intact_lines lines;
  int8_t *values, *weights;
  intact_i32 *starts, *sums, *results;
  uint32_t first, count; /* channels of the block */
  uint32_t tiles;        /* of the strip */
} winograd8;

/* One channel's taps as lanes, [ky][kx][input channel], each position's channels rounded up to whole vectors.
 * The values are not yet in use: of any tile they take 576 bytes a plane, the taps 144. */
static void expand_taps(const winograd8* w, const uint8_t* row) {
  const intact_conv* c = w->conv;
  const uint32_t channels = c->group_in, vectors = w->plan.planes;
  int8_t* taps = w->values;
  intact_lane_runs runs;
  runs.from = row;
  runs.to = taps;
  runs.vector_step = 16;
  runs.count = channels;
  runs.runs = 9;
  runs.to_step = vectors * 16;
  if (c->weight_layout == INTACT_LAYOUT_WORD_TAPS) {
    runs.from_step = 4 * ((channels + 31) / 32);
    intact_expand_lanes(&w->weight_lanes, &runs);
  } else if (channels * c->weight_storage % 8 == 0) {
    runs.from_step = channels * c->weight_storage / 8;
    intact_expand_lanes(&w->weight_lanes, &runs);
  } else {
    /* Taps do not begin at bytes: all of them as one run, moved apart from the last one on. */
    uint32_t position, i;
    runs.runs = 1;
    runs.from_step = 0;
    runs.count = c->taps;
    intact_expand_lanes(&w->weight_lanes, &runs);
    for (position = 9; position-- > 0;) {
      for (i = vectors; i-- > 0;) {
        const uint32_t at = 16 * i, rest = channels - at;
        const int8x16_t x = vld1q_z_s8(taps + (size_t)position * channels + at, vctp8q(rest));
        vst1q_s8(taps + ((size_t)position * vectors + i) * 16, x);
      }
    }
  }
}

static void fill_channel(const winograd8* w, uint32_t i) {
  const intact_conv* c = w->conv;
  const uint32_t planes = w->plan.planes, step = planes * PLANE;
  int8_t* to = w->weights + (size_t)(i / 2) * POINTS * step + i % 2 * 16;
  uint32_t plane;
  if (i < w->count)
    expand_taps(w, c->weights + (size_t)(w->first + i) * c->row_bytes);
  else
    intact_fill_lanes(w->values, 9 * planes * 16, 0);
  for (plane = 0; plane < planes; ++plane, to += PLANE)
    intact_winograd8_weights(w->values + (size_t)plane * 16, planes * 16, to, step);
  w->starts[i] = 0;
  if (w->input.offset != 0)
    w->starts[i] =
        intact_to_i32(intact_mul(intact_sum_lanes(w->values, 9 * planes, 16), -6 * w->input.offset));
}

/* Addends as in mve_quantize_words.c. */
static void fill_table(const winograd8* w) {
  const intact_conv* c = w->conv;
  const uint32_t is_unsigned = c->output.kind == INTACT_KIND_UNSIGNED;
  const int64_t middle = is_unsigned ? (int64_t)1 << (c->output.storage_bits - 1 + c->round.r) : 0;
  intact_i32* to = (intact_i32*)(void*)(c->scratch + w->plan.table);
  uint32_t i;
  for (i = 0; i < w->count; ++i, to += 3) {
    const size_t at = (size_t)(w->first + i) * 4;
    const int64_t b = intact_load_i32(c->biases + at) - middle;
    to[0] = intact_load_i32(c->multipliers + at);
    to[1] = b < INT32_MIN ? INT32_MIN : (int32_t)b;
    to[2] = w->starts[i];
  }
}

/* Values of a padded input line as row `row` of those held. */
static void fill_row(winograd8* w, uint32_t line, uint32_t row) {
  const int8_t* columns = intact_lines_at(&w->lines, line, 1);
  const uint32_t planes = w->plan.planes, tile_step = planes * PLANE;
  int8_t* to = w->values + (size_t)row * 16;
  uint32_t plane;
  for (plane = 0; plane < planes; ++plane, columns += (size_t)w->lines.pixels * 16, to += PLANE)
    intact_winograd8_values(columns, w->tiles, to, tile_step, w->tiles * tile_step);
}

/* The last two rows become the first two. */
static void keep_rows(const winograd8* w) {
  int8_t* at = w->values;
  uint32_t i;
  for (i = POINTS * w->tiles * w->plan.planes; i > 0; --i, at += PLANE) {
    const int8x16_t a = vld1q_s8(at + 64), b = vld1q_s8(at + 80);
    vst1q_s8(at, a);
    vst1q_s8(at + 16, b);
  }
}

/* Sums of `count` channels from the block's `first` on, or results of them. */
static void multiply(const winograd8* w, uint32_t first, uint32_t count) {
  const uint32_t pair_bytes = POINTS * w->plan.planes * PLANE, column = (count + 3) / 4 * 64;
  uint32_t i, j;
  intact_winograd8_products job;
  job.values = w->values;
  job.weights = w->weights + (size_t)first / 2 * pair_bytes;
  job.sums = w->sums;
  job.planes = w->plan.planes;
  job.tiles = w->tiles;
  job.step = (w->plan.packs ? count / 2 : 1) * INTACT_WINOGRAD8_SUMS;
  for (i = 0; i < count; i += 2, job.weights += pair_bytes) {
    if (job.planes == 1)
      intact_winograd8_plane(&job);
    else
      intact_winograd8_planes(&job);
    if (w->plan.packs) {
      job.sums += INTACT_WINOGRAD8_SUMS / 4;
      continue;
    }
    for (j = 0; j < 2; ++j)
      intact_winograd8_results(w->sums + (size_t)j * 4, w->tiles, w->starts[first + i + j],
                               w->results + (size_t)(i + j) * 4, column);
  }
}

/* The same channels' outputs: `rows` rows from y, `columns` columns from x on. */
static void store(const winograd8* w, uint32_t first, uint32_t count, uint32_t y, uint32_t rows, uint32_t x,
                  uint32_t columns) {
  intact_quantizer q = w->quantizer;
  intact_tiles t;
  q.table += (size_t)first * 2;
  q.first += first;
  q.count = count;
  t.acc = w->results;
  t.acc_step = (count + 3) / 4 * 64;
  t.tiles = columns;
  t.pixel = y * w->conv->output.width + x;
  t.pixel_step = 1;
  t.mask = (1u << (4 * rows)) - 1u;
  intact_quantize(&q, &t);
}

/* The same of 8 channels from their sums. */
static void pack(const winograd8* w, uint32_t first, uint32_t y, uint32_t rows, uint32_t x,
                 uint32_t columns) {
  const intact_tensor* out = &w->conv->output;
  const uint32_t n = out->storage_bits, channel = w->first + first;
  intact_winograd8_pack job = w->pack;
  uint32_t part;
  job.sums = w->sums;
  job.table += (size_t)first * 3;
  job.mask = (1u << (4 * rows)) - 1u;
  job.to = out->data + (size_t)(y * out->width + x) * out->pixel_bytes + channel * n / 8;
  for (part = 0; part < 2; ++part) {
    job.tiles = part ? 1 : columns / 4;
    job.columns = part ? columns % 4 : 4;
    if (job.tiles == 0 || job.columns == 0) continue;
    if (n == 4)
      intact_winograd8_nibbles(&job);
    else if (n == 2)
      intact_winograd8_crumbs(&job);
    else
      intact_winograd8_signs(&job);
  }
}

static void init_quantizer(winograd8* w) {
  uint32_t i;
  intact_quantizer_init(&w->quantizer, w->conv, (intact_i32*)(void*)(w->conv->scratch + w->plan.table),
                        w->first, w->count);
  w->quantizer.extra_bits = INTACT_WINOGRAD8_EXTRA_BITS;
  for (i = 0; i < 4; ++i) w->quantizer.pixels[i] = i * w->conv->output.width;
}

static void init_pack(winograd8* w) {
  const intact_conv* c = w->conv;
  const uint32_t n = c->output.storage_bits;
  intact_winograd8_pack* job = &w->pack;
  uint32_t i;
  job->table = (intact_i32*)(void*)(c->scratch + w->plan.table);
  intact_winograd8_factors(c->k, job->factors);
  job->align = 32 - n - c->round.r;
  job->flip = 0;
  if (n == 1)
    job->flip = 0xffffffffu;
  else if (c->output.kind == INTACT_KIND_UNSIGNED)
    job->flip = n == 4 ? 0x88888888u : 0xaaaaaaaau;
  job->column_bytes = c->output.pixel_bytes;
  for (i = 0; i < 4; ++i) job->rows[i] = i * c->output.width * c->output.pixel_bytes;
}

static void sweep_strip(winograd8* w, uint32_t x) {
  const intact_conv* c = w->conv;
  const uint32_t width = c->output.width - x, most = 4 * w->plan.tiles, columns = width < most ? width : most;
  uint32_t y, row, group;
  w->tiles = (columns + 3) / 4;
  w->lines.left = x;
  w->lines.pixels = 4 * w->tiles + 2;
  w->lines.line_bytes = w->plan.planes * w->lines.pixels * 16;
  w->lines.first = 0;
  w->lines.end = 0;
  for (y = 0; y < c->output.height; y += INTACT_WINOGRAD8_ROWS) {
    const uint32_t left = c->output.height - y,
                   rows = left < INTACT_WINOGRAD8_ROWS ? left : INTACT_WINOGRAD8_ROWS;
    if (y > 0) keep_rows(w);
    for (row = y > 0 ? HELD - INTACT_WINOGRAD8_ROWS : 0; row < rows + 2; ++row) fill_row(w, y + row, row);
    for (group = 0; group < w->count; group += w->plan.group) {
      const uint32_t rest = w->count - group, count = rest < w->plan.group ? rest : w->plan.group;
      multiply(w, group, count);
      if (w->plan.packs)
        pack(w, group, y, rows, x, columns);
      else
        store(w, group, count, y, rows, x, columns);
    }
  }
}

static void run(const intact_conv* c) {
  winograd8 w;
  uint32_t i, x;
  w.conv = c;
  intact_plan_winograd8(c, c->scratch_bytes, &w.plan);
  w.input = intact_input_lanes(&c->input);
  w.weight_lanes = intact_weight_lanes(c);
  w.values = (int8_t*)c->scratch + w.plan.values;
  w.weights = (int8_t*)c->scratch + w.plan.weights;
  w.starts = (intact_i32*)(void*)(c->scratch + w.plan.starts);
  w.sums = (intact_i32*)(void*)(c->scratch + w.plan.sums);
  w.results = (intact_i32*)(void*)(c->scratch + w.plan.results);
  w.lines.conv = c;
  w.lines.lanes = w.input;
  w.lines.data = (int8_t*)c->scratch + w.plan.line;
  w.lines.capacity = 1;
  w.lines.channel = 0;
  w.lines.channels = c->input.channels;
  w.lines.planes = 1;
  if (w.plan.packs) init_pack(&w);
  for (w.first = 0; w.first < c->output.channels; w.first += w.count) {
    const uint32_t rest = c->output.channels - w.first;
    w.count = rest < w.plan.block ? rest : w.plan.block;
    for (i = 0; i < w.count || i % 2 != 0; ++i) fill_channel(&w, i);
    if (w.plan.packs)
      fill_table(&w);
    else
      init_quantizer(&w);
    for (x = 0; x < c->output.width; x += 4 * w.plan.tiles) sweep_strip(&w, x);
  }
}

const intact_conv_kernel intact_conv_winograd8 = {intact_conv_winograd8_scratch, run};

#endif
