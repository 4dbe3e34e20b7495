/* Depthwise convolution along channels: lines expanded with their padding, weights expanded tap by tap, so
 * that each tap adds the products of two runs of neighbouring channels. */
#include "../intact_isa.h"
#include "conv_tiles.h"
#include "tile_lines.h"
#include "tile_results.h"

#if INTACT_ISA_HOST

enum { WEIGHTS = 1 << 14 };

typedef struct depthwise_tiles {
  const intact_conv* c;
  uint32_t channels;
  intact_tile_lines lines;
  intact_tile_results results;
  uint32_t acc[INTACT_TILE_CHANNELS];
  intact_i16 weights[WEIGHTS]; /* [tap][channel] */
} depthwise_tiles;

static uint32_t plan(depthwise_tiles* t, const intact_conv* c) {
  const uint64_t taps = (uint64_t)c->window.kernel_h * c->window.kernel_w;
  if (c->window.dilation_w != 1 || c->output.channels > INTACT_TILE_CHANNELS || taps > WEIGHTS ||
      taps * c->output.channels > WEIGHTS)
    return 0;
  t->c = c;
  t->channels = c->output.channels;
  return intact_tile_plan_lines(&t->lines, c);
}

static void expand_weights(depthwise_tiles* t) {
  const intact_conv* c = t->c;
  const intact_decoder d = intact_make_decoder(c->weight_kind, c->weight_storage, 0);
  uint32_t o, tap;
  for (o = 0; o < t->channels; ++o) {
    const uint8_t* row = c->weights + (size_t)o * c->row_bytes;
    for (tap = 0; tap < c->taps; ++tap)
      t->weights[(size_t)tap * t->channels + o] = (intact_i16)intact_decode_at(&d, row, tap);
  }
}

/* acc[j] += x[j] w[j]: |x w| <= 255 * 128. The sum is modulo 2^32. */
static void add_products(uint32_t* acc, const intact_i16* x, const intact_i16* w, uint32_t count) {
  uint32_t j;
  for (j = 0; j < count; ++j) acc[j] += (uint32_t)(x[j] * w[j]);
}

static void accumulate(depthwise_tiles* t, uint32_t x) {
  const intact_i16* const* lines = t->lines.row;
  const intact_window* w = &t->c->window;
  const intact_i16* weights = t->weights;
  uint32_t ky, kx, j;
  for (j = 0; j < t->channels; ++j) t->acc[j] = 0;
  for (ky = 0; ky < w->kernel_h; ++ky) {
    for (kx = 0; kx < w->kernel_w; ++kx, weights += t->channels)
      add_products(t->acc, lines[ky] + x + (size_t)kx * t->channels, weights, t->channels);
  }
}

uint32_t intact_depthwise_tiles(const intact_conv* c) {
  depthwise_tiles t;
  uint32_t y, x;
  if (!plan(&t, c)) return 0;
  expand_weights(&t);
  intact_tile_load_scales(&t.results, c, 0, t.channels);
  intact_tile_clear_lines(&t.lines);
  for (y = 0; y < c->output.height; ++y) {
    intact_tile_take_lines(&t.lines, y);
    for (x = 0; x < c->output.width; ++x) {
      accumulate(&t, x * c->window.stride_w * t.channels);
      intact_tile_finish(&t.results, y * c->output.width + x, t.acc);
    }
  }
  return 1;
}

#endif
