/* One output pixel: each weight is used once, so it is unpacked in registers.
 *
 * A word of weights holds n = 32 / s codes of s bits. Masking it, shifted by s j bits, leaves codes j and j +
 * n / 2 in the two halfwords; the values stand in pairs of the same distance. At 8 bits the instruction that
 * masks also extends the sign. Below, signed codes stand at the top of their halfwords where the sums leave
 * room for that: those are acc 2^(16 - s). Elsewhere halfwords are u = code XOR flip and w = (u << shift) +
 * offset, so that acc = (sum u v << shift) + offset sum v.
 */
#include "direct16_job.h"
#include "dsp_instructions.h"
#include "expand16.h"
#include "requantize_tile.h"

#if INTACT_ISA_ARMV7EM

enum { ROWS = 4 };

/* Bytes 0 and 2 of x, and bytes 1 and 3, with their signs. */
static inline uint32_t even_bytes(uint32_t x) {
  uint32_t d;
  __asm__("sxtb16 %0, %1" : "=r"(d) : "r"(x));
  return d;
}
static inline uint32_t odd_bytes(uint32_t x) {
  uint32_t d;
  __asm__("sxtb16 %0, %1, ror #8" : "=r"(d) : "r"(x));
  return d;
}

/* How codes lie in the halfwords. */
typedef struct halfwords {
  uint32_t top; /* bits of a halfword below the code, 0 or 16 - storage */
  uint32_t flip, shift;
  int32_t offset;
} halfwords;

/* shift: the most that the accumulators may be scaled by. */
static halfwords place_codes(const intact_conv* c, uint32_t shift) {
  const intact_decoder d = intact_make_decoder(c->weight_kind, c->weight_storage, 0);
  halfwords h = {0, 0, 0, 0};
  if (d.storage == 8) return h;
  if (c->weight_kind == INTACT_KIND_SIGNED && shift >= 16 - d.storage) {
    h.top = 16 - d.storage;
    return h;
  }
  h.flip = d.flip * (0xffffffffu / ((1u << d.storage) - 1u));
  h.shift = d.shift;
  h.offset = d.offset;
  return h;
}

/* Adds the products of one word of each row. Inlined with constants for storage and top. */
static inline void add_words(uint32_t w0, uint32_t w1, uint32_t w2, uint32_t w3,
                             const intact_word_alias* values, uint32_t mask, uint32_t acc[ROWS],
                             uint32_t storage, uint32_t top) {
  uint32_t j;
#pragma GCC unroll 16
  for (j = 0; j < 16 / storage; ++j) {
    const uint32_t v = values[j], n = (32 + j * storage - top) % 32;
    if (storage == 8) {
      acc[0] = intact_smlad(j ? odd_bytes(w0) : even_bytes(w0), v, acc[0]);
      acc[1] = intact_smlad(j ? odd_bytes(w1) : even_bytes(w1), v, acc[1]);
      acc[2] = intact_smlad(j ? odd_bytes(w2) : even_bytes(w2), v, acc[2]);
      acc[3] = intact_smlad(j ? odd_bytes(w3) : even_bytes(w3), v, acc[3]);
    } else {
      acc[0] = intact_smlad(intact_rotate_right(w0, n) & mask, v, acc[0]);
      acc[1] = intact_smlad(intact_rotate_right(w1, n) & mask, v, acc[1]);
      acc[2] = intact_smlad(intact_rotate_right(w2, n) & mask, v, acc[2]);
      acc[3] = intact_smlad(intact_rotate_right(w3, n) & mask, v, acc[3]);
      __asm__ volatile("" : "+r"(acc[0]), "+r"(acc[1]), "+r"(acc[2]), "+r"(acc[3])); /* else gcc 12 spills */
    }
  }
}

/* Adds the products of four rows, `stride` bytes apart, of `words` words. */
static inline void dot_rows(const uint8_t* row, uint32_t stride, uint32_t words, uint32_t flip,
                            const intact_word_alias* values, uint32_t out[ROWS], uint32_t storage,
                            uint32_t top) {
  uint32_t acc[ROWS], mask = (((1u << storage) - 1u) << top) * 0x00010001u, i;
  __asm__("" : "+r"(mask)); /* in a register, else gcc 12 does not shift and mask at once */
  for (i = 0; i < ROWS; ++i) acc[i] = out[i];
  for (; words > 0; --words, row += 4, values += 16 / storage)
    add_words(intact_load_any(row) ^ flip, intact_load_any(row + stride) ^ flip,
              intact_load_any(row + 2 * (size_t)stride) ^ flip,
              intact_load_any(row + 3 * (size_t)stride) ^ flip, values, mask, acc, storage, top);
  for (i = 0; i < ROWS; ++i) out[i] = acc[i];
}

