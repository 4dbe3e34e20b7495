/* Max pooling, ARITHMETIC section 7: the largest code among the positions inside the image; there is always
 * one. */
#include "../intact_kernels.h"

static int32_t window_max(const intact_pool* p, const intact_span* rows, const intact_span* columns,
                          uint32_t c) {
  const uint32_t pixel_bytes = p->input.pixel_bytes;
  int32_t best = INT32_MIN;
  uint32_t ky, kx;
  for (ky = rows->first; ky < rows->last; ++ky) {
    const uint8_t* run = p->input.data + ((size_t)(uint32_t)(rows->origin + (int32_t)ky) * p->input.width +
                                          (uint32_t)(columns->origin + (int32_t)columns->first)) *
                                             pixel_bytes;
    for (kx = columns->first; kx < columns->last; ++kx, run += pixel_bytes) {
      const int32_t q = intact_decode_at(&p->decode_input, run, c);
      if (q > best) best = q;
    }
  }
  return best;
}

void intact_max_pool(const intact_pool* p) {
  const intact_window* w = &p->window;
  uint32_t y, x, c;
  for (y = 0; y < p->output.height; ++y) {
    const intact_span rows = intact_inside(y, w->stride_h, w->pad_top, 1, w->kernel_h, p->input.height);
    for (x = 0; x < p->output.width; ++x) {
      const intact_span columns = intact_inside(x, w->stride_w, w->pad_left, 1, w->kernel_w, p->input.width);
      intact_writer writer = intact_write_pixel(&p->output, y * p->output.width + x);
      for (c = 0; c < p->output.channels; ++c) {
        const int32_t q = window_max(p, &rows, &columns, c);
        intact_write_code(&writer, p->round.bipolar ? (uint32_t)(q > 0) : (uint32_t)q);
      }
      intact_write_end(&writer);
    }
  }
}
