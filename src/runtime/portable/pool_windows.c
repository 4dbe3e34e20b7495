#include "pool_windows.h"

void intact_pool_windows(const intact_pool* p,
                         void (*reduce)(const intact_pool* pool, const intact_pool_window* window,
                                        uint32_t pixel)) {
  const intact_window* w = &p->window;
  const uint32_t pixel_bytes = p->input.pixel_bytes;
  intact_pool_window window;
  uint32_t y, x, pixel = 0;
  window.row_step = p->input.width * pixel_bytes;
  for (y = 0; y < p->output.height; ++y) {
    const intact_span rows = intact_inside(y, w->stride_h, w->pad_top, 1, w->kernel_h, p->input.height);
    const uint8_t* row =
        p->input.data + (size_t)(uint32_t)(rows.origin + (int32_t)rows.first) * window.row_step;
    window.rows = rows.last - rows.first;
    for (x = 0; x < p->output.width; ++x, ++pixel) {
      const intact_span columns = intact_inside(x, w->stride_w, w->pad_left, 1, w->kernel_w, p->input.width);
      window.from = row + (size_t)(uint32_t)(columns.origin + (int32_t)columns.first) * pixel_bytes;
      window.columns = columns.last - columns.first;
      reduce(p, &window, pixel);
    }
  }
}
