#include "mve_lines.h"
#include "../intact_isa.h"

#if INTACT_ISA_MVE

/* Whether the pixels' codes follow each other without padding bits. */
static uint32_t is_dense(const intact_tensor* t) {
  return t->channels * t->storage_bits == t->pixel_bytes * 8;
}

void intact_expand_pixels(const intact_conv* c, const intact_lanes* lanes, uint32_t pixel, uint32_t count,
                          int8_t* to) {
  const uint32_t channels = c->input.channels, dense = is_dense(&c->input);
  intact_lane_runs runs;
  runs.from = c->input.data + (size_t)pixel * c->input.pixel_bytes;
  runs.from_step = c->input.pixel_bytes;
  runs.runs = dense ? 1 : count;
  runs.count = dense ? count * channels : channels;
  runs.to = to;
  runs.to_step = channels;
  runs.vector_step = 16;
  intact_expand_lanes(lanes, &runs);
}

static void expand_planes(const intact_lines* l, uint32_t pixel, uint32_t count, int8_t* to) {
  const intact_conv* c = l->conv;
  intact_lane_runs runs;
  if (c->input.channels == 16) {
    intact_expand_pixels(c, &l->lanes, pixel, count, to);
    return;
  }
  runs.from = c->input.data + (size_t)pixel * c->input.pixel_bytes + l->channel * c->input.storage_bits / 8;
  runs.from_step = c->input.pixel_bytes;
  runs.runs = count;
  runs.count = l->channels;
  runs.to = to;
  runs.to_step = 16;
  runs.vector_step = l->pixels * 16;
  intact_expand_lanes(&l->lanes, &runs);
}

/* Pixels first .. first + count - 1 of a line become the padding value. */
static void pad(const intact_lines* l, int8_t* line, uint32_t first, uint32_t count) {
  const int32_t lane = l->conv->pad_value - l->lanes.offset;
  uint32_t plane;
  if (count == 0) return;
  if (!l->planes) {
    intact_fill_lanes(line + (size_t)first * l->channels, count * l->channels, lane);
    return;
  }
  for (plane = 0; plane * 16 < l->channels; ++plane, line += (size_t)l->pixels * 16)
    intact_fill_lanes(line + (size_t)first * 16, count * 16, lane);
}

static void expand_line(const intact_lines* l, uint32_t line, int8_t* to) {
  const intact_conv* c = l->conv;
  const uint32_t top = c->window.pad_top, padding = c->window.pad_left;
  /* Of the padding, then of the image: columns before the line, columns in it. */
  uint32_t left = padding > l->left ? padding - l->left : 0, skipped = 0, width = 0;
  if (line < top || line - top >= c->input.height) {
    pad(l, to, 0, l->pixels);
    return;
  }
  if (left > l->pixels) left = l->pixels;
  if (l->left > padding) skipped = l->left - padding;
  if (skipped < c->input.width) width = c->input.width - skipped;
  if (width > l->pixels - left) width = l->pixels - left;
  pad(l, to, 0, left);
  if (width > 0) {
    const uint32_t pixel = (line - top) * c->input.width + skipped;
    if (l->planes)
      expand_planes(l, pixel, width, to + (size_t)left * 16);
    else
      intact_expand_pixels(c, &l->lanes, pixel, width, to + (size_t)left * c->input.channels);
  }
  pad(l, to, left + width, l->pixels - left - width);
}

const int8_t* intact_lines_at(intact_lines* l, uint32_t line, uint32_t count) {
  if (l->end < line) {
    l->first = line;
    l->end = line;
  }
  if (line + count - l->first > l->capacity) {
    const uint32_t kept = (l->end - line) * l->line_bytes;
    intact_copy_lanes(l->data, l->data + (size_t)(line - l->first) * l->line_bytes, kept);
    l->first = line;
  }
  for (; l->end < line + count; ++l->end)
    expand_line(l, l->end, l->data + (size_t)(l->end - l->first) * l->line_bytes);
  return l->data + (size_t)(line - l->first) * l->line_bytes;
}

#endif
