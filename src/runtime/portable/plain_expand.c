/* Codes of several pixels are decoded at once: a word holds a byte of each field's pixel, and what is done to
 * one field's code is done to all. field_bits is at least 9, so that the bytes lie apart. */
#include "../intact_plain.h"

intact_plain_decoder intact_plain_make_decoder(const intact_conv* c, uint32_t fields, uint32_t field_bits) {
  const intact_decoder* const d = &c->decode_input;
  uint32_t ones = 0, flip = 0, f;
  intact_plain_decoder made;
  for (f = 0; f < fields; ++f) ones |= 1u << (f * field_bits);
  for (f = 0; f < 8; f += d->storage) flip |= d->flip << f;
  made.storage = d->storage;
  made.shift = d->shift;
  made.fields = fields;
  made.field_bits = field_bits;
  made.flip = flip * ones;
  made.mask = ((1u << d->storage) - 1u) * ones;
  made.offset = (uint32_t)d->offset * ones;
  return made;
}

static inline uint32_t gather(const intact_plain_decoder* d, const uint8_t* const* runs, uint32_t byte) {
  uint32_t word = runs[0][byte];
  if (d->fields > 1) word |= (uint32_t)runs[1][byte] << d->field_bits;
  if (d->fields > 2) word |= (uint32_t)runs[2][byte] << (2 * d->field_bits);
  return word;
}

/* Inlined with constants; fields: 1, 2, or 0 for any. */
static inline void expand(const intact_plain_decoder* d, const uint8_t* const* runs, uint32_t first,
                          uint32_t count, intact_plain_word* to, uint32_t storage, uint32_t shift,
                          uint32_t fields) {
  const uint32_t per_byte = 8 / storage, flip = d->flip, mask = d->mask, offset = d->offset;
  const uint32_t field_bits = d->field_bits;
  uint32_t byte = first / per_byte, j = first % per_byte;
  if (j == 0 && fields) {
    const uint8_t* one = runs[0] + byte;
    const uint8_t* two = runs[fields - 1] + byte;
    for (; count >= per_byte; count -= per_byte, to += 4 * per_byte) {
      uint32_t word = *one++;
      if (fields == 2) word |= (uint32_t)*two++ << field_bits;
      word ^= flip;
      for (j = 0; j < per_byte; ++j)
        to[4 * j] = ((storage == 8 ? word : word >> (j * storage) & mask) << shift) + offset;
      ++byte;
    }
    j = 0;
  }
  for (; count; --count, to += 4) {
    const uint32_t word = gather(d, runs, byte) ^ flip;
    *to = ((word >> (j * storage) & mask) << shift) + offset;
    if (++j == per_byte) {
      j = 0;
      ++byte;
    }
  }
}

static inline void expand_fields(const intact_plain_decoder* d, const uint8_t* const* runs, uint32_t first,
                                 uint32_t count, intact_plain_word* to, uint32_t storage, uint32_t shift) {
  if (d->fields == 1) {
    expand(d, runs, first, count, to, storage, shift, 1);
  } else if (d->fields == 2) {
    expand(d, runs, first, count, to, storage, shift, 2);
  } else {
    expand(d, runs, first, count, to, storage, shift, 0);
  }
}

void intact_plain_expand(const intact_plain_decoder* d, const uint8_t* const* runs, uint32_t first,
                         uint32_t count, intact_plain_word* to) {
  switch (d->storage) {
    case 8:
      expand_fields(d, runs, first, count, to, 8, 0);
      break;
    case 4:
      expand_fields(d, runs, first, count, to, 4, 0);
      break;
    case 2:
      expand_fields(d, runs, first, count, to, 2, 0);
      break;
    default:
      expand_fields(d, runs, first, count, to, 1, d->shift);
      break;
  }
}

void intact_plain_padding(const intact_conv* c, uint8_t* to) {
  const intact_decoder* const d = &c->decode_input;
  const uint32_t mask = (1u << d->storage) - 1u;
  uint32_t code = ((uint32_t)(c->pad_value - d->offset) >> d->shift ^ d->flip) & mask, i;
  for (i = d->storage; i < 8; i *= 2) code |= code << i;
  for (i = 0; i < c->input.pixel_bytes; ++i) to[i] = (uint8_t)code;
}

void intact_plain_weights(const intact_conv* c, uint32_t o, uint32_t first, uint32_t count, intact_i16* to) {
  const intact_decoder d = intact_make_decoder(c->weight_kind, c->weight_storage, 0);
  const uint8_t* row = c->weights + (size_t)o * c->row_bytes;
  uint32_t position, channel;
  if (c->weight_layout != INTACT_LAYOUT_WORD_TAPS) {
    intact_expand(&d, row, first, count, to);
    return;
  }
  position = first / c->group_in;
  channel = first % c->group_in;
  row += (size_t)position * 4 * ((c->group_in + 31) / 32);
  while (count) {
    const uint32_t rest = c->group_in - channel, part = count < rest ? count : rest;
    intact_expand(&d, row, channel, part, to);
    row += (size_t)4 * ((c->group_in + 31) / 32);
    to += part;
    count -= part;
    channel = 0;
  }
}
