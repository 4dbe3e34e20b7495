/* Runs the tiles and brings what they leave to the output. */
#include "direct16_job.h"
#include "direct16_tiles.h"
#include "dsp_instructions.h"
#include "requantize_tile.h"

#include "../intact_isa.h"

#if INTACT_ISA_ARMV7EM

/* `tiles` bytes with the codes of two channels each, in their low 4 bits (storage 2) or 2 bits (1), to whole
 * bytes. */
static inline uint8_t* pack_tiles(const uint8_t* from, uint32_t tiles, uint8_t* to, uint32_t storage) {
  uint32_t rest = 0, i;
  for (; tiles >= 4; tiles -= 4, from += 4) {
    uint32_t x = intact_load_any(from);
    if (storage == 2) {
      x |= x >> 4; /* bytes 0 and 2 */
      *to++ = (uint8_t)(x & 0xffu);
      *to++ = (uint8_t)(x >> 16 & 0xffu);
    } else {
      *to++ = (uint8_t)(x * 0x01041040u >> 24); /* byte i to bit 24 + 2 i, nothing is carried */
    }
  }
  for (i = 0; i < tiles; ++i) rest |= (uint32_t)from[i] << (2 * storage * i);
  for (i = 0; i < tiles * storage * 2; i += 8) *to++ = (uint8_t)(rest >> i & 0xffu);
  return to;
}

/* The same of 8 tiles at a time. */
static inline uint8_t* pack_eights(const uint8_t* from, uint32_t tiles, uint8_t* to, uint32_t storage) {
  for (; tiles > 0; tiles -= 8, from += 8) {
    uint32_t x = intact_load_any(from), y = intact_load_any(from + 4);
    if (storage == 2) {
      x = (x | x >> 4) & 0x00ff00ffu;
      y = (y | y >> 4) & 0x00ff00ffu;
      intact_store_any(to, intact_pack_lower(x | x >> 8, y | y >> 8));
      to += 4;
    } else {
      intact_store_half(to, x * 0x01041040u >> 24 | (y * 0x01041040u >> 24) << 8);
      to += 2;
    }
  }
  return to;
}

/* The pixels in `results`, and the bytes behind the last channel. Inlined with a constant storage. */
static inline void pack_pixels(const intact_direct16_job* job, uint32_t pixel, uint32_t pixels,
                               uint32_t storage) {
  const intact_tensor* out = &job->c->output;
  const uint32_t channel = job->group * job->c->group_out + job->first, tiles = intact_direct16_tiles_of(job);
  const uint32_t last = channel + job->channels == out->channels, step = out->pixel_bytes;
  const uint32_t result_bytes = job->plan.result_bytes;
  const uint8_t* from = job->c->scratch + job->plan.results;
  uint8_t* start = out->data + (size_t)pixel * step;
  const uint32_t offset = channel * storage / 8;
  for (; pixels > 0; --pixels, from += result_bytes, start += step) {
    uint8_t* to = start + offset;
    if (tiles % 8 == 0) {
      to = pack_eights(from, tiles, to, storage);
      if (last && storage == 1) /* pixels are whole words */
        for (; to < start + step; to += 2) intact_store_half(to, 0);
    } else {
      to = pack_tiles(from, tiles, to, storage);
      if (last)
        while (to < start + step) *to++ = 0;
    }
  }
}

static void finish(const intact_direct16_job* job, const intact_requantizer* requantizer, uint32_t pixel,
                   uint32_t pixels) {
  const intact_conv* c = job->c;
  const uint8_t* results = c->scratch + job->plan.results;
  if (job->plan.finish == INTACT_FINISH_SUMS) {
    intact_requantize_tile(requantizer, (const intact_accumulator*)(const void*)results,
                           job->plan.result_bytes / 4, pixel, pixels, job->group * c->group_out + job->first,
                           job->channels);
    return;
  }
  if (c->output.storage_bits == 2)
    pack_pixels(job, pixel, pixels, 2);
  else
    pack_pixels(job, pixel, pixels, 1);
}

static void run_tiles(const intact_direct16_job* job, const intact_direct16_tiles* tiles) {
  if (job->plan.form == INTACT_DIRECT16_ROWS)
    intact_direct16_rows(tiles);
  else
    intact_direct16_patch(tiles);
}

/* Straight to the output. A last pixel without its neighbour pairs with one in `results`. */
static void compute_in_place(const intact_direct16_job* job, intact_direct16_tiles* tiles, uint32_t pixel,
                             uint32_t pixels) {
  const intact_conv* c = job->c;
  const uint32_t step = c->output.pixel_bytes;
  tiles->to[0] = c->output.data + (size_t)pixel * step +
                 (job->group * c->group_out + job->first) * c->output.storage_bits / 8;
  tiles->to[1] = tiles->to[0] + step;
  tiles->to_step = 2 * step;
  tiles->pairs = pixels / 2;
  if (tiles->pairs > 0) run_tiles(job, tiles);
  if (pixels % 2 == 0) return;
  tiles->values += (size_t)tiles->pairs * tiles->value_step;
  tiles->to[0] += (size_t)tiles->pairs * tiles->to_step;
  tiles->to[1] = c->scratch + job->plan.results;
  tiles->pairs = 1;
  run_tiles(job, tiles);
}

void intact_direct16_compute(const intact_direct16_job* job, uint32_t slot, uint32_t pixel, uint32_t pixels) {
  const intact_conv* c = job->c;
  const intact_direct16_plan* p = &job->plan;
  const intact_requantizer requantizer = intact_make_requantizer(c, p->rest);
  intact_direct16_tiles tiles;
  tiles.steps = p->steps;
  tiles.weights = c->scratch + p->weights;
  tiles.finish = p->finish;
  tiles.least = requantizer.least;
  tiles.spare = requantizer.spare;
  tiles.back = requantizer.back;
  tiles.values = c->scratch + (size_t)slot * p->tap_words * 16;
  tiles.value_step = p->form == INTACT_DIRECT16_ROWS ? p->slots * p->tap_words * 16 : p->steps * 16;
  if (intact_direct16_in_place(p->finish)) {
    compute_in_place(job, &tiles, pixel, pixels);
    return;
  }
  while (pixels > 0) {
    const uint32_t now = pixels > 2 * p->batch ? 2 * p->batch : pixels;
    tiles.to[0] = c->scratch + p->results;
    tiles.to[1] = tiles.to[0] + p->result_bytes;
    tiles.to_step = 2 * p->result_bytes;
    tiles.pairs = (now + 1) / 2;
    run_tiles(job, &tiles);
    finish(job, &requantizer, pixel, now);
    tiles.values += (size_t)tiles.pairs * tiles.value_step;
    pixel += now;
    pixels -= now;
  }
}

#endif
