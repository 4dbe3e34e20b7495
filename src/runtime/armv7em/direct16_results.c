/* Runs the tiles and brings what they leave to the output. */
#include "direct16_job.h"
#include "direct16_pack.h"
#include "direct16_tiles.h"

#include "../intact_isa.h"

#if INTACT_ISA_ARMV7EM

/* What `pack` takes of all pixels. A last one without its neighbour pairs with one nowhere. */
static void pack_whole(const intact_direct16_words* given, uint32_t pixels,
                       void (*pack)(const intact_direct16_words*)) {
  intact_direct16_words words = *given;
  uint32_t nowhere;
  words.pairs = pixels / 2;
  if (words.pairs > 0) pack(&words);
  if (pixels % 2 == 0) return;
  words.from += (size_t)words.pairs * words.step;
  words.to += (size_t)words.pairs * 2 * words.beside;
  words.beside = (uint32_t)((uintptr_t)&nowhere - (uintptr_t)words.to);
  words.pairs = 1;
  pack(&words);
}

static void pack_few(const intact_direct16_words* given, uint32_t tiles, uint32_t pixels, uint32_t storage) {
  intact_direct16_words words = *given;
  for (; pixels > 0; pixels -= pixels > 1 ? 2 : 1) {
    intact_direct16_pack_few(&words, tiles, storage, pixels > 1 ? 2 : 1);
    words.from += words.step;
    words.to += 2 * (size_t)words.beside;
  }
}

/* The pixels in `results`, and the bytes behind the last channel. */
static __attribute__((__noinline__)) void pack_pixels(const intact_direct16_job* job, uint32_t pixel,
                                                      uint32_t pixels) {
  const intact_tensor* out = &job->c->output;
  const uint32_t storage = out->storage_bits, step = out->pixel_bytes;
  const uint32_t channel = job->group * job->c->group_out + job->first, end = channel + job->channels;
  const uint32_t behind = (end * storage + 7) / 8;
  uint8_t* const start = out->data + (size_t)pixel * step;
  uint32_t tiles = intact_direct16_tiles_of(job), i;
  intact_direct16_words words;
  words.from = job->c->scratch + job->plan.results;
  words.step = job->plan.result_bytes;
  words.to = start + channel * storage / 8;
  words.beside = step;
  words.flip = job->plan.finish == INTACT_FINISH_BIPOLAR ? 0xffffffffu : 0;
  for (; tiles >= 8; tiles -= 8, words.from += 32, words.to += 2 * storage)
    pack_whole(&words, pixels, storage == 2 ? intact_direct16_pack2_eight : intact_direct16_pack1_eight);
  for (; tiles >= 4; tiles -= 4, words.from += 16, words.to += storage)
    pack_whole(&words, pixels, storage == 2 ? intact_direct16_pack2_four : intact_direct16_pack1_four);
  if (tiles > 0) pack_few(&words, tiles, pixels, storage);
  if (end != out->channels || behind == step) return;
  for (i = 0; i < pixels; ++i) {
    uint8_t* to = start + (size_t)i * step + behind;
    for (; to < start + (size_t)(i + 1) * step; ++to) *to = 0;
  }
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

/* Through `results`. */
static void compute_apart(const intact_direct16_job* job, intact_direct16_tiles* tiles, uint32_t pixel,
                          uint32_t pixels) {
  const intact_conv* c = job->c;
  const intact_direct16_plan* p = &job->plan;
  uint8_t* const results = c->scratch + p->results;
  tiles->to[0] = results;
  tiles->to[1] = results + p->result_bytes;
  tiles->to_step = intact_direct16_result_rows(p->finish, 1) * p->result_bytes;
  while (pixels > 0) {
    const uint32_t now = pixels > 2 * p->batch ? 2 * p->batch : pixels;
    tiles->pairs = (now + 1) / 2;
    run_tiles(job, tiles);
    if (p->finish == INTACT_FINISH_SUMS)
      intact_requantize_tile(&job->requantizer, (const intact_accumulator*)(const void*)results,
                             p->result_bytes / 4, pixel, now, job->group * c->group_out + job->first,
                             job->channels);
    else
      pack_pixels(job, pixel, now);
    tiles->values += (size_t)tiles->pairs * tiles->value_step;
    pixel += now;
    pixels -= now;
  }
}

void intact_direct16_compute(const intact_direct16_job* job, uint32_t slot, uint32_t pixel, uint32_t pixels) {
  const intact_conv* c = job->c;
  const intact_direct16_plan* p = &job->plan;
  intact_direct16_tiles tiles;
  tiles.steps = p->steps;
  tiles.weights = c->scratch + p->weights;
  tiles.finish = p->finish;
  tiles.least = job->requantizer.least;
  tiles.spare = job->requantizer.spare;
  tiles.back = job->requantizer.back;
  tiles.values = c->scratch + (size_t)slot * p->tap_words * 16;
  tiles.value_step = p->form == INTACT_DIRECT16_ROWS ? p->slots * p->tap_words * 16 : p->steps * 16;
  if (intact_direct16_in_place(p->finish))
    compute_in_place(job, &tiles, pixel, pixels);
  else
    compute_apart(job, &tiles, pixel, pixels);
}

#endif
