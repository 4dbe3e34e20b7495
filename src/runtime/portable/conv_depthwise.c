/* Depthwise convolution with one output channel per input channel. Channels are handled in blocks: a tap's
 * values of a block are expanded together, and the bit position of the tap's weight is the same in all rows
 * of the block.
 */
#include "../host/conv_tiles.h"
#include "../intact_isa.h"
#include "../intact_kernels.h"

enum { BLOCK = 16 };

/* acc[j] += value[j] * w[first + j][tap] */
static void add_tap(const intact_conv* c, uint32_t first, uint32_t count, uint32_t tap,
                    const intact_i16* value, uint32_t* acc) {
  const uint32_t storage = c->weight_storage, bit = tap * storage;
  const uint8_t* at = c->weights + (size_t)first * c->row_bytes + (bit >> 3);
  const uint32_t shift = bit & 7u, mask = (1u << storage) - 1u;
  uint32_t j;
  if (storage == 8) {
    const int8_t* w = (const int8_t*)at;
    for (j = 0; j < count; ++j, w += c->row_bytes) acc[j] += (uint32_t)((int32_t)value[j] * *w);
  } else if (c->weight_kind == INTACT_KIND_BIPOLAR) {
    for (j = 0; j < count; ++j, at += c->row_bytes)
      acc[j] += (uint32_t)((int32_t)value[j] * ((int32_t)((uint32_t)*at >> shift & 1u) * 2 - 1));
  } else {
    const uint32_t sign = 1u << (storage - 1);
    for (j = 0; j < count; ++j, at += c->row_bytes)
      acc[j] +=
          (uint32_t)((int32_t)value[j] * ((int32_t)(((uint32_t)*at >> shift & mask) ^ sign) - (int32_t)sign));
  }
}

/* Channels first .. first + count - 1 of one output pixel. */
static void run_block(const intact_conv* c, const intact_span* rows, const intact_span* columns,
                      uint32_t first, uint32_t count, uint32_t* acc) {
  const intact_window* w = &c->window;
  intact_i16 value[BLOCK];
  uint32_t ky, kx, j;
  for (j = 0; j < count; ++j) acc[j] = 0;
  for (ky = 0; ky < w->kernel_h; ++ky) {
    const uint32_t row_inside = ky >= rows->first && ky < rows->last;
    if (!row_inside && c->pad_value == 0) continue;
    for (kx = 0; kx < w->kernel_w; ++kx) {
      if (row_inside && kx >= columns->first && kx < columns->last) {
        const uint32_t iy = (uint32_t)(rows->origin + (int32_t)(ky * w->dilation_h));
        const uint32_t ix = (uint32_t)(columns->origin + (int32_t)(kx * w->dilation_w));
        const uint8_t* run = c->input.data + ((size_t)iy * c->input.width + ix) * c->input.pixel_bytes;
        intact_expand(&c->decode_input, run, first, count, value);
      } else if (c->pad_value == 0) {
        continue;
      } else {
        for (j = 0; j < count; ++j) value[j] = (intact_i16)c->pad_value;
      }
      add_tap(c, first, count, ky * w->kernel_w + kx, value, acc);
    }
  }
}

static void run(const intact_conv* c) {
  const intact_window* w = &c->window;
  const uint32_t channels = c->output.channels;
  uint32_t acc[BLOCK];
  uint32_t y, x, first, j;
#if INTACT_ISA_HOST
  if (intact_depthwise_tiles(c)) return;
#endif
  for (y = 0; y < c->output.height; ++y) {
    const intact_span rows =
        intact_inside(y, w->stride_h, w->pad_top, w->dilation_h, w->kernel_h, c->input.height);
    for (x = 0; x < c->output.width; ++x) {
      const intact_span columns =
          intact_inside(x, w->stride_w, w->pad_left, w->dilation_w, w->kernel_w, c->input.width);
      const uint32_t pixel = y * c->output.width + x;
      const uint8_t* residual = intact_residual_pixel(c, pixel);
      intact_writer writer = intact_write_pixel(&c->output, pixel);
      for (first = 0; first < channels; first += BLOCK) {
        const uint32_t count = channels - first < BLOCK ? channels - first : BLOCK;
        run_block(c, &rows, &columns, first, count, acc);
        for (j = 0; j < count; ++j)
          intact_write_code(&writer, intact_conv_code(c, acc[j], first + j, residual));
      }
      intact_write_end(&writer);
    }
  }
}

uint64_t intact_conv_depthwise_scratch(const intact_conv* c, uint64_t limit) {
  (void)limit;
  return c->group_in == 1 && c->group_out == 1 && c->weight_layout == INTACT_LAYOUT_DENSE_ROWS
             ? 0
             : INTACT_CANNOT;
}

const intact_conv_kernel intact_conv_depthwise = {intact_conv_depthwise_scratch, run};