INTACT_APART static void dot_any(uint32_t storage, const halfwords* h, const uint8_t* row, uint32_t stride,
                                 uint32_t words, const intact_word_alias* values, uint32_t acc[ROWS]) {
  switch (storage) {
    case 8:
      dot_rows(row, stride, words, 0, values, acc, 8, 0);
      break;
    case 4:
      if (h->top)
        dot_rows(row, stride, words, 0, values, acc, 4, 12);
      else
        dot_rows(row, stride, words, h->flip, values, acc, 4, 0);
      break;
    case 2:
      if (h->top)
        dot_rows(row, stride, words, 0, values, acc, 2, 14);
      else
        dot_rows(row, stride, words, h->flip, values, acc, 2, 0);
      break;
    default: /* bipolar */
      dot_rows(row, stride, words, 0, values, acc, 1, 0);
      break;
  }
}

/* acc = the sums of four rows' products, halfwords as they are in them. */
static void dot_four(const intact_conv* c, const halfwords* h, const uint8_t* row, uint32_t stride,
                     const intact_word_alias* values, uint32_t acc[ROWS]) {
  const uint32_t words = c->row_bytes / 4, rest = c->row_bytes % 4;
  uint32_t i;
  for (i = 0; i < ROWS; ++i) acc[i] = 0;
  dot_any(c->weight_storage, h, row, stride, words, values, acc);
  if (rest) { /* of the last word only bytes of the row are read */
    uint32_t last[ROWS];
    row += words * 4;
    for (i = 0; i < ROWS; ++i) last[i] = intact_load_few(row + i * (size_t)stride, rest);
    dot_any(c->weight_storage, h, (const uint8_t*)(const void*)last, 4, 1,
            values + (size_t)words * (16 / c->weight_storage), acc);
  }
}

/* The window's values in the order of the taps, then zeros up to `padded`. */
static void gather_values(const intact_conv* c, intact_i16* values, uint32_t padded) {
  const intact_window* w = &c->window;
  uint32_t ky, kx, i;
  intact_i16* to = values;
  for (ky = 0; ky < w->kernel_h; ++ky) {
    const uint32_t y = ky * w->dilation_h - w->pad_top; /* beyond every height where negative */
    for (kx = 0; kx < w->kernel_w; ++kx, to += c->group_in) {
      const uint32_t x = kx * w->dilation_w - w->pad_left;
      if (y < c->input.height && x < c->input.width) {
        const uint8_t* pixel = c->input.data + ((size_t)y * c->input.width + x) * c->input.pixel_bytes;
        if (c->group_in % 2 == 0)
          intact_expand16(&c->decode_input, pixel, 0, c->group_in, to);
        else
          intact_expand(&c->decode_input, pixel, 0, c->group_in, to);
      } else {
        for (i = 0; i < c->group_in; ++i) to[i] = (intact_i16)c->pad_value;
      }
    }
  }
  for (i = c->taps; i < padded; ++i) values[i] = 0;
}

/* Of an even number of values, which begin at a multiple of 4. */
static uint32_t sum_values(const intact_i16* values, uint32_t count) {
  const intact_word_alias* pair = (const intact_word_alias*)(const void*)values;
  uint32_t sum = 0;
  for (; count > 0; count -= 2) sum = intact_smlad(*pair++, 0x00010001u, sum);
  return sum;
}

/* Values j and j + half of each run of 2 half values as a pair. */
static void pair_values(const intact_i16* from, uint32_t count, uint32_t half, intact_word_alias* to) {
  for (; count > 0; count -= 2 * half, from += 2 * half, to += half) {
    uint32_t j;
    for (j = 0; j < half; ++j) to[j] = intact_pack_lower((uint32_t)from[j], (uint32_t)from[j + half]);
  }
}

void intact_direct16_vector(const intact_direct16_job* job) {
  const intact_conv* c = job->c;
  const uint32_t k = c->output.storage_bits == 32 ? 0 : c->k;
  const halfwords placed = place_codes(c, k);
  const intact_requantizer requantizer = intact_make_requantizer(c, k - placed.top);
  const uint32_t half = 16 / c->weight_storage, channels = c->output.channels;
  intact_word_alias* const values = (intact_word_alias*)(void*)c->scratch;
  intact_i16* const ordered = (intact_i16*)(void*)(c->scratch + job->plan.weights);
  intact_accumulator* const acc = (intact_accumulator*)(void*)(c->scratch + job->plan.results);
  uint32_t correction = 0, o, i, out[ROWS];
  gather_values(c, ordered, job->plan.steps * 2 * half);
  if (placed.offset != 0)
    correction = intact_mul(placed.offset, intact_to_i32(sum_values(ordered, job->plan.steps * 2 * half)));
  pair_values(ordered, job->plan.steps * 2 * half, half, values);
  for (o = 0; o < channels; o += ROWS) {
    uint32_t first = o, stride = c->row_bytes;
    if (channels < ROWS) { /* one at a time */
      stride = 0;
    } else if (channels - o < ROWS) { /* some again */
      first = channels - ROWS;
    }
    for (;;) {
      dot_four(c, &placed, c->weights + (size_t)first * c->row_bytes, stride, values, out);
      for (i = 0; i < ROWS && first + i < channels; ++i)
        acc[first + i] = (out[i] << placed.shift) + correction;
      if (stride != 0 || ++first == channels) break;
    }
  }
  intact_requantize_tile(&requantizer, acc, 0, 0, 1, 0, channels);
}

#endif
