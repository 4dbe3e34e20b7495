/* Weights from packed rows to what a sweep holds in registers. */
#include "depthwise16.h"

#if INTACT_ISA_ARMV7EM

static uint32_t pair(int32_t low, int32_t high) {
  return ((uint32_t)low & 0xffffu) | (uint32_t)high << 16;
}

static void put_constants(const intact_conv* c, const intact_depthwise16_scale* scale, uint32_t channel,
                          int32_t sum, intact_depthwise16_word* to) {
  to[0] = intact_mul(c->decode_input.offset, sum) << scale->start_shift;
  to[1] = c->output.storage_bits == 32 ? 0 : intact_load_word(c->multipliers + (size_t)channel * 4);
  to[2] = intact_load_word(c->biases + (size_t)channel * 4);
}

/* Returns the sum of the weights. */
static int32_t load_taps(const intact_conv* c, const intact_decoder* d, uint32_t shift, uint32_t channel,
                         intact_depthwise16_word* to) {
  const uint8_t* row = c->weights + (size_t)channel * c->row_bytes;
  const uint32_t kernel_h = c->window.kernel_h, kernel_w = c->window.kernel_w;
  uint32_t sum = 0, kx, ky;
  for (kx = 0; kx < kernel_w; ++kx) {
    for (ky = 0; ky < kernel_h; ky += 2) {
      const int32_t low = intact_decode_at(d, row, ky * kernel_w + kx);
      const int32_t high = ky + 1 < kernel_h ? intact_decode_at(d, row, (ky + 1) * kernel_w + kx) : 0;
      sum += (uint32_t)low + (uint32_t)high;
      *to++ = pair(low * (int32_t)(1u << shift), high * (int32_t)(1u << shift));
    }
  }
  return intact_to_i32(sum);
}

void intact_depthwise16_load(const intact_conv* c, const intact_depthwise16_scale* scale, uint32_t way,
                             uint32_t first, uint32_t channels, intact_depthwise16_word* weights,
                             intact_depthwise16_word* constants) {
  const intact_decoder d = intact_make_decoder(c->weight_kind, c->weight_storage, 0);
  const uint32_t words = (uint32_t)intact_depthwise16_weight_words(c, way);
  uint32_t i;
  for (i = 0; i < channels; ++i, weights += words, constants += INTACT_DEPTHWISE16_CONSTANTS)
    put_constants(c, scale, first + i, load_taps(c, &d, scale->weight_shift, first + i, weights), constants);
}

#endif
