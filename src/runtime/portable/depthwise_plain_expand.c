/* Input rows into planes of words (intact_depthwise_plain.h). */
#include "../intact_depthwise_plain.h"

enum { FIELDS = INTACT_DEPTHWISE_PLAIN_FIELDS };

/* Rows of pixels of each band: field f reads from[f], then `step` bytes on,
 * each row row_bytes behind the one before; words go to `to`, those of the
 * byte's next channel `plane` words on, each row `pitch` words on. What is read
 * is kept where `keep` is set and then flipped. */
typedef struct run {
  const uint8_t* from[FIELDS];
  uint32_t rows, row_bytes, pitch;
  uint32_t step, count, keep, flip, mask, fields, field_bits, plane;
  intact_plain_word* to;
} run;

/* Inlined with constants; fields: 1, 2 or 0 for any. */
static inline void put(const run* r, uint32_t storage, uint32_t fields) {
  const uint32_t step = r->step, keep = r->keep, flip = r->flip, mask = r->mask, bits = r->field_bits;
  const uint32_t plane = r->plane;
  uint32_t row, i;
  for (row = 0; row < r->rows; ++row) {
    uint32_t at = row * r->row_bytes;
    const uint8_t *one = r->from[0] + at, *two = r->from[1] + at;
    intact_plain_word *to = r->to + row * r->pitch, *const end = to + r->count;
    for (; to != end; ++to) {
      intact_plain_word* channel = to;
      uint32_t word = *one;
      one += step;
      if (fields == 2) {
        word |= (uint32_t)*two << bits;
        two += step;
      } else if (!fields) {
        word |= (uint32_t)r->from[1][at] << bits | (uint32_t)r->from[2][at] << 2 * bits;
        if (r->fields > 3) word |= (uint32_t)r->from[3][at] << 24;
        at += step;
      }
      if (fields != 1) word &= keep;
      word ^= flip;
      if (storage == 8) {
        *channel = word;
      } else {
        *channel = word & mask;
        for (i = storage; i < 8; i += storage) {
          channel += plane;
          *channel = word >> i & mask;
        }
      }
    }
  }
}

static inline void put_fields(const run* r, uint32_t storage) {
  if (r->fields == 1) {
    put(r, storage, 1);
  } else if (r->fields == 2) {
    put(r, storage, 2);
  } else {
    put(r, storage, 0);
  }
}

static void put_run(const run* r, uint32_t storage) {
  switch (storage) {
    case 8:
      put_fields(r, 8);
      break;
    case 4:
      put_fields(r, 4);
      break;
    case 2:
      put_fields(r, 2);
      break;
    default:
      put_fields(r, 1);
      break;
  }
}

/* The code of padding, not negative, as it stands in the planes. */
static uint32_t padding_code(const intact_conv* c) {
  const intact_decoder* const d = &c->decode_input;
  return (uint32_t)(c->pad_value - d->offset) >> d->shift & ((1u << d->storage) - 1u);
}

void intact_depthwise_plain_pad(const intact_conv* c, const intact_depthwise_plain_plan* p) {
  const uint32_t code = padding_code(c);
  intact_plain_word* to = (intact_plain_word*)(void*)(c->scratch + p->at_planes);
  intact_plain_word* const end = to + (size_t)p->plane * (8 / c->input.storage_bits);
  uint32_t word = 0, f;
  for (f = 0; f < p->fields; ++f) word |= code << (f * p->field_bits);
  for (; to != end; to += 4) to[0] = to[1] = to[2] = to[3] = word;
}

/* Columns of one remainder modulo the stride that are inside the image;
 * r->from: the row's first pixels, line: where that column's words are. */
static void put_columns(const intact_conv* c, const intact_depthwise_plain_plan* p, run* r,
                        const uint8_t* const* rows, intact_plain_word* line, uint32_t remainder) {
  const uint32_t stride = c->window.stride_w, pad = c->window.pad_left, end = c->input.width + pad;
  uint32_t first = 0, last = 0, count = p->columns - remainder, f;
  if (stride == 1) {
    first = pad;
    last = end;
  } else {
    count = (count - 1) / stride + 1;
    if (pad > remainder) first = (pad - remainder + stride - 1) / stride;
    if (end > remainder) last = (end - remainder - 1) / stride + 1;
  }
  if (last > count) last = count;
  if (last <= first) return;
  for (f = 0; f < FIELDS; ++f)
    r->from[f] =
        rows[f < p->fields ? f : 0] + (size_t)(first * stride + remainder - pad) * c->input.pixel_bytes;
  r->to = line + first;
  r->count = last - first;
  put_run(r, c->input.storage_bits);
}

void intact_depthwise_plain_expand(const intact_conv* c, const intact_depthwise_plain_plan* p, uint32_t first,
                                   uint32_t byte) {
  const intact_window* w = &c->window;
  const uint32_t storage = c->input.storage_bits, row_bytes = c->input.width * c->input.pixel_bytes;
  intact_plain_word* line = (intact_plain_word*)(void*)(c->scratch + p->at_planes);
  uint32_t i, f, remainder, ones = 0, flip = 0, padding = 0;
  run r;
  for (f = 0; f < p->fields; ++f) ones |= 1u << (f * p->field_bits);
  for (i = 0; i < 8; i += storage) {
    flip |= c->decode_input.flip << i;
    padding |= padding_code(c) << i;
  }
  r.step = w->stride_w * c->input.pixel_bytes;
  r.mask = ((1u << storage) - 1u) * ones;
  r.fields = p->fields;
  r.field_bits = p->field_bits;
  r.plane = p->plane;
  r.row_bytes = row_bytes;
  r.pitch = p->pitch;
  for (i = 0; i < p->in_rows; i += r.rows, line += (size_t)r.rows * p->pitch) {
    const uint8_t* rows[FIELDS];
    /* A row outside the image: a row inside stands for it, of which nothing is
     * kept. */
    const uint8_t* inside = 0;
    uint32_t y = first * w->stride_h + i - w->pad_top; /* negative positions become large */
    r.keep = 0;
    r.flip = 0;
    r.rows = p->in_rows - i; /* that are inside in all bands */
    for (f = 0; f < p->fields; ++f, y += p->rows * w->stride_h) {
      rows[f] = 0;
      if (y < c->input.height) {
        rows[f] = inside = c->input.data + (size_t)y * row_bytes + byte;
        r.keep |= 0xffu << (f * p->field_bits);
        r.flip |= flip << (f * p->field_bits);
        if (c->input.height - y < r.rows) r.rows = c->input.height - y;
      } else {
        r.flip |= padding << (f * p->field_bits);
        r.rows = 1;
      }
    }
    if (!inside) continue;
    for (f = 0; f < p->fields; ++f) {
      if (!rows[f]) rows[f] = inside;
    }
    for (remainder = 0; remainder < w->stride_w && remainder < p->columns; ++remainder)
      put_columns(c, p, &r, rows, line + (size_t)remainder * p->phase, remainder);
  }
}
