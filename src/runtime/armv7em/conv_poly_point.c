/* Convolution by multiplications of two pixels by two output channels each (plan_poly_point.h), made for
 * kernels of one tap.
 */
#include "../intact_isa.h"
#include "poly_point.h"

#if INTACT_ISA_ARMV7EM && !INTACT_ISA_MVE

#include "requantize_tile.h"

static uint32_t finish_of(const intact_conv* c, uint32_t channel) {
  if (c->round.bipolar) return channel % 8 == 0 ? INTACT_POLY_POINT_BIPOLAR : INTACT_POLY_POINT_BIPOLAR_HIGH;
  if (c->output.storage_bits == 8)
    return c->round.qmin < 0 ? INTACT_POLY_POINT_8_SIGNED : INTACT_POLY_POINT_8;
  return c->output.storage_bits == 4 ? INTACT_POLY_POINT_4 : INTACT_POLY_POINT_2;
}

static void copy(uint8_t* to, const uint8_t* from, uint32_t bytes) {
  for (; bytes > 0; --bytes) *to++ = *from++;
}

/* Straight to the output. A last tile that is not whole goes through `results`. */
static void fuse(const intact_poly_point* point, const uint8_t* quad, uint32_t channel, uint32_t pixel,
                 uint32_t count) {
  const intact_conv* c = point->conv;
  const intact_poly_point_plan* p = &point->plan;
  const uint32_t tiles = count / INTACT_POLY_POINT_TILE, rest = count % INTACT_POLY_POINT_TILE;
  const uint32_t step = c->output.pixel_bytes, storage = c->output.storage_bits;
  uint8_t* to = c->output.data + (size_t)pixel * step + channel * storage / 8;
  intact_poly_point_tiles t;
  t.values = point->scratch;
  t.values_end = t.values + (size_t)tiles * p->steps * 8;
  t.weights = quad;
  t.heads = quad + (size_t)p->steps * 8;
  t.entry = intact_poly_point_entry(p->steps, p->pairs);
  t.to = to;
  t.to_step = step;
  t.scale = 1u << (c->k + c->decode_input.shift);
  t.finish = finish_of(c, channel);
  t.pairs = p->pairs;
  if (tiles > 0) intact_poly_point_run(&t);
  if (rest > 0) {
    const uint32_t bytes = (INTACT_POLY_POINT_TILE * storage + 7) / 8;
    uint8_t* const last = point->scratch + p->results;
    uint32_t i;
    to += (size_t)tiles * INTACT_POLY_POINT_TILE * step;
    for (i = 0; i < rest; ++i) copy(last + 4 * i, to + i * step, bytes); /* half a byte is there already */
    t.values = t.values_end;
    t.values_end += (size_t)p->steps * 8;
    t.to = last;
    t.to_step = 4;
    intact_poly_point_run(&t);
    for (i = 0; i < rest; ++i) copy(to + i * step, last + 4 * i, bytes);
  }
}

/* Pixels whose last bytes hold no code are cleared, the others written over. */
static void clear(const intact_conv* c, uint32_t pixel, uint32_t count) {
  uint8_t* to = c->output.data + (size_t)pixel * c->output.pixel_bytes;
  size_t bytes = (size_t)count * c->output.pixel_bytes;
  if (c->output.storage_bits != 1 || c->output.channels % 32 == 0) return;
  for (; bytes > 0; bytes -= 4, to += 4) intact_store_word(to, 0);
}

static void sweep(const intact_poly_point* point, uint32_t first, uint32_t channels, uint32_t pixel,
                  uint32_t count) {
  const intact_conv* c = point->conv;
  const intact_poly_point_plan* p = &point->plan;
  const uint32_t tiles = (count + INTACT_POLY_POINT_TILE - 1) / INTACT_POLY_POINT_TILE;
  const uint8_t* quad = point->scratch + p->weights;
  intact_accumulator* sums = (intact_accumulator*)(void*)(point->scratch + p->sums);
  uint32_t i;
  intact_poly_point_values(point, pixel, count);
  if (p->fused && first == 0) clear(c, pixel, count);
  for (i = 0; i < channels; i += INTACT_POLY_POINT_TILE, quad += p->quad_bytes) {
    if (p->fused) {
      fuse(point, quad, first + i, pixel, count);
    } else {
      intact_poly_tiles t;
      t.values = point->scratch;
      t.value_step = p->steps * 8;
      t.tiles = tiles;
      t.weights = quad;
      t.heads = quad + (size_t)p->steps * 8;
      t.results = point->scratch + p->results;
      intact_poly_run_tiles(&t);
      intact_poly_point_sums(
          point, tiles,
          (const intact_word_alias*)(const void*)(t.heads + (size_t)p->runs * INTACT_POLY_HEAD_BYTES),
          p->block, sums + i);
    }
  }
  if (!p->fused) {
    const intact_requantizer requantizer =
        intact_make_requantizer(c, c->output.storage_bits == 32 ? 0 : c->k);
    intact_requantize_tile(&requantizer, sums, p->block, pixel, count, first, channels);
  }
}

static void run(const intact_conv* c) {
  const uint32_t pixels = c->output.height * c->output.width;
  intact_poly_point point;
  uint32_t first, channels, pixel, count;
  intact_plan_poly_point(c, c->scratch_bytes, &point.plan);
  point.conv = c;
  point.scratch = c->scratch;
  intact_poly_point_padding(&point);
  for (first = 0; first < c->output.channels; first += channels) {
    channels = c->output.channels - first < point.plan.block ? c->output.channels - first : point.plan.block;
    if (point.plan.pairs)
      intact_poly_point_pair_weights(&point, first, channels);
    else
      intact_poly_point_weights(&point, first, channels);
    for (pixel = 0; pixel < pixels; pixel += count) {
      count = point.plan.batch * INTACT_POLY_POINT_TILE;
      if (count > pixels - pixel) count = pixels - pixel;
      sweep(&point, first, channels, pixel, count);
    }
  }
}

const intact_conv_kernel intact_conv_poly_point = {intact_conv_poly_point_scratch, run};

#endif
