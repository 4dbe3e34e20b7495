#include "tile_results.h"

#include "../intact_isa.h"

#if INTACT_ISA_HOST

void intact_tile_load_scales(intact_tile_results* t, const intact_conv* c, uint32_t first, uint32_t count) {
  uint32_t o;
  t->c = c;
  t->first = first;
  t->count = count;
  for (o = 0; o < count; ++o) {
    const size_t at = (size_t)(first + o) * 4;
    t->m[o] = c->output.storage_bits == 32 ? 0 : intact_load_i32(c->multipliers + at);
    t->b[o] = intact_load_i32(c->biases + at);
  }
}

/* Accumulators to the sums t of ARITHMETIC section 3. */
static void scale(intact_tile_results* t, uint32_t pixel, uint32_t* acc) {
  const intact_conv* c = t->c;
  const uint32_t count = t->count, k = c->k;
  const int32_t m_res = c->m_res;
  uint32_t o;
  for (o = 0; o < count; ++o) acc[o] = intact_scale(acc[o], k, t->m[o], t->b[o]);
  if (!c->has_residual) return;
  intact_expand(&c->decode_residual, intact_residual_pixel(c, pixel), t->first, count, t->residual);
  for (o = 0; o < count; ++o) acc[o] += intact_mul(t->residual[o], m_res);
}

static void round_codes(const intact_round* round, uint32_t count, uint32_t* sums) {
  const uint32_t r = round->r;
  const int32_t low = round->qmin, high = round->qmax;
  uint32_t o;
  if (round->bipolar) {
    for (o = 0; o < count; ++o) sums[o] = (sums[o] >> 31) ^ 1u;
  } else {
    for (o = 0; o < count; ++o)
      sums[o] = (uint32_t)intact_clamp(intact_asr(intact_to_i32(sums[o]), r), low, high);
  }
}

/* Whole bytes of codes. Inlined with constant storage. */
static inline void store_bytes(uint8_t* to, const uint32_t* codes, uint32_t bytes, uint32_t storage) {
  const uint32_t mask = storage < 8 ? (1u << storage) - 1u : 0xffu;
  uint32_t i, j;
  for (i = 0; i < bytes; ++i, codes += 8 / storage) {
    uint32_t byte = 0;
    for (j = 0; j < 8 / storage; ++j) byte |= (codes[j] & mask) << (j * storage);
    to[i] = (uint8_t)byte;
  }
}

static void store(const intact_tile_results* t, uint32_t pixel, const uint32_t* codes) {
  const intact_conv* c = t->c;
  intact_writer writer = intact_write_pixel(&c->output, pixel);
  const uint32_t bytes = writer.storage < 32 ? t->count * writer.storage / 8 : 0;
  uint32_t o = writer.storage < 32 ? bytes * 8 / writer.storage : 0;
  writer.at += (size_t)t->first * writer.storage / 8;
  switch (writer.storage) {
    case 1:
      store_bytes(writer.at, codes, bytes, 1);
      break;
    case 2:
      store_bytes(writer.at, codes, bytes, 2);
      break;
    case 4:
      store_bytes(writer.at, codes, bytes, 4);
      break;
    case 8:
      store_bytes(writer.at, codes, bytes, 8);
      break;
    default:
      break;
  }
  writer.at += bytes;
  for (; o < t->count; ++o) intact_write_code(&writer, codes[o]);
  if (t->first + t->count == c->output.channels) intact_write_end(&writer);
}

void intact_tile_finish(intact_tile_results* t, uint32_t pixel, uint32_t* acc) {
  uint32_t o;
  if (t->c->output.storage_bits == 32) {
    for (o = 0; o < t->count; ++o) acc[o] += (uint32_t)t->b[o];
  } else {
    scale(t, pixel, acc);
    round_codes(&t->c->round, t->count, acc);
  }
  store(t, pixel, acc);
}

#endif
