/* Any convolution: for each output pixel and group, the window's values are expanded once to int16 (the
 * patch, in the order of the tap index n), then multiplied with the rows of all output channels of the group.
 */
#include "../host/conv_tiles.h"
#include "../intact_isa.h"
#include "../intact_kernels.h"

typedef uint32_t (*dot_function)(const intact_i16* patch, const uint8_t* row, uint32_t count);

static dot_function dot_for(uint32_t storage) {
  switch (storage) {
    case 8:
      return intact_dot_w8;
    case 4:
      return intact_dot_w4;
    case 2:
      return intact_dot_w2;
    default:
      return intact_dot_w1;
  }
}

static void fill(intact_i16* to, uint32_t count, int32_t value) {
  uint32_t i;
  for (i = 0; i < count; ++i) to[i] = (intact_i16)value;
}

/* Values of group `g` in the window whose rows and columns are given. */
static void expand_patch(const intact_conv* c, const intact_span* rows, const intact_span* columns,
                         uint32_t g, intact_i16* patch) {
  const intact_window* w = &c->window;
  const uint32_t row_taps = w->kernel_w * c->group_in;
  /* Neighbouring taps lie next to each other: a row of the window is one run. */
  const uint32_t contiguous = w->dilation_w == 1 && c->groups == 1 && c->decode_input.storage == 8;
  uint32_t ky, kx;
  for (ky = 0; ky < w->kernel_h; ++ky) {
    intact_i16* to = patch + (size_t)ky * row_taps;
    const uint8_t* line;
    if (ky < rows->first || ky >= rows->last) {
      fill(to, row_taps, c->pad_value);
      continue;
    }
    line = c->input.data + (size_t)(uint32_t)(rows->origin + (int32_t)(ky * w->dilation_h)) * c->input.width *
                               c->input.pixel_bytes;
    fill(to, columns->first * c->group_in, c->pad_value);
    if (contiguous) {
      if (columns->first < columns->last)
        intact_expand(&c->decode_input, line,
                      (uint32_t)(columns->origin + (int32_t)columns->first) * c->group_in,
                      (columns->last - columns->first) * c->group_in, to + columns->first * c->group_in);
    } else {
      for (kx = columns->first; kx < columns->last; ++kx)
        intact_expand(
            &c->decode_input,
            line + (size_t)(uint32_t)(columns->origin + (int32_t)(kx * w->dilation_w)) * c->input.pixel_bytes,
            g * c->group_in, c->group_in, to + (size_t)kx * c->group_in);
    }
    fill(to + (size_t)columns->last * c->group_in, (w->kernel_w - columns->last) * c->group_in, c->pad_value);
  }
}

/* Rows of layout 1: each position's codes fill whole words. */
static uint32_t dot_word_taps(const intact_conv* c, const intact_i16* patch, const uint8_t* row) {
  const uint32_t positions = c->window.kernel_h * c->window.kernel_w;
  const uint32_t step = 4 * ((c->group_in + 31) / 32);
  uint32_t acc = 0, i;
  for (i = 0; i < positions; ++i) {
    acc += intact_dot_w1(patch, row, c->group_in);
    patch += c->group_in;
    row += step;
  }
  return acc;
}

static void run(const intact_conv* c) {
  const intact_window* w = &c->window;
  intact_i16* patch = (intact_i16*)(void*)c->scratch;
  const dot_function dot = dot_for(c->weight_storage);
  uint32_t y, x, g, j;
#if INTACT_ISA_HOST
  if (intact_dense_tiles(c)) return;
#endif
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
      for (g = 0; g < c->groups; ++g) {
        expand_patch(c, &rows, &columns, g, patch);
        for (j = 0; j < c->group_out; ++j, row += c->row_bytes) {
          const uint32_t acc = c->weight_layout == INTACT_LAYOUT_WORD_TAPS ? dot_word_taps(c, patch, row)
                                                                           : dot(patch, row, c->taps);
          intact_write_code(&writer, intact_conv_code(c, acc, g * c->group_out + j, residual));
        }
      }
      intact_write_end(&writer);
    }
  }
}

/* The patch: the 2 K bytes that FORMAT section 5 demands. */
uint64_t intact_conv_dense_scratch(const intact_conv* c, uint64_t limit) {
  const uint64_t bytes = ((uint64_t)c->taps * 2 + 15) & ~(uint64_t)15;
  return bytes <= limit ? bytes : INTACT_CANNOT;
}

const intact_conv_kernel intact_conv_dense = {intact_conv_dense_scratch, run};
