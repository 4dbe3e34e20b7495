/* Weights of four output channels as two words a step, with heads for the tiles and constants behind. */
#include "../intact_isa.h"
#include "poly_point.h"

#if INTACT_ISA_ARMV7EM && !INTACT_ISA_MVE

#include "expand16.h"

enum { HALF = 1 << (INTACT_POLY_POINT_FIELD - 1) };

void intact_poly_point_taps(const intact_poly_point* point, uint32_t o, uint32_t there, intact_i16* to) {
  const intact_conv* c = point->conv;
  const intact_decoder decoder = intact_make_decoder(c->weight_kind, c->weight_storage, 0);
  const uint8_t* from = c->weights + (size_t)o * c->row_bytes;
  uint32_t t;
  if (!there) {
    for (t = c->taps; t > 0; --t) *to++ = 0;
  } else if (c->weight_layout != INTACT_LAYOUT_WORD_TAPS) {
    intact_expand16(&decoder, from, 0, c->taps, to);
  } else {
    const uint32_t bytes = 4 * ((c->group_in + 31) / 32);
    for (t = c->window.kernel_h * c->window.kernel_w; t > 0; --t, from += bytes, to += c->group_in) {
      if (c->group_in % 2 == 0) {
        intact_expand16(&decoder, from, 0, c->group_in, to);
      } else { /* that expands to multiples of 4 alone */
        uint32_t i;
        for (i = 0; i < c->group_in; ++i) to[i] = (intact_i16)intact_decode_at(&decoder, from, i);
      }
    }
  }
}

/* w0 + w1 2^14 to every second word; their sum. */
static uint32_t pair_words(const intact_i16* taps0, const intact_i16* taps1, uint32_t steps,
                           intact_word_alias* to) {
  uint32_t sum = 0;
#pragma GCC unroll 4
  for (; steps > 0; --steps, to += 2) {
    const uint32_t first = (uint32_t)*taps0++, second = (uint32_t)*taps1++;
    const uint32_t word = first + (second << INTACT_POLY_POINT_FIELD);
    *to = word;
    sum += word;
  }
  return sum;
}

/* Pair `which` of the four channels whose weights begin at `weights`, output channels o and o + 1, `there` of
 * them; sums: of each of its channels' weights. A run's sum of words fits an int32, and its sums of weights
 * lie in -2^13 .. 2^13 - 1: what the promise says of a times as much. */
static void write_pair(const intact_poly_point* point, uint32_t o, uint32_t there, uint8_t* weights,
                       uint32_t which, uint32_t sums[2]) {
  const intact_poly_point_plan* p = &point->plan;
  const uint32_t lower = 32 - INTACT_POLY_POINT_FIELD;
  const uint64_t half = HALF, field = INTACT_POLY_POINT_FIELD;
  const uint64_t initial = half | half << field | half << (2 * field) | half << (3 * field);
  intact_i16* const taps0 = (intact_i16*)(void*)point->scratch;
  intact_i16* const taps1 = taps0 + (p->steps + 1) / 2 * 2;
  intact_word_alias* head = (intact_word_alias*)(void*)(weights + (size_t)p->steps * 8);
  uint32_t done;
  intact_poly_point_taps(point, o, there > 0, taps0);
  intact_poly_point_taps(point, o + 1, there > 1, taps1);
  sums[0] = sums[1] = 0;
  for (done = 0; done < p->steps; done += p->run_steps, head += INTACT_POLY_HEAD_BYTES / 4) {
    const uint32_t steps = p->steps - done < p->run_steps ? p->steps - done : p->run_steps;
    const intact_poly_entries entries = intact_poly_entry(steps);
    const uint32_t sum =
        pair_words(taps0 + done, taps1 + done, steps, (intact_word_alias*)(void*)weights + which);
    const uint32_t low = (uint32_t)intact_asr(intact_to_i32(sum << lower), lower);
    uint64_t start = initial;
    sums[0] += low;
    sums[1] += (uint32_t)intact_asr(intact_to_i32(sum - low), INTACT_POLY_POINT_FIELD);
    if (p->flip) start += (uint64_t)(int64_t)intact_to_i32(sum) << 31;
    weights += (size_t)steps * 8;
    head[2 * which] = head[4 + 2 * which] = (uint32_t)start;
    head[2 * which + 1] = head[5 + 2 * which] = (uint32_t)(start >> 32);
    head[8] = (uint32_t)(uintptr_t)weights;
    head[9] = entries.whole;
    head[10] = entries.half;
  }
}

void intact_poly_point_weights(const intact_poly_point* point, uint32_t first, uint32_t count) {
  const intact_conv* c = point->conv;
  const intact_poly_point_plan* p = &point->plan;
  const intact_word_alias* m = (const intact_word_alias*)(const void*)c->multipliers + first;
  const intact_word_alias* b = (const intact_word_alias*)(const void*)c->biases + first;
  const uint32_t k = p->fused ? c->k : 0;
  uint8_t* to = point->scratch + p->weights;
  uint32_t sums[2], i, j;
  for (i = 0; i < count; i += INTACT_POLY_POINT_TILE, to += p->quad_bytes) {
    intact_word_alias* constant =
        (intact_word_alias*)(void*)(to + (size_t)p->steps * 8 + p->runs * INTACT_POLY_HEAD_BYTES);
    for (j = 0; j < INTACT_POLY_POINT_TILE; ++j) {
      const uint32_t channel = i + j, there = channel < count;
      if (j % 2 == 0) write_pair(point, first + channel, there ? count - channel : 0, to, j / 2, sums);
      constant[3 * j] =
          (sums[j % 2] * (uint32_t)c->decode_input.offset - (p->runs * HALF << c->decode_input.shift)) << k;
      constant[3 * j + 1] = there && p->fused ? m[channel] : 0;
      constant[3 * j + 2] = there && p->fused ? b[channel] : 0;
    }
  }
}

#endif
