/* PATTERN_PLAIN: intact_pattern_plain.h. */
#include "../intact_pattern_plain.h"

typedef uint16_t INTACT_MAY_ALIAS pattern_offset;

static const uint32_t ones = 0x11111111u, low_nibbles = 0x0f0f0f0fu;

typedef struct work {
  const intact_conv* c;
  const intact_pattern_plain_plan* p;
  uint8_t* sums; /* [kernel column][pixel] */
  intact_plain_word *acc, *pixels, *bases;
  pattern_offset*
      offsets; /* [output channel][kernel column][four][kernel row]: of a line in its row's tables */
  uint8_t* padding;
} work;

/* Bits 4 four .. 4 four + 3 of a pixel or a tap. */
static inline uint32_t four_bits(const uint8_t* bits, uint32_t four) {
  return (uint32_t)bits[four >> 1] >> (4 * (four & 1)) & 15u;
}

/* Tables of input row y, counted from the first that any window reaches. */
static void load_row(const work* k, uint32_t y, uint8_t* tables) {
  const intact_conv* c = k->c;
  const uint32_t line = k->p->line, iy = y - c->window.pad_top;
  const uint8_t* const from =
      c->input.data + (iy < c->input.height ? (size_t)iy * c->input.width * c->input.pixel_bytes : 0);
  uint32_t four, j, i, pattern;
  for (four = 0; four < k->p->fours; ++four, tables += 16 * line) {
    for (j = 0; j < line; j += 4) {
      uint32_t bits = 0, change[4], word;
      uint8_t* const to = tables + j;
      for (i = 0; i < 8; ++i) {
        /* Negative columns become large. */
        const uint32_t x = j + (i >> 1) + (i & 1 ? line : 0) - c->window.pad_left;
        const uint8_t* const pixel =
            iy < c->input.height && x < c->input.width ? from + (size_t)x * c->input.pixel_bytes : k->padding;
        bits |= four_bits(pixel, four) << (4 * i);
      }
      word = 4 * ones;
      for (i = 0; i < 4; ++i) {
        const uint32_t plane = bits >> i & ones;
        word -= plane;
        change[i] = 2 * plane - ones;
      }
      intact_store_word(to, word);
      for (i = 0; i < 4; ++i) {
        for (pattern = 0; pattern < 1u << i; ++pattern)
          intact_store_word(to + (size_t)(pattern | 1u << i) * line,
                            intact_load_word(to + (size_t)pattern * line) + change[i]);
      }
    }
  }
}

/* The channels behind the last one of a tap have weight bits 1, where all pixels have 0: they never match. */
static void expand_weights(const work* k, uint32_t first_out, uint32_t outs) {
  const intact_conv* c = k->c;
  const intact_window* w = &c->window;
  const uint32_t fours = k->p->fours, line = k->p->line, rest = c->group_in & 3u;
  const uint32_t spare = rest ? 15u << rest & 15u : 0;
  pattern_offset* to = k->offsets;
  uint32_t o, kx, ky, four;
  for (o = 0; o < outs; ++o) {
    const uint8_t* const row = c->weights + (size_t)(first_out + o) * c->row_bytes;
    int32_t plus = 0;
    for (kx = 0; kx < w->kernel_w; ++kx) {
      for (four = 0; four < fours; ++four) {
        for (ky = 0; ky < w->kernel_h; ++ky) {
          const uint32_t position = ky * w->kernel_w + kx;
          uint32_t bits, valid = four + 1 == fours ? 15u & ~spare : 15u;
          if (c->weight_layout == INTACT_LAYOUT_WORD_TAPS) {
            bits = four_bits(row + (size_t)position * 4 * ((c->group_in + 31) / 32), four) & valid;
          } else {
            const uint32_t bit = position * c->group_in + four * 4;
            bits = (uint32_t)row[bit >> 3] >> (bit & 7u);
            if ((bit & 7u) > 4 && (bit >> 3) + 1 < c->row_bytes)
              bits |= (uint32_t)row[(bit >> 3) + 1] << (8 - (bit & 7u));
            bits &= valid;
          }
          plus += (int32_t)((bits & 1u) + (bits >> 1 & 1u) + (bits >> 2 & 1u) + (bits >> 3));
          if (four + 1 == fours) bits |= spare;
          *to++ = (pattern_offset)((four * 16 + bits) * line);
        }
      }
    }
    /* acc = scale m + base */
    k->bases[o] = c->input.kind == INTACT_KIND_BIPOLAR
                      ? 0u - c->taps
                      : 0u - (c->taps - (uint32_t)plus) -
                            (uint32_t)c->input.zero_point * (2 * (uint32_t)plus - c->taps);
  }
}

