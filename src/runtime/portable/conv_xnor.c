/* Bipolar input and weights in word taps (layout 1): acc = K - 2 popcount(x XOR w) over bits, K the true
 * number of taps. The window's words are copied once per output pixel. They fit the scratch of 2 K bytes that
 * FORMAT.md section 5 demands from two channels on: 4 ceil(I / 32) <= 2 I for I >= 2. Tail bits are zero in
 * the weights (validated) and in every tensor (the writers), so that they never count.
 */
#include "../intact_kernels.h"

/* Differing bits of two runs of words. Bytes of partial counts (at most 8 a word) hold 31 words before they
 * are summed. */
static uint32_t count_differences(const uint8_t* a, const uint8_t* b, uint32_t words) {
  uint32_t total = 0;
  while (words > 0) {
    const uint32_t block = words < 31 ? words : 31;
    uint32_t bytes = 0, i;
    for (i = 0; i < block; ++i) {
      uint32_t x = intact_load_word(a + (size_t)i * 4) ^ intact_load_word(b + (size_t)i * 4);
      x -= x >> 1 & 0x55555555u;
      x = (x & 0x33333333u) + (x >> 2 & 0x33333333u);
      bytes += (x + (x >> 4)) & 0x0f0f0f0fu;
    }
    bytes = (bytes & 0x00ff00ffu) + (bytes >> 8 & 0x00ff00ffu);
    total += (bytes & 0xffffu) + (bytes >> 16);
    a += (size_t)block * 4;
    b += (size_t)block * 4;
    words -= block;
  }
  return total;
}

static void fill_words(uint8_t* to, uint32_t pixels, uint32_t channels, uint32_t value) {
  uint32_t i, c;
  for (i = 0; i < pixels; ++i) {
    for (c = 0; c < channels; c += 32, to += 4)
      intact_store_word(to, channels - c < 32 ? value & ((1u << (channels - c)) - 1u) : value);
  }
}

static void copy_words(uint8_t* to, const uint8_t* from, uint32_t words) {
  uint32_t i;
  for (i = 0; i < words; ++i) intact_store_word(to + (size_t)i * 4, intact_load_word(from + (size_t)i * 4));
}

static void copy_patch(const intact_conv* c, const intact_span* rows, const intact_span* columns) {
  const intact_window* w = &c->window;
  const uint32_t pixel_bytes = c->input.pixel_bytes;
  const uint32_t pad = c->pad_value > 0 ? 0xffffffffu : 0;
  uint8_t* to = c->scratch;
  uint32_t ky, kx;
  for (ky = 0; ky < w->kernel_h; ++ky) {
    if (ky < rows->first || ky >= rows->last) {
      fill_words(to, w->kernel_w, c->group_in, pad);
      to += (size_t)w->kernel_w * pixel_bytes;
      continue;
    }
    for (kx = 0; kx < w->kernel_w; ++kx, to += pixel_bytes) {
      if (kx >= columns->first && kx < columns->last) {
        const uint32_t iy = (uint32_t)(rows->origin + (int32_t)(ky * w->dilation_h));
        const uint32_t ix = (uint32_t)(columns->origin + (int32_t)(kx * w->dilation_w));
        copy_words(to, c->input.data + ((size_t)iy * c->input.width + ix) * pixel_bytes, pixel_bytes / 4);
      } else {
        fill_words(to, 1, c->group_in, pad);
      }
    }
  }
}

static void run(const intact_conv* c) {
  const intact_window* w = &c->window;
  uint32_t y, x, o;
  for (y = 0; y < c->output.height; ++y) {
    const intact_span rows =
        intact_inside(y, w->stride_h, w->pad_top, w->dilation_h, w->kernel_h, c->input.height);
    for (x = 0; x < c->output.width; ++x) {
      const intact_span columns =
          intact_inside(x, w->stride_w, w->pad_left, w->dilation_w, w->kernel_w, c->input.width);
      const uint32_t pixel = y * c->output.width + x;
      const uint8_t* residual = intact_residual_pixel(c, pixel);
      const uint8_t* row = c->weights;
      intact_writer writer = intact_write_pixel(&c->output, pixel);
      copy_patch(c, &rows, &columns);
      for (o = 0; o < c->output.channels; ++o, row += c->row_bytes) {
        const uint32_t acc = c->taps - 2 * count_differences(c->scratch, row, c->row_bytes / 4);
        intact_write_code(&writer, intact_conv_code(c, acc, o, residual));
      }
      intact_write_end(&writer);
    }
  }
}

/* The window's words, within the 2 K bytes of FORMAT section 5. */
uint64_t intact_conv_xnor_scratch(const intact_conv* c, uint64_t limit) {
  if (c->weight_layout != INTACT_LAYOUT_WORD_TAPS || c->input.kind != INTACT_KIND_BIPOLAR || c->groups != 1 ||
      c->group_in < 2)
    return INTACT_CANNOT;
  return c->row_bytes <= limit ? c->row_bytes : INTACT_CANNOT;
}

const intact_conv_kernel intact_conv_xnor = {intact_conv_xnor_scratch, run};
