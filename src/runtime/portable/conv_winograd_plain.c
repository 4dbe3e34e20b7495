/* WINOGRAD_PLAIN: intact_winograd.h. */
#include "../intact_winograd.h"

enum { POINTS = INTACT_WINOGRAD_POINTS, OUTPUTS = INTACT_WINOGRAD_OUTPUTS };

typedef struct work {
  const intact_conv* c;
  const intact_winograd_plan* p;
  intact_i16* weights;
  intact_plain_word *values, *sums, *results, *fields, *pixels;
  uint32_t step; /* words from a point's values to the next point's */
} work;

static void expand_weights(const work* k, uint32_t first_out, uint32_t outs, uint32_t first, uint32_t count) {
  const intact_conv* c = k->c;
  const uint32_t depth = k->p->depth, step = c->window.kernel_h * depth;
  uint32_t o, ky, kx, i;
  for (o = 0; o < outs; ++o) {
    for (ky = 0; ky < c->window.kernel_h; ++ky) {
      intact_i16* const to = k->weights + (size_t)o * POINTS * step + (size_t)ky * depth;
      for (kx = 0; kx < 3; ++kx) {
        intact_i16* const row = to + (size_t)kx * step;
        intact_plain_weights(c, first_out + o, (ky * 3 + kx) * c->group_in + first, count, row);
        for (i = count; i < depth; ++i) row[i] = 0;
      }
      intact_winograd_weights(to, step, depth);
    }
  }
}

/* Makes room for a row of input, the last under the kernel. */
static void shift_rows(const work* k) {
  const uint32_t row = k->p->depth * 4, words = k->step - row;
  intact_plain_word* to = k->values;
  uint32_t point, i;
  if (words == 0) return;
  for (point = 0; point < POINTS; ++point, to += k->step) {
    for (i = 0; i < words; i += 4) {
      const uint32_t a = to[row + i], b = to[row + i + 1], d = to[row + i + 2], e = to[row + i + 3];
      to[i] = a;
      to[i + 1] = b;
      to[i + 2] = d;
      to[i + 3] = e;
    }
  }
}

/* Row `row` of the input that the strips of a pass read, counted from each strip's first. */
static void load_row(const work* k, uint32_t pass, uint32_t row, uint32_t first, uint32_t count) {
  const intact_conv* c = k->c;
  const intact_winograd_plan* p = k->p;
  const uint32_t strips = p->across * p->down;
  uint32_t strip = pass * 4 * p->fields, f, l, j;
  uint32_t segment = strip / p->across, tile = strip % p->across;
  intact_plain_word* const to = k->values + k->step - p->depth * 4;
  for (f = 0; f < p->fields; ++f) {
    for (l = 0; l < 4 && strip < strips; ++l, ++strip) {
      /* Negative positions become large. */
      const uint32_t iy = segment * p->rows + row - c->window.pad_top;
      uint32_t ix = tile * OUTPUTS - c->window.pad_left;
      const uint8_t* const line =
          c->input.data + (iy < c->input.height ? (size_t)iy * c->input.width * c->input.pixel_bytes : 0);
      intact_plain_word* at = to + l;
      for (j = 0; j < POINTS; ++j, ++ix, at += k->step) {
        if (iy < c->input.height && ix < c->input.width) {
          intact_plain_expand(&c->decode_input, line + (size_t)ix * c->input.pixel_bytes, first, count, at,
                              f * p->field_bits);
        } else {
          intact_plain_fill(c->pad_value, count, at, f * p->field_bits);
        }
      }
      if (++tile == p->across) {
        tile = 0;
        ++segment;
      }
    }
  }
  intact_winograd_input(to, k->step, count * 4);
}

