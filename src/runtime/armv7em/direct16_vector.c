/* One output pixel: each weight is used once, so it is unpacked in registers.
 *
 * A word of weights holds n = 32 / s codes of s bits. Masking it, shifted by s j bits, leaves codes j and j +
 * n / 2 in the two halfwords; the values stand in pairs of the same distance. At 8 bits the instruction that
 * masks also extends the sign. Below, halfwords are u = code XOR flip and w = (u << shift) + offset, so that
 * acc = (sum u v << shift) + offset sum v.
 */
#include "direct16_job.h"
#include "dsp_instructions.h"
#include "expand16.h"
#include "requantize_tile.h"

#if INTACT_ISA_ARMV7EM

enum { ROWS = 4 };

#if defined(__clang__)
#define INTACT_ONCE __attribute__((__noinline__))
#else
#define INTACT_ONCE __attribute__((__noinline__, __noclone__))
#endif

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

/* Adds the products of one word of each row. Inlined with a constant storage. */
static inline void add_words(uint32_t w0, uint32_t w1, uint32_t w2, uint32_t w3,
                             const intact_word_alias* values, uint32_t mask, uint32_t acc[ROWS],
                             uint32_t storage) {
  uint32_t j;
#pragma GCC unroll 16
  for (j = 0; j < 16 / storage; ++j) {
    const uint32_t v = values[j], n = j * storage;
    if (storage == 8) {
      acc[0] = intact_smlad(j ? odd_bytes(w0) : even_bytes(w0), v, acc[0]);
      acc[1] = intact_smlad(j ? odd_bytes(w1) : even_bytes(w1), v, acc[1]);
      acc[2] = intact_smlad(j ? odd_bytes(w2) : even_bytes(w2), v, acc[2]);
      acc[3] = intact_smlad(j ? odd_bytes(w3) : even_bytes(w3), v, acc[3]);
    } else {
      acc[0] = intact_smlad(w0 >> n & mask, v, acc[0]);
      acc[1] = intact_smlad(w1 >> n & mask, v, acc[1]);
      acc[2] = intact_smlad(w2 >> n & mask, v, acc[2]);
      acc[3] = intact_smlad(w3 >> n & mask, v, acc[3]);
      __asm__ volatile("" : "+r"(acc[0]), "+r"(acc[1]), "+r"(acc[2]), "+r"(acc[3])); /* else gcc 12 spills */
    }
  }
}

/* Adds the products of four rows, `stride` bytes apart, of `words` words. */
static inline void dot_rows(const uint8_t* row, uint32_t stride, uint32_t words, uint32_t flip,
                            const intact_word_alias* values, uint32_t out[ROWS], uint32_t storage) {
  uint32_t acc[ROWS], mask = ((1u << storage) - 1u) * 0x00010001u, i;
  __asm__("" : "+r"(mask)); /* in a register, else gcc 12 does not shift and mask at once */
  for (i = 0; i < ROWS; ++i) acc[i] = out[i];
  for (; words > 0; --words, row += 4, values += 16 / storage)
    add_words(intact_load_any(row) ^ flip, intact_load_any(row + stride) ^ flip,
              intact_load_any(row + 2 * (size_t)stride) ^ flip,
              intact_load_any(row + 3 * (size_t)stride) ^ flip, values, mask, acc, storage);
  for (i = 0; i < ROWS; ++i) out[i] = acc[i];
}

static INTACT_ONCE void dot_any(uint32_t storage, uint32_t flip, const uint8_t* row, uint32_t stride,
                                uint32_t words, const intact_word_alias* values, uint32_t acc[ROWS]) {
  switch (storage) {
    case 8:
      dot_rows(row, stride, words, 0, values, acc, 8);
      break;
    case 4:
      dot_rows(row, stride, words, flip, values, acc, 4);
      break;
    case 2:
      dot_rows(row, stride, words, flip, values, acc, 2);
      break;
    default:
      dot_rows(row, stride, words, flip, values, acc, 1);
      break;
  }
}

/* acc = the sums of four rows' products, halfwords as they are in them. */
static void dot_four(const intact_conv* c, uint32_t flip, const uint8_t* row, uint32_t stride,
                     const intact_word_alias* values, uint32_t acc[ROWS]) {
  const uint32_t words = c->row_bytes / 4, rest = c->row_bytes % 4;
  uint32_t i;
  for (i = 0; i < ROWS; ++i) acc[i] = 0;
  dot_any(c->weight_storage, flip, row, stride, words, values, acc);
  if (rest) { /* of the last word only bytes of the row are read */
    uint32_t last[ROWS];
    row += words * 4;
    for (i = 0; i < ROWS; ++i) last[i] = intact_load_few(row + i * (size_t)stride, rest);
    dot_any(c->weight_storage, flip, (const uint8_t*)(const void*)last, 4, 1,
            values + (size_t)words * (16 / c->weight_storage), acc);
  }
}

/* The window's values in the order of the taps, then zeros up to `padded`. Returns their sum. */
static uint32_t gather_values(const intact_conv* c, intact_i16* values, uint32_t padded) {
  const intact_window* w = &c->window;
  uint32_t ky, kx, i, sum = 0;
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
  for (i = 0; i < c->taps; ++i) sum += (uint32_t)(int32_t)values[i];
  for (; i < padded; ++i) values[i] = 0;
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
  const intact_decoder d = intact_make_decoder(c->weight_kind, c->weight_storage, 0);
  const intact_requantizer requantizer = intact_make_requantizer(c, c->output.storage_bits == 32 ? 0 : c->k);
  const uint32_t half = 16 / c->weight_storage, channels = c->output.channels;
  const uint32_t flip = d.flip * (0xffffffffu / ((1u << d.storage) - 1u));
  intact_word_alias* const values = (intact_word_alias*)(void*)c->scratch;
  intact_i16* const ordered = (intact_i16*)(void*)(c->scratch + job->plan.weights);
  intact_accumulator* const acc = (intact_accumulator*)(void*)(c->scratch + job->plan.results);
  const uint32_t sum = gather_values(c, ordered, job->plan.steps * 2 * half);
  const uint32_t correction = c->weight_storage == 8 ? 0 : intact_mul(d.offset, intact_to_i32(sum));
  uint32_t o, i, out[ROWS];
  pair_values(ordered, job->plan.steps * 2 * half, half, values);
  for (o = 0; o < channels; o += ROWS) {
    uint32_t first = o, stride = c->row_bytes;
    if (channels < ROWS) { /* one at a time */
      stride = 0;
    } else if (channels - o < ROWS) { /* some again */
      first = channels - ROWS;
    }
    for (;;) {
      dot_four(c, flip, c->weights + (size_t)first * c->row_bytes, stride, values, out);
      for (i = 0; i < ROWS && first + i < channels; ++i) acc[first + i] = (out[i] << d.shift) + correction;
      if (stride != 0 || ++first == channels) break;
    }
  }
  intact_requantize_tile(&requantizer, acc, 0, 0, 1, 0, channels);
}

#endif
