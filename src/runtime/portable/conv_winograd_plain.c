/* WINOGRAD_PLAIN: intact_winograd.h. */
#include "../intact_winograd.h"

enum { POINTS = INTACT_WINOGRAD_POINTS, OUTPUTS = INTACT_WINOGRAD_OUTPUTS };

typedef struct work {
  const intact_conv* c;
  const intact_winograd_plan* p;
  intact_i16* weights;
  intact_plain_word *values, *sums, *results, *fields, *pixels;
  uint8_t* padding;
  intact_plain_decoder decoder;
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
  const uint32_t row = k->p->depth * 4;
  intact_plain_word* to = k->values;
  uint32_t point;
  if (k->step == row) return;
  for (point = 0; point < POINTS; ++point, to += k->step) intact_plain_move(to, to + row, k->step - row);
}

/* A strip's place in the input: the row at hand, null outside, and the first column; negative ones are large.
 */
typedef struct strip {
  const uint8_t* line;
  uint32_t x;
} strip;

static strip find_strip(const work* k, uint32_t number, uint32_t row) {
  const intact_conv* c = k->c;
  const uint32_t segment = number / k->p->across, tile = number - segment * k->p->across;
  const uint32_t y = segment * k->p->rows + row - c->window.pad_top;
  strip s;
  s.line = segment < k->p->down && y < c->input.height
               ? c->input.data + (size_t)y * c->input.width * c->input.pixel_bytes
               : 0;
  s.x = tile * OUTPUTS - c->window.pad_left;
  return s;
}

/* Row `row` of the input that the strips of a pass read, counted from each strip's first. */
static void load_row(const work* k, uint32_t pass, uint32_t row, uint32_t first, uint32_t count) {
  const intact_conv* c = k->c;
  const intact_winograd_plan* p = k->p;
  intact_plain_word* const to = k->values + k->step - p->depth * 4;
  const uint8_t* runs[INTACT_PLAIN_FIELDS];
  strip strips[INTACT_PLAIN_FIELDS] = {{0, 0}};
  uint32_t f, l, j;
  for (l = 0; l < 4; ++l) {
    intact_plain_word* at = to + l;
    for (f = 0; f < p->fields; ++f) strips[f] = find_strip(k, (pass * p->fields + f) * 4 + l, row);
    for (j = 0; j < POINTS; ++j, at += k->step) {
      for (f = 0; f < p->fields; ++f) {
        const uint32_t x = strips[f].x + j;
        runs[f] = strips[f].line && x < c->input.width ? strips[f].line + (size_t)x * c->input.pixel_bytes
                                                       : k->padding;
      }
      intact_plain_expand(&k->decoder, runs, first, count, at);
    }
  }
  intact_winograd_input(to, k->step, count * 4);
}

/* Where row `row` of each strip of a pass lies in the output. */
static void place_pixels(const work* k, uint32_t pass, uint32_t row) {
  const intact_conv* c = k->c;
  const intact_winograd_plan* p = k->p;
  const uint32_t strips = p->across * p->down;
  uint32_t number = pass * 4 * p->fields, f, l, j;
  uint32_t segment = number / p->across, tile = number % p->across;
  intact_plain_word* at = k->pixels;
  for (f = 0; f < p->fields; ++f, at += 4 * OUTPUTS) {
    for (l = 0; l < 4; ++l, ++number) {
      const uint32_t y = segment * p->rows + row;
      for (j = 0; j < OUTPUTS; ++j) {
        const uint32_t x = tile * OUTPUTS + j;
        at[4 * j + l] = number < strips && y < c->output.height && x < c->output.width
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
  intact_plain_pixels pixels = {k->pixels, 4 * OUTPUTS * p->fields, 0, 0};
  uint32_t o;
  for (o = 0; o < outs; ++o, sums += 4 * POINTS) {
    intact_plain_word* const acc = intact_plain_free_half(&pixels, k->fields);
    intact_winograd_output(sums, p->fields > 1 ? k->results : acc);
    if (p->fields > 1) intact_plain_split(k->results, 4 * OUTPUTS, p->fields, p->field_bits, acc);
    intact_plain_finish(k->c, first_out + o, acc, &pixels, o + 1 < outs);
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
  k.padding = c->scratch + plan.at_padding;
  intact_plain_padding(c, k.padding);
  k.decoder = intact_plain_make_decoder(c, plan.fields, plan.field_bits);
  k.step = c->window.kernel_h * plan.depth * 4;
  for (o = 0; o < c->output.channels; o += outs) {
    outs = c->output.channels - o < plan.outs ? c->output.channels - o : plan.outs;
    if (plan.chunk >= c->group_in) expand_weights(&k, o, outs, 0, c->group_in);
    for (pass = 0; pass < plan.passes; ++pass) run_pass(&k, pass, o, outs);
  }
}

const intact_conv_kernel intact_conv_winograd_plain = {intact_conv_winograd_plain_scratch, run};