/* Matches of one output channel and kernel column for all pixels. */
static void add_column(const work* k, const uint8_t* const* rows, const pattern_offset* offsets,
                       uint8_t* to) {
  const uint32_t line = k->p->line, fours = k->p->fours, kernel_h = k->c->window.kernel_h;
  uint32_t j, i;
  for (j = 0; j < line; j += 4) {
    const pattern_offset* at = offsets;
    uint32_t low = 0, high = 0;
    if (kernel_h == 3) {
      const uint8_t *const a = rows[0] + j, *const b = rows[1] + j, *const d = rows[2] + j;
      for (i = fours; i; --i, at += 3) {
        const uint32_t word =
            intact_load_word(a + at[0]) + intact_load_word(b + at[1]) + intact_load_word(d + at[2]);
        low += word & low_nibbles;
        high += word >> 4 & low_nibbles;
      }
    } else {
      for (i = 0; i < fours * kernel_h; ++i) {
        const uint32_t word = intact_load_word(rows[i % kernel_h] + j + at[i]);
        low += word & low_nibbles;
        high += word >> 4 & low_nibbles;
      }
    }
    intact_store_word(to + j, low);
    intact_store_word(to + line + j, high);
  }
}

static void run_row(const work* k, const uint8_t* const* rows, uint32_t first_out, uint32_t outs) {
  const intact_conv* c = k->c;
  const uint32_t kernel_w = c->window.kernel_w, column = 2 * k->p->line, width = c->output.width;
  const uint32_t step = k->p->fours * c->window.kernel_h;
  const uint32_t twice = c->input.kind == INTACT_KIND_BIPOLAR ? 1 : 0;
  const pattern_offset* offsets = k->offsets;
  intact_plain_pixels pixels = {k->pixels, width, 0, 0};
  uint32_t o, kx, x;
  for (o = 0; o < outs; ++o) {
    const uint32_t base = k->bases[o];
    intact_plain_word* const acc = intact_plain_free_half(&pixels, k->acc);
    for (kx = 0; kx < kernel_w; ++kx, offsets += step)
      add_column(k, rows, offsets, k->sums + (size_t)kx * column);
    if (kernel_w == 3) {
      const uint8_t* at = k->sums;
      const uint8_t *second = at + column + 1, *third = second + column + 1;
      for (x = 0; x < width; ++x) acc[x] = (((uint32_t)at[x] + second[x] + third[x]) << twice) + base;
    } else {
      for (x = 0; x < width; ++x) {
        uint32_t matches = 0;
        for (kx = 0; kx < kernel_w; ++kx) matches += k->sums[kx * column + kx + x];
        acc[x] = (matches << twice) + base;
      }
    }
    intact_plain_finish(c, first_out + o, acc, &pixels, o + 1 < outs);
  }
}

static void run(const intact_conv* c) {
  const uint32_t kernel_h = c->window.kernel_h, width = c->output.width;
  const uint8_t* rows[3] = {c->scratch, c->scratch, c->scratch};
  intact_pattern_plain_plan plan;
  work k;
  uint32_t o, outs, y, i;
  if (!intact_pattern_plain_find(c, c->scratch_bytes, &plan)) return;
  k.c = c;
  k.p = &plan;
  k.sums = c->scratch + plan.at_sums;
  k.acc = (intact_plain_word*)(void*)(c->scratch + plan.at_acc);
  k.pixels = (intact_plain_word*)(void*)(c->scratch + plan.at_pixels);
  k.bases = (intact_plain_word*)(void*)(c->scratch + plan.at_weights);
  k.offsets = (pattern_offset*)(void*)(c->scratch + plan.at_weights + (size_t)plan.outs * 4);
  k.padding = c->scratch + plan.at_padding;
  intact_plain_padding(c, k.padding);
  if (c->group_in & 31u) { /* as in any tensor, there are zeros behind the last channel */
    const uint32_t word = c->input.pixel_bytes - 4;
    const uint32_t last = intact_load_word(k.padding + word) & ((1u << (c->group_in & 31u)) - 1u);
    intact_store_word(k.padding + word, last);
  }
  for (o = 0; o < c->output.channels; o += outs) {
    outs = c->output.channels - o < plan.outs ? c->output.channels - o : plan.outs;
    expand_weights(&k, o, outs);
    for (y = 0; y < kernel_h - 1; ++y) load_row(&k, y, c->scratch + (size_t)y * plan.row);
    for (y = 0; y < c->output.height; ++y) {
      load_row(&k, y + kernel_h - 1, c->scratch + (size_t)((y + kernel_h - 1) % kernel_h) * plan.row);
      for (i = 0; i < kernel_h; ++i) rows[i] = c->scratch + (size_t)((y + i) % kernel_h) * plan.row;
      for (i = 0; i < width; ++i) k.pixels[i] = (y * width + i) * c->output.pixel_bytes;
      run_row(&k, rows, o, outs);
    }
  }
}

const intact_conv_kernel intact_conv_pattern_plain = {intact_conv_pattern_plain_scratch, run};
