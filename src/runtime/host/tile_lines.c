#include "tile_lines.h"

#include "../intact_isa.h"

#if INTACT_ISA_HOST

/* Without a product that wraps: extents, channels and paddings are below 2^16. */
uint32_t intact_tile_plan_lines(intact_tile_lines* t, const intact_conv* c) {
  const intact_window* w = &c->window;
  const uint64_t channels = c->input.channels;
  const uint64_t line = ((uint64_t)c->input.width + w->pad_left + w->pad_right) * channels;
  const uint64_t slots = (uint64_t)w->dilation_h * (w->kernel_h - 1) + 1;
  const uint64_t step = line + INTACT_TILE_VECTOR;
  if (slots > INTACT_TILE_LINES || step > INTACT_TILE_VALUES || step * slots > INTACT_TILE_VALUES) return 0;
  if (line > 8 * (uint64_t)c->output.width * w->kernel_w * channels) return 0;
  t->c = c;
  t->line = (uint32_t)line;
  t->step = (uint32_t)step;
  t->slots = (uint32_t)slots;
  return 1;
}

void intact_tile_clear_lines(intact_tile_lines* t) {
  uint32_t i;
  for (i = 0; i < t->slots; ++i) t->held[i] = 0;
  for (i = 0; i < t->step * t->slots; ++i) t->values[i] = 0;
}

static void fill(intact_i16* to, uint32_t count, int32_t value) {
  uint32_t i;
  for (i = 0; i < count; ++i) to[i] = (intact_i16)value;
}

static void expand_line(const intact_conv* c, const uint8_t* from, intact_i16* to) {
  const uint32_t channels = c->input.channels;
  uint32_t x;
  fill(to, c->window.pad_left * channels, c->pad_value);
  to += (size_t)c->window.pad_left * channels;
  if (c->input.pixel_bytes * 8 == channels * c->decode_input.storage) { /* no bits between pixels */
    intact_expand(&c->decode_input, from, 0, c->input.width * channels, to);
  } else {
    for (x = 0; x < c->input.width; ++x)
      intact_expand(&c->decode_input, from + (size_t)x * c->input.pixel_bytes, 0, channels,
                    to + (size_t)x * channels);
  }
  fill(to + (size_t)c->input.width * channels, c->window.pad_right * channels, c->pad_value);
}

/* Line `y`, counted from the first of the padding above. */
static const intact_i16* line_at(intact_tile_lines* t, uint32_t y) {
  const intact_conv* c = t->c;
  const uint32_t slot = y % t->slots;
  intact_i16* to = t->values + (size_t)slot * t->step;
  if (t->held[slot] == y + 1) return to;
  t->held[slot] = y + 1;
  if (y < c->window.pad_top || y - c->window.pad_top >= c->input.height)
    fill(to, t->line, c->pad_value);
  else
    expand_line(c, c->input.data + (size_t)(y - c->window.pad_top) * c->input.width * c->input.pixel_bytes,
                to);
  return to;
}

void intact_tile_take_lines(intact_tile_lines* t, uint32_t y) {
  const intact_window* w = &t->c->window;
  uint32_t ky;
  for (ky = 0; ky < w->kernel_h; ++ky) t->row[ky] = line_at(t, y * w->stride_h + ky * w->dilation_h);
}

#endif
