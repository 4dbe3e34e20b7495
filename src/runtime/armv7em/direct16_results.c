/* Runs the tiles and brings what they leave to the output. */
#include "direct16_job.h"
#include "direct16_pack.h"
#include "direct16_tiles.h"
#include "dsp_instructions.h"

#include "../intact_isa.h"

#if INTACT_ISA_ARMV7EM

/* Some pairs' tiles, in order. Not inlined, for gcc 12 then makes a loop of each case. */
INTACT_APART static void pack_pairs(intact_direct16_words* words, uint32_t tiles, uint32_t storage) {
  while (tiles >= 8) {
    (storage == 2 ? intact_direct16_pack2_eight : intact_direct16_pack1_eight)(words);
    tiles -= 8;
    if (tiles == 0) return;
    words->from += 32;
    words->to += 2 * storage;
  }
  if (tiles >= 4) {
    (storage == 2 ? intact_direct16_pack2_four : intact_direct16_pack1_four)(words);
    tiles -= 4;
    words->from += 16;
    words->to += storage;
  }
  if (tiles > 0) intact_direct16_pack_few(words, tiles, storage);
}

/* The pixels in `results`. */
static void pack_pixels(const intact_direct16_job* job, uint8_t* to, uint32_t pixels) {
  const intact_conv* c = job->c;
  const uint32_t tiles = intact_direct16_tiles_of(job), storage = c->output.storage_bits;
  intact_direct16_words words;
  words.from = c->scratch + job->plan.results;
  words.step = job->plan.result_bytes;
  words.to = to;
  words.beside = c->output.pixel_bytes;
  words.pairs = pixels / 2;
  words.flip = job->plan.finish == INTACT_FINISH_BIPOLAR ? 0xffffffffu : 0;
  if (words.pairs > 0) pack_pairs(&words, tiles, storage);
  if (pixels % 2 == 0) return;
  words.from = c->scratch + job->plan.results + (size_t)(pixels / 2) * words.step;
  words.to = to + (size_t)(pixels - 1) * words.beside;
  words.beside = 0;
  words.pairs = 1;
  pack_pairs(&words, tiles, storage);
}

/* The bytes of pixels of whole words behind the block, if that is the last one. */
static void clear_behind(const intact_direct16_job* job, uint32_t pixel, uint32_t pixels) {
  const intact_tensor* out = &job->c->output;
  const uint32_t end = job->group * job->c->group_out + job->first + job->channels;
  const uint32_t used = (end + 7) / 8, step = out->pixel_bytes;
  uint8_t* to = out->data + (size_t)pixel * step + used;
  if (end != out->channels || used == step) return;
  for (; pixels > 0; --pixels, to += step) {
    uint32_t i;
    for (i = 0; i < step - used; ++i) to[i] = 0;
  }
}

/* The block's channels of an output pixel. */
static uint8_t* output_of(const intact_direct16_job* job, uint32_t pixel) {
  const intact_tensor* out = &job->c->output;
  return out->data + (size_t)pixel * out->pixel_bytes +
         (job->group * job->c->group_out + job->first) * out->storage_bits / 8;
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
  tiles->to[0] = output_of(job, pixel);
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
    if (p->finish == INTACT_FINISH_SUMS) {
      intact_requantize_tile(&job->requantizer, (const intact_accumulator*)(const void*)results,
                             p->result_bytes / 4, pixel, now, job->group * c->group_out + job->first,
                             job->channels);
    } else {
      pack_pixels(job, output_of(job, pixel), now);
      if (c->output.storage_bits == 1) clear_behind(job, pixel, now);
    }
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
