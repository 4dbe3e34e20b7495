/* A window's row is one run of values once lines are expanded with their padding: an accumulator is the sum
 * of kernel_h dot products of such runs with rows of weights, padded with zeros to whole vectors. Weights of
 * a block of channels are expanded once and swept over all pixels, two pixels and four channels at a time.
 */
#include "../intact_isa.h"
#include "conv_tiles.h"
#include "tile_lines.h"
#include "tile_results.h"

#if INTACT_ISA_HOST

enum {
  VECTOR = INTACT_TILE_VECTOR,
  WEIGHTS = 1 << 15, /* values of a block of channels */
  PIXELS = 2,
  CHANNELS = 4
};

typedef struct dense_tiles {
  const intact_conv* c;
  uint32_t segment;      /* values of a window's row */
  uint32_t padded;       /* and of its weights */
  uint32_t row;          /* of one channel's weights */
  uint32_t most;         /* channels of a block */
  uint32_t first, count; /* channels of this block */
  intact_tile_lines lines;
  intact_tile_results results;
  uint32_t acc[PIXELS][INTACT_TILE_CHANNELS];
  intact_i16 weights[WEIGHTS];
} dense_tiles;

static uint32_t plan(dense_tiles* t, const intact_conv* c) {
  const intact_window* w = &c->window;
  const uint64_t segment = (uint64_t)w->kernel_w * c->group_in;
  const uint64_t padded = (segment + VECTOR - 1) / VECTOR * VECTOR;
  uint32_t most;
  if (c->groups != 1 || w->dilation_w != 1) return 0;
  if (padded > WEIGHTS || padded * w->kernel_h > WEIGHTS / CHANNELS) return 0;
  if (!intact_tile_plan_lines(&t->lines, c)) return 0;
  t->c = c;
  t->segment = (uint32_t)segment;
  t->padded = (uint32_t)padded;
  t->row = (uint32_t)padded * w->kernel_h;
  most = WEIGHTS / t->row;
  if (most > INTACT_TILE_CHANNELS) most = INTACT_TILE_CHANNELS;
  if (most < c->output.channels) {
    most = most / 8 * 8; /* whole bytes of codes */
    if (most == 0 || !intact_any_order(c)) return 0;
  }
  t->most = most;
  return 1;
}

static void zero(intact_i16* to, uint32_t count) {
  uint32_t i;
  for (i = 0; i < count; ++i) to[i] = 0;
}

/* Weights of the block's channels, and zeros for a tile of fewer than four. */
static void expand_weights(dense_tiles* t) {
  const intact_conv* c = t->c;
  const intact_decoder d = intact_make_decoder(c->weight_kind, c->weight_storage, 0);
  const uint32_t step = 4 * ((c->group_in + 31) / 32); /* layout 1 */
  uint32_t o, ky, kx;
  for (o = 0; o < t->count; ++o) {
    const uint8_t* row = c->weights + (size_t)(t->first + o) * c->row_bytes;
    intact_i16* to = t->weights + (size_t)o * t->row;
    for (ky = 0; ky < c->window.kernel_h; ++ky, to += t->padded) {
      if (c->weight_layout == INTACT_LAYOUT_WORD_TAPS) {
        for (kx = 0; kx < c->window.kernel_w; ++kx, row += step)
          intact_expand(&d, row, 0, c->group_in, to + (size_t)kx * c->group_in);
      } else {
        intact_expand(&d, row, ky * t->segment, t->segment, to);
      }
      zero(to + t->segment, t->padded - t->segment);
    }
  }
  if (t->count < CHANNELS) zero(t->weights + (size_t)t->count * t->row, (CHANNELS - t->count) * t->row);
}

/* sum[p][j] += products of `count` values (whole vectors) of the pixels' segments with four channels'
 * weights, `row` apart. A partial sum is below 2^15 * 255 * 128 < 2^31. */
static void multiply(const intact_i16* x0, const intact_i16* x1, const intact_i16* w, size_t row,
                     uint32_t count, uint32_t sum[PIXELS][CHANNELS]) {
  const intact_i16 *w1 = w + row, *w2 = w1 + row, *w3 = w2 + row;
  int32_t a0 = 0, a1 = 0, a2 = 0, a3 = 0, b0 = 0, b1 = 0, b2 = 0, b3 = 0;
  uint32_t i;
  for (i = 0; i < count / VECTOR * VECTOR; ++i) {
    a0 += x0[i] * w[i];
    a1 += x0[i] * w1[i];
    a2 += x0[i] * w2[i];
    a3 += x0[i] * w3[i];
    b0 += x1[i] * w[i];
    b1 += x1[i] * w1[i];
    b2 += x1[i] * w2[i];
    b3 += x1[i] * w3[i];
  }
  sum[0][0] += (uint32_t)a0;
  sum[0][1] += (uint32_t)a1;
  sum[0][2] += (uint32_t)a2;
  sum[0][3] += (uint32_t)a3;
  sum[1][0] += (uint32_t)b0;
  sum[1][1] += (uint32_t)b1;
  sum[1][2] += (uint32_t)b2;
  sum[1][3] += (uint32_t)b3;
}

/* Accumulators of the block's channels for the pixels whose segments start at x0 and x1 of each line. */
static void accumulate(dense_tiles* t, uint32_t x0, uint32_t x1) {
  const intact_i16* const* lines = t->lines.row;
  const uint32_t rows = t->c->window.kernel_h;
  uint32_t o, ky, j;
  for (o = 0; o < t->count; o += CHANNELS) {
    uint32_t sum[PIXELS][CHANNELS] = {{0, 0, 0, 0}, {0, 0, 0, 0}};
    /* The last tile begins earlier rather than reach beyond the weights. */
    const uint32_t from = o + CHANNELS <= t->count ? o : t->count < CHANNELS ? 0 : t->count - CHANNELS;
    const intact_i16* w = t->weights + (size_t)from * t->row;
    for (ky = 0; ky < rows; ++ky, w += t->padded)
      multiply(lines[ky] + x0, lines[ky] + x1, w, t->row, t->padded, sum);
    for (j = 0; j < CHANNELS; ++j) {
      t->acc[0][from + j] = sum[0][j];
      t->acc[1][from + j] = sum[1][j];
    }
  }
}

static void sweep(dense_tiles* t) {
  const intact_conv* c = t->c;
  const uint32_t step = c->window.stride_w * c->group_in;
  uint32_t y, x;
  intact_tile_clear_lines(&t->lines);
  for (y = 0; y < c->output.height; ++y) {
    intact_tile_take_lines(&t->lines, y);
    for (x = 0; x < c->output.width; x += PIXELS) {
      const uint32_t second = x + 1 < c->output.width ? x + 1 : x;
      const uint32_t pixel = y * c->output.width + x;
      accumulate(t, x * step, second * step);
      intact_tile_finish(&t->results, pixel, t->acc[0]);
      if (second != x) intact_tile_finish(&t->results, pixel + 1, t->acc[1]);
    }
  }
}

uint32_t intact_dense_tiles(const intact_conv* c) {
  dense_tiles t;
  if (!plan(&t, c)) return 0;
  for (t.first = 0; t.first < c->output.channels; t.first += t.most) {
    t.count = c->output.channels - t.first < t.most ? c->output.channels - t.first : t.most;
    expand_weights(&t);
    intact_tile_load_scales(&t.results, c, t.first, t.count);
    sweep(&t);
  }
  return 1;
}

#endif