/* Where row `row` of each strip of a pass lies in the output. */
static void place_pixels(const work* k, uint32_t pass, uint32_t row) {
  const intact_conv* c = k->c;
  const intact_winograd_plan* p = k->p;
  const uint32_t strips = p->across * p->down;
  uint32_t strip = pass * 4 * p->fields, f, l, j;
  uint32_t segment = strip / p->across, tile = strip % p->across;
  intact_plain_word* at = k->pixels;
  for (f = 0; f < p->fields; ++f, at += 4 * OUTPUTS) {
    for (l = 0; l < 4; ++l, ++strip) {
      const uint32_t y = segment * p->rows + row;
      for (j = 0; j < OUTPUTS; ++j) {
        const uint32_t x = tile * OUTPUTS + j;
        at[4 * j + l] = strip < strips && y < c->output.height && x < c->output.width
                            ? (y * c->output.width + x) * c->output.pixel_bytes
                            : (uint32_t)INTACT_PLAIN_NOWHERE;
      }
      if (++tile == p->across) {
        tile = 0;
        ++segment;
      }
    }
  }
}

static void finish_row(const work* k, uint32_t first_out, uint32_t outs, const intact_plain_word* sums) {
  const intact_winograd_plan* p = k->p;
  uint32_t o;
  for (o = 0; o < outs; ++o, sums += 4 * POINTS) {
    intact_plain_word* acc = k->results;
    intact_winograd_output(sums, k->results);
    if (p->fields > 1) {
      intact_plain_split(k->results, 4 * OUTPUTS, p->fields, p->field_bits, k->fields);
      acc = k->fields;
    }
    intact_plain_finish(k->c, first_out + o, acc, k->pixels, 4 * OUTPUTS * p->fields);
  }
}

static void run_pass(const work* k, uint32_t pass, uint32_t first_out, uint32_t outs) {
  const intact_conv* c = k->c;
  const intact_winograd_plan* p = k->p;
  const uint32_t above = c->window.kernel_h - 1, row_words = outs * 4 * POINTS;
  uint32_t first, count, row, i;
  for (i = 0; i < row_words * p->sum_rows; ++i) k->sums[i] = 0;
  for (first = 0; first < c->group_in; first += count) {
    count = c->group_in - first < p->chunk ? c->group_in - first : p->chunk;
    if (p->chunk < c->group_in) expand_weights(k, first_out, outs, first, count);
    for (row = 0; row < p->rows + above; ++row) {
      intact_plain_word* const sums =
          k->sums + (p->sum_rows > 1 && row >= above ? (row - above) * row_words : 0);
      shift_rows(k);
      load_row(k, pass, row, first, count);
      if (row < above) continue;
      intact_plain_multiply(k->values, k->weights, sums, c->window.kernel_h * p->depth, POINTS, outs,
                            4 * POINTS);
      if (count < c->group_in - first) continue;
      place_pixels(k, pass, row - above);
      finish_row(k, first_out, outs, sums);
      if (p->sum_rows == 1) {
        for (i = 0; i < row_words; ++i) sums[i] = 0;
      }
    }
  }
}

static void run(const intact_conv* c) {
  intact_winograd_plan plan;
  work k;
  uint32_t o, outs, pass;
  if (!intact_winograd_find(c, c->parameter, c->scratch_bytes, &plan)) return;
  k.c = c;
  k.p = &plan;
  k.weights = (intact_i16*)(void*)c->scratch;
  k.values = (intact_plain_word*)(void*)(c->scratch + plan.at_values);
  k.sums = (intact_plain_word*)(void*)(c->scratch + plan.at_sums);
  k.results = (intact_plain_word*)(void*)(c->scratch + plan.at_results);
  k.fields = (intact_plain_word*)(void*)(c->scratch + plan.at_fields);
  k.pixels = (intact_plain_word*)(void*)(c->scratch + plan.at_pixels);
  k.step = c->window.kernel_h * plan.depth * 4;
  for (o = 0; o < c->output.channels; o += outs) {
    outs = c->output.channels - o < plan.outs ? c->output.channels - o : plan.outs;
    if (plan.chunk >= c->group_in) expand_weights(&k, o, outs, 0, c->group_in);
    for (pass = 0; pass < plan.passes; ++pass) run_pass(&k, pass, o, outs);
  }
}

const intact_conv_kernel intact_conv_winograd_plain = {intact_conv_winograd_plain_scratch, run};
