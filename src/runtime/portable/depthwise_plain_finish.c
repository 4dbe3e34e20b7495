/* From sums to codes in the output (intact_depthwise_plain.h). */
#include "../intact_depthwise_plain.h"

static intact_depthwise_plain_field field_of(const intact_conv* c, const intact_depthwise_plain_plan* p,
                                             uint32_t number) {
  intact_depthwise_plain_field field;
  field.sums = (const intact_plain_word*)(const void*)(c->scratch + p->at_sums);
  field.acc = (intact_plain_word*)(void*)(c->scratch + p->at_codes);
  field.shift = number * p->field_bits;
  field.bits = p->field_bits;
  return field;
}

static void take_field(const intact_depthwise_plain_field* field, uint32_t count) {
  const uint32_t shift = field->shift, half = 1u << (field->bits - 1), mask = 2 * half - 1;
  uint32_t i;
  for (i = 0; i < count; ++i) field->acc[i] = (field->sums[i] >> shift & mask) - half;
}

static void store_zeros(uint8_t* to, uint32_t step, uint32_t bytes, uint32_t count) {
  uint32_t i;
  for (; count; --count, to += step) {
    for (i = 0; i < bytes; ++i) to[i] = 0;
  }
}

static void finish_by_places(const intact_conv* c, const intact_depthwise_plain_plan* p, uint32_t o,
                             uint32_t number, uint32_t first, uint32_t rows) {
  const uint32_t width = c->output.width;
  const intact_depthwise_plain_field field = field_of(c, p, number);
  intact_plain_word *acc = field.acc, *const places = (intact_plain_word*)(void*)(c->scratch + p->at_places);
  intact_plain_pixels pixels = {places, width, 0, 0};
  uint32_t y, x;
  if (p->fields > 1) take_field(&field, rows * width);
  for (y = first; y < first + rows; ++y, acc += width) {
    for (x = 0; x < width; ++x) places[x] = (y * width + x) * c->output.pixel_bytes;
    intact_plain_finish(c, o, acc, &pixels, 0);
  }
}

void intact_depthwise_plain_finish(const intact_conv* c, const intact_depthwise_plain_plan* p, uint32_t o,
                                   uint32_t number, uint32_t first, uint32_t rows) {
  const uint32_t step = c->output.pixel_bytes, bit = o * c->output.storage_bits;
  const uint32_t count = rows * c->output.width;
  intact_plain_word* const acc = (intact_plain_word*)(void*)(c->scratch + p->at_codes);
  uint8_t* const to = c->output.data + (size_t)first * c->output.width * step + (bit >> 3);
  if (p->by_places) {
    finish_by_places(c, p, o, number, first, rows);
    return;
  }
  if (p->fields == 1) {
    intact_depthwise_plain_codes(c, o, acc, count, to, step, bit & 7u);
  } else {
    const intact_depthwise_plain_field field = field_of(c, p, number);
    intact_depthwise_plain_field_codes(c, o, &field, count, to, step, bit & 7u);
  }
  if (o + 1 == c->output.channels && (bit >> 3) + 1 < step)
    store_zeros(to + 1, step, step - (bit >> 3) - 1, count);
}
