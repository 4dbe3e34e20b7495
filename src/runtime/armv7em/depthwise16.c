/* INTACT_CONV_DEPTHWISE16: blocks of channels, strips of columns, rows. */
#include "depthwise16.h"
#include "requantize_tile.h"

#if INTACT_ISA_ARMV7EM

typedef struct depthwise {
  const intact_conv* conv;
  intact_depthwise16_plan plan;
  intact_depthwise16_word* scratch;
  intact_depthwise16_input input;
  uint32_t plane; /* words of a channel's plane */
  /* The block and the strip. */
  uint32_t first, channels;
  uint32_t left, outputs; /* output columns left .. left + outputs - 1 */
} depthwise;

/* The packed pad pixel of a block, at the scratch's start. */
static void fill_pad_pixel(depthwise* d) {
  const intact_decoder* decoder = &d->conv->decode_input;
  const uint32_t value = (uint32_t)(d->conv->pad_value - decoder->offset) >> decoder->shift;
  const uint32_t ones = 0xffffffffu / ((1u << decoder->storage) - 1u);
  uint32_t i;
  for (i = 0; i < d->plan.weights; ++i) d->scratch[i] = (value ^ decoder->flip) * ones;
}

static void describe_input(depthwise* d, uint32_t shift) {
  const intact_conv* c = d->conv;
  const uint32_t storage = c->decode_input.storage, in_word = 32 / storage;
  intact_depthwise16_input* in = &d->input;
  in->pad_pixel = (const uint8_t*)(const void*)d->scratch;
  in->pixel_bytes = c->input.pixel_bytes;
  in->width = c->input.width;
  in->storage = storage;
  in->flip = c->decode_input.flip * (0xffffffffu / ((1u << storage) - 1u));
  in->shift = shift;
  in->words = d->channels / in_word;
  in->rest = d->channels % in_word;
  in->rest_bytes = storage == 1 ? 4 : (in->rest * storage + 7) / 8; /* 1-bit pixels are whole words */
}

/* The block's part of padded row `row` (counted from the padding's first); null outside the image. */
static const uint8_t* input_row(const depthwise* d, uint32_t row) {
  const intact_conv* c = d->conv;
  const uint32_t y = row - c->window.pad_top; /* modulo 2^32: rows above are beyond any height */
  if (y >= c->input.height) return 0;
  return c->input.data + (size_t)y * c->input.width * c->input.pixel_bytes +
         (size_t)d->first * c->decode_input.storage / 8;
}

static int32_t first_column(const depthwise* d) {
  return (int32_t)(d->left * d->conv->window.stride_w) - (int32_t)d->conv->window.pad_left;
}

static intact_depthwise16_word* planes(const depthwise* d) {
  return d->scratch + d->plan.planes;
}

static void taps_row(const depthwise* d, const intact_requantizer* requantizer, uint32_t y) {
  const intact_conv* c = d->conv;
  const intact_window* w = &c->window;
  const uint32_t pairs = (w->kernel_h + 1) / 2;
  intact_depthwise16_line line;
  intact_depthwise16_taps taps;
  uint32_t j;
  line.low.x = line.high.x = first_column(d);
  line.step = 1;
  line.count = (d->outputs - 1) * w->stride_w + (w->kernel_w - 1) * w->dilation_w + 1;
  line.to_step = pairs;
  line.plane = d->plane;
  for (j = 0; j < pairs; ++j) {
    const uint32_t row = y * w->stride_h + 2 * j * w->dilation_h;
    line.low.row = input_row(d, row);
    line.high.row = 2 * j + 1 < w->kernel_h ? input_row(d, row + w->dilation_h) : 0;
    line.to = planes(d) + j;
    intact_depthwise16_expand(&d->input, &line);
  }
  taps.planes = planes(d);
  taps.weights = d->scratch + d->plan.weights;
  taps.constants = d->scratch + d->plan.constants;
  taps.channels = d->channels;
  taps.outputs = d->outputs;
  taps.plane = d->plane;
  taps.pairs = pairs;
  taps.columns = w->kernel_w;
  taps.step = w->stride_w * pairs;
  taps.next = w->dilation_w * pairs;
  taps.acc = d->scratch + d->plan.results;
  intact_depthwise16_sum_taps(&taps);
  intact_requantize_tile(requantizer, taps.acc, d->channels, y * c->output.width + d->left, d->outputs,
                         d->first, d->channels);
}

static void taps_strip(const depthwise* d) {
  const intact_requantizer requantizer = intact_make_requantizer(d->conv, d->conv->k);
  uint32_t y;
  for (y = 0; y < d->conv->output.height; ++y) taps_row(d, &requantizer, y);
}

static intact_depthwise16_sweep sweep_of(const depthwise* d) {
  intact_depthwise16_sweep sweep;
  sweep.data = planes(d);
  sweep.results = d->scratch + d->plan.results;
  sweep.weights = d->scratch + d->plan.weights;
  sweep.constants = d->scratch + d->plan.constants;
  sweep.channels = d->channels;
  sweep.bytes = 0;
  sweep.odd = 0;
  return sweep;
}

static void pack_row(const depthwise* d, const intact_depthwise16_word* from, uint32_t plane, uint32_t step,
                     uint32_t y) {
  const intact_conv* c = d->conv;
  intact_depthwise16_results results;
  results.from = from;
  results.plane = plane;
  results.step = step;
  results.outputs = d->outputs;
  results.to = c->output.data + ((size_t)y * c->output.width + d->left) * c->output.pixel_bytes +
               (size_t)d->first * c->output.storage_bits / 8;
  intact_depthwise16_pack(c, d->channels, &results);
}

