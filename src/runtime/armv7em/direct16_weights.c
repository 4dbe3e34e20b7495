#include "direct16_job.h"
#include "direct16_tiles.h"

#include "../intact_isa.h"

#if INTACT_ISA_ARMV7EM

static void expand(const intact_direct16_job* job, const intact_pair_runs* runs) {
  if (job->plan.form == INTACT_DIRECT16_ROWS)
    intact_expand_by6(&job->weights, runs);
  else
    intact_expand_by2(&job->weights, runs);
}

/* The run of `count` codes from code `first` behind byte `offset` of each row, to the word `to` of the first
 * tile, and the same word of the others. Tiles descend through the channels. */
static void expand_run(const intact_direct16_job* job, size_t offset, uint32_t first, uint32_t count,
                       intact_word_alias* to) {
  const intact_conv* c = job->c;
  const uint32_t last = job->group * c->group_out + job->first + job->channels - 1;
  const uint8_t* row = c->weights + (size_t)last * c->row_bytes + offset;
  intact_pair_runs runs;
  runs.first = first;
  runs.count = count;
  runs.to = to;
  runs.to_step = (ptrdiff_t)(job->plan.tile_bytes / 4);
  runs.from_step = -2 * (ptrdiff_t)c->row_bytes;
  if (job->channels % 2 != 0) { /* the second channel is cleared later */
    runs.from[0] = runs.from[1] = row;
    runs.times = 1;
    expand(job, &runs);
    if (job->channels > 1) row -= c->row_bytes;
    runs.to += runs.to_step;
  }
  runs.times = job->channels / 2;
  if (runs.times == 0) return;
  runs.from[0] = row - c->row_bytes;
  runs.from[1] = row;
  expand(job, &runs);
}

static void expand_taps(const intact_direct16_job* job, intact_word_alias* tile) {
  const intact_conv* c = job->c;
  const uint32_t words = job->plan.tap_words, rows = job->plan.form == INTACT_DIRECT16_ROWS;
  const uint32_t word_taps = c->weight_layout == INTACT_LAYOUT_WORD_TAPS;
  uint32_t ky, kx, tap = 0;
  if (!rows && !word_taps && c->group_in % 2 == 0) {
    expand_run(job, 0, 0, c->taps, tile);
    return;
  }
  for (ky = 0; ky < c->window.kernel_h; ++ky) {
    for (kx = 0; kx < c->window.kernel_w; ++kx, ++tap) {
      intact_word_alias* to = tile + (rows ? (size_t)ky * words * 6 + kx : (size_t)tap * words * 2);
      if (word_taps)
        expand_run(job, (size_t)tap * 4 * ((c->group_in + 31) / 32), 0, c->group_in, to);
      else
        expand_run(job, 0, tap * c->group_in, c->group_in, to);
    }
  }
}

/* The weights of a tile's absent second channel. */
static void clear_second(const intact_direct16_job* job, intact_word_alias* tile) {
  uint32_t i;
  for (i = 0; i < job->plan.steps; ++i) {
    if (job->plan.form == INTACT_DIRECT16_ROWS) {
      tile[3] = tile[4] = tile[5] = 0;
      tile += 6;
    } else {
      tile[1] = tile[3] = 0;
      tile += 4;
    }
  }
}

/* Multipliers, biases and distance of channels 2 i and 2 i + 1 of the block. */
static void write_tail(const intact_direct16_job* job, uint32_t i, intact_word_alias* tail) {
  const intact_conv* c = job->c;
  const uint32_t o = job->group * c->group_out + job->first + 2 * i;
  uint32_t j;
  for (j = 0; j < 2; ++j) {
    /* t of an absent channel lies below every code's. */
    uint32_t m = 0, b = 0u - 0x10000u;
    if (2 * i + j < job->channels && job->plan.finish != INTACT_FINISH_SUMS) {
      m = (uint32_t)intact_load_i32(c->multipliers + (size_t)(o + j) * 4);
      b = (uint32_t)intact_load_i32(c->biases + (size_t)(o + j) * 4);
    }
    tail[j] = m;
    tail[2 + j] = b;
  }
  tail[4] = i * intact_direct16_distance(job->plan.finish);
}

void intact_direct16_expand_weights(const intact_direct16_job* job) {
  const uint32_t tile_words = job->plan.tile_bytes / 4, tail = tile_words - INTACT_TILE_TAIL / 4;
  intact_word_alias* const tiles = (intact_word_alias*)(void*)(job->c->scratch + job->plan.weights);
  intact_word_alias* tile = tiles;
  uint32_t i;
  for (i = intact_direct16_tiles_of(job); i-- > 0; tile += tile_words) {
    /* Behind an odd number of words. */
    if (job->plan.form == INTACT_DIRECT16_PATCH) tile[tail - 2] = tile[tail - 1] = 0;
    write_tail(job, i, tile + tail);
  }
  expand_taps(job, tiles);
  if (job->channels % 2 != 0) clear_second(job, tiles);
}

#endif
