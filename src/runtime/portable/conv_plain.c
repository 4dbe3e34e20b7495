/* DIRECT_PLAIN and PIXEL_PAIR: intact_plain.h. */
#include "../intact_plain.h"

static uint32_t least(uint32_t a, uint32_t b) {
  return a < b ? a : b;
}

/* A tap index taken apart, and a pixel. */
typedef struct tap {
  uint32_t ky, kx, channel;
} tap;
typedef struct place {
  uint32_t y, x;
} place;

/* Values of the windows of the fields' pixels for `count` tap indices from `from` on. */
static void expand_windows(const intact_conv* c, const intact_plain_plan* p, const intact_plain_decoder* d,
                           const place* pixels, uint32_t group, tap from, uint32_t count,
                           intact_plain_word* to) {
  const intact_window* w = &c->window;
  const uint8_t* const padding = c->scratch + p->at_padding;
  const uint8_t* runs[INTACT_PLAIN_FIELDS];
  uint32_t f;
  while (count) {
    const uint32_t part = least(count, c->group_in - from.channel);
    for (f = 0; f < p->fields; ++f) {
      /* Negative positions become large. */
      const uint32_t iy = pixels[f].y * w->stride_h + from.ky * w->dilation_h - w->pad_top;
      const uint32_t ix = pixels[f].x * w->stride_w + from.kx * w->dilation_w - w->pad_left;
      runs[f] = iy < c->input.height && ix < c->input.width
                    ? c->input.data + ((size_t)iy * c->input.width + ix) * c->input.pixel_bytes
                    : padding;
    }
    intact_plain_expand(d, runs, group * c->group_in + from.channel, part, to);
    to += (size_t)4 * part;
    count -= part;
    from.channel = 0;
    if (++from.kx == w->kernel_w) {
      from.kx = 0;
      ++from.ky;
    }
  }
}

static tap tap_after(const intact_conv* c, tap t, uint32_t count) {
  uint32_t positions;
  t.channel += count;
  positions = t.channel / c->group_in;
  t.channel -= positions * c->group_in;
  t.kx += positions;
  t.ky += t.kx / c->window.kernel_w;
  t.kx %= c->window.kernel_w;
  return t;
}

static void expand_weights(const intact_conv* c, uint32_t first_out, uint32_t outs, uint32_t first,
                           uint32_t count) {
  const uint32_t depth = (count + 3) & ~3u;
  intact_i16* to = (intact_i16*)(void*)c->scratch;
  uint32_t o, i;
  for (o = 0; o < outs; ++o, to += depth) {
    intact_plain_weights(c, first_out + o, first, count, to);
    for (i = count; i < depth; ++i) to[i] = 0;
  }
}

/* Output channels of one group for `quads` quads of pixels from `first_pixel` on. */
static void run_block(const intact_conv* c, const intact_plain_plan* p, uint32_t group, uint32_t first_out,
                      uint32_t outs, uint32_t first_pixel, uint32_t quads) {
  intact_plain_word* const values = (intact_plain_word*)(void*)(c->scratch + p->at_values);
  intact_plain_word* const sums = (intact_plain_word*)(void*)(c->scratch + p->at_sums);
  intact_plain_word* const at = (intact_plain_word*)(void*)(c->scratch + p->at_pixels);
  const uint32_t total = c->output.height * c->output.width - first_pixel; /* that are left */
  const uint32_t words = 4 * quads;
  const intact_plain_decoder decoder = intact_plain_make_decoder(c, p->fields, p->field_bits);
  intact_plain_pixels pixels = {at, words * p->fields, 0, 0};
  place begin[INTACT_PLAIN_FIELDS], pixel[INTACT_PLAIN_FIELDS];
  tap from = {0, 0, 0};
  uint32_t i, f, first, count, o;
  for (i = 0; i < words * p->fields; ++i)
    at[i] = i < total ? (first_pixel + i) * c->output.pixel_bytes : (uint32_t)INTACT_PLAIN_NOWHERE;
  for (i = 0; i < words * outs; ++i) sums[i] = 0;
  /* Pixels behind the last one read whatever lies there in the image, or padding. */
  for (f = 0; f < p->fields; ++f) {
    begin[f].y = (first_pixel + f * words) / c->output.width;
    begin[f].x = first_pixel + f * words - begin[f].y * c->output.width;
  }
  for (first = 0; first < c->taps; first += count) {
    const uint32_t depth = (least(p->chunk, c->taps - first) + 3) & ~3u;
    count = least(p->chunk, c->taps - first);
    if (p->chunk < c->taps) expand_weights(c, first_out, outs, first, count);
    for (f = 0; f < p->fields; ++f) pixel[f] = begin[f];
    for (i = 0; i < words && i < total; ++i) {
      expand_windows(c, p, &decoder, pixel, group, from, count, values + (size_t)(i / 4) * depth * 4 + i % 4);
      for (f = 0; f < p->fields; ++f) {
        if (++pixel[f].x == c->output.width) {
          pixel[f].x = 0;
          ++pixel[f].y;
        }
      }
    }
    for (i = 0; i < quads; ++i)
      intact_plain_multiply(values + (size_t)i * depth * 4, (const intact_i16*)(void*)c->scratch,
                            sums + 4 * i, depth, 1, outs, words);
    if (count < c->taps) from = tap_after(c, from, count);
  }
  for (o = 0; o < outs; ++o) {
    intact_plain_word* acc = sums + (size_t)o * words;
    if (p->fields > 1) {
      intact_plain_word* const to =
          intact_plain_free_half(&pixels, (intact_plain_word*)(void*)(c->scratch + p->at_fields));
      intact_plain_split(acc, words, p->fields, p->field_bits, to);
      acc = to;
    }
    intact_plain_finish(c, first_out + o, acc, &pixels, o + 1 < outs);
  }
}

static void run(const intact_conv* c, const intact_plain_plan* p) {
  const uint32_t pixels = c->output.height * c->output.width, slots = 4 * p->fields;
  uint32_t group, o, outs, pixel;
  intact_plain_padding(c, c->scratch + p->at_padding);
  for (group = 0; group < c->groups; ++group) {
    for (o = 0; o < c->group_out; o += outs) {
      const uint32_t first_out = group * c->group_out + o;
      outs = least(p->outs, c->group_out - o);
      if (p->chunk >= c->taps) expand_weights(c, first_out, outs, 0, c->taps);
      for (pixel = 0; pixel < pixels;) {
        const uint32_t quads = least(p->quads, (pixels - pixel - 1) / slots + 1);
        run_block(c, p, group, first_out, outs, pixel, quads);
        if (pixels - pixel <= quads * slots) break;
        pixel += quads * slots;
      }
    }
  }
}

static void run_direct(const intact_conv* c) {
  intact_plain_plan plan;
  if (intact_plain_find(c, 1, c->scratch_bytes, &plan)) run(c, &plan);
}

static void run_pixel_pair(const intact_conv* c) {
  intact_plain_plan plan;
  if (intact_plain_find(c, c->parameter, c->scratch_bytes, &plan)) run(c, &plan);
}

const intact_conv_kernel intact_conv_direct_plain = {intact_conv_direct_plain_scratch, run_direct};
const intact_conv_kernel intact_conv_pixel_pair = {intact_conv_pixel_pair_scratch, run_pixel_pair};