/* The next slot of the ring gets padded row `row`. */
static void fields_expand(const depthwise* d, uint32_t columns, uint32_t row, uint32_t slot) {
  const uint32_t stride = d->conv->window.stride_w;
  intact_depthwise16_line line;
  uint32_t i;
  line.low.row = line.high.row = input_row(d, row);
  line.step = 2 * stride;
  line.to_step = 3 * stride;
  line.plane = d->plane;
  for (i = 0; i < stride; ++i) {
    line.count = columns / 2 + (i == 0); /* the last odd pixels add to nothing */
    line.low.x = first_column(d) + (int32_t)i;
    line.high.x = line.low.x + (int32_t)stride;
    line.to = planes(d) + slot * stride + i;
    intact_depthwise16_expand(&d->input, &line);
  }
}

static void fields_strip(const depthwise* d) {
  const intact_conv* c = d->conv;
  const uint32_t stride = c->window.stride_w, columns = intact_round_up_to(d->outputs, 2);
  intact_depthwise16_sweep sweep = sweep_of(d);
  uint32_t y, row = 0, slot = 0;
  sweep.bytes = d->plane * 4;
  sweep.odd = columns / 2 & 1u;
  for (y = 0; y < c->output.height; ++y) {
    for (; row < y * stride + 3; ++row) {
      fields_expand(d, columns, row, slot);
      slot = slot == 2 ? 0 : slot + 1;
    }
    /* `slot` holds the window's first row: slot 0 the row 3 - slot further on, modulo 3. */
    sweep.weights = d->scratch + d->plan.weights + (slot == 0 ? 0 : 3 - slot) * (stride == 1 ? 2 : 3);
    if (stride == 1)
      intact_depthwise16_fields1(&sweep);
    else
      intact_depthwise16_fields2(&sweep);
    pack_row(d, sweep.results, columns / 2, 1, y);
  }
}

static void pairs_expand(const depthwise* d, uint32_t columns, uint32_t pair) {
  intact_depthwise16_line line;
  line.low.row = input_row(d, 2 * pair);
  line.high.row = input_row(d, 2 * pair + 1);
  line.low.x = line.high.x = first_column(d);
  line.step = 1;
  line.count = (columns - 1) * d->conv->window.stride_w + 3;
  line.to = planes(d) + (pair & 1u);
  line.to_step = 2;
  line.plane = d->plane;
  intact_depthwise16_expand(&d->input, &line);
}

static void pairs_strip(const depthwise* d) {
  const intact_conv* c = d->conv;
  const uint32_t columns = intact_round_up_to(d->outputs, 2), height = c->output.height;
  intact_depthwise16_sweep sweep = sweep_of(d);
  uint32_t y, pair = 0;
  sweep.bytes = columns * c->window.stride_w * 8;
  pairs_expand(d, columns, 0);
  for (y = 0; y < height; ++pair) {
    pairs_expand(d, columns, pair + 1);
    if (c->window.stride_h == 1) {
      (pair & 1u ? intact_depthwise16_pairs1_odd : intact_depthwise16_pairs1_even)(&sweep);
      pack_row(d, sweep.results, columns, 2, y++);
      if (y < height) pack_row(d, sweep.results + 1, columns, 2, y++);
    } else {
      (pair & 1u ? intact_depthwise16_pairs2_odd : intact_depthwise16_pairs2_even)(&sweep);
      pack_row(d, sweep.results, columns / 2, 1, y++);
    }
  }
}

static intact_depthwise16_scale scale_of(const depthwise* d) {
  const intact_conv* c = d->conv;
  intact_depthwise16_scale scale;
  scale.weight_shift = c->decode_input.shift;
  scale.start_shift = 0;
  scale.offset = c->decode_input.offset;
  if (d->plan.way == INTACT_DEPTHWISE16_FIELDS) {
    scale.weight_shift += c->k - 16;
    scale.start_shift = c->k - 16;
  } else if (d->plan.way == INTACT_DEPTHWISE16_PAIRS) {
    scale.weight_shift = c->k - intact_depthwise16_value_shift(c);
    scale.start_shift = c->k;
    scale.offset += (int32_t)c->decode_input.flip; /* two's complement needs no flip */
  }
  return scale;
}

static uint32_t smaller(uint32_t a, uint32_t b) {
  return a < b ? a : b;
}

static void run(const intact_conv* c) {
  depthwise d;
  intact_depthwise16_scale scale;
  d.conv = c;
  d.scratch = (intact_depthwise16_word*)(void*)c->scratch;
  intact_depthwise16_plan_within(c, c->scratch_bytes, &d.plan);
  scale = scale_of(&d);
  fill_pad_pixel(&d);
  for (d.first = 0; d.first < c->output.channels; d.first += d.plan.channels) {
    d.channels = smaller(d.plan.channels, c->output.channels - d.first);
    describe_input(&d, d.plan.way == INTACT_DEPTHWISE16_PAIRS ? intact_depthwise16_value_shift(c) : 0);
    intact_depthwise16_load(c, &scale, d.plan.way, d.first, d.channels, d.scratch + d.plan.weights,
                            d.scratch + d.plan.constants);
    for (d.left = 0; d.left < c->output.width; d.left += d.plan.outputs) {
      d.outputs = smaller(d.plan.outputs, c->output.width - d.left);
      d.plane = (uint32_t)intact_depthwise16_plane_words(
          c, d.plan.way, intact_round_up_to(d.outputs, intact_depthwise16_output_unit(d.plan.way)));
      if (d.plan.way == INTACT_DEPTHWISE16_FIELDS)
        fields_strip(&d);
      else if (d.plan.way == INTACT_DEPTHWISE16_PAIRS)
        pairs_strip(&d);
      else
        taps_strip(&d);
    }
  }
}

const intact_conv_kernel intact_conv_depthwise16 = {intact_conv_depthwise16_scratch, run};

#endif
