/* Codes of several pixels are decoded at once: a word holds a byte of each field's pixel, and what is done to
 * one field's code is done to all. field_bits is at least 9, so that the bytes lie apart. */
#include "../intact_plain.h"

/* Codes one by one. */
static void expand_few(const intact_plain_decoder* d, const uint8_t* const* runs, uint32_t first,
                       uint32_t count, intact_plain_word* to) {
  uint32_t bit = first * d->storage;
  for (; count; --count, bit += d->storage, to += 4) {
    uint32_t word = runs[0][bit >> 3];
    if (d->fields > 1) word |= (uint32_t)runs[1][bit >> 3] << d->field_bits;
    if (d->fields > 2) word |= (uint32_t)runs[2][bit >> 3] << (2 * d->field_bits);
    *to = (((word ^ d->flip) >> (bit & 7u) & d->mask) << d->shift) + d->offset;
  }
}

/* Whole bytes. Inlined with constants. */
static inline void expand(const intact_plain_decoder* d, const uint8_t* const* runs, uint32_t first,
                          uint32_t count, intact_plain_word* to, uint32_t storage, uint32_t shift,
                          uint32_t fields) {
  const uint32_t per_byte = 8 / storage, flip = d->flip, mask = d->mask, offset = d->offset;
  const uint32_t field_bits = d->field_bits, byte = first / per_byte;
  const uint8_t *one = runs[0] + byte, *two = one, *three = one;
  const uint8_t* const end = one + count / per_byte;
  uint32_t j;
  if (fields > 1) two = runs[1] + byte;
  if (fields > 2) three = runs[2] + byte;
  for (; one != end; to += 4 * per_byte) {
    uint32_t word = *one++;
    if (fields > 1) word |= (uint32_t)*two++ << field_bits;
    if (fields > 2) word |= (uint32_t)*three++ << (2 * field_bits);
    word ^= flip;
    for (j = 0; j < per_byte; ++j) {
      /* Nothing is above the last code of one field. */
      const uint32_t bare = storage == 8 || (fields == 1 && j + 1 == per_byte);
      to[4 * j] = ((word >> (j * storage) & (bare ? UINT32_MAX : mask)) << shift) + offset;
    }
  }
}

#define INTACT_EXPANDER(STORAGE, SHIFT, FIELDS)                                                      \
  static void expand_##STORAGE##_##FIELDS(const intact_plain_decoder* d, const uint8_t* const* runs, \
                                          uint32_t first, uint32_t count, intact_plain_word* to) {   \
    expand(d, runs, first, count, to, STORAGE, SHIFT, FIELDS);                                       \
  }
#define INTACT_EXPANDERS(STORAGE, SHIFT) \
  INTACT_EXPANDER(STORAGE, SHIFT, 1)     \
  INTACT_EXPANDER(STORAGE, SHIFT, 2)     \
  INTACT_EXPANDER(STORAGE, SHIFT, 3)
INTACT_EXPANDERS(8, 0)
INTACT_EXPANDERS(4, 0)
INTACT_EXPANDERS(2, 0)
INTACT_EXPANDERS(1, d->shift)

/* Kernels take all channels of a group or multiples of 8. */
static intact_plain_expander* expander_of(uint32_t channels, uint32_t storage, uint32_t fields) {
  static intact_plain_expander* const expanders[4][INTACT_PLAIN_FIELDS] = {
      {expand_8_1, expand_8_2, expand_8_3},
      {expand_4_1, expand_4_2, expand_4_3},
      {expand_2_1, expand_2_2, expand_2_3},
      {expand_1_1, expand_1_2, expand_1_3}};
  if (channels * storage % 8 != 0) return expand_few;
  return expanders[storage == 8   ? 0
                   : storage == 4 ? 1
                   : storage == 2 ? 2
                                  : 3][fields == 1   ? 0
                                       : fields == 2 ? 1
                                                     : 2];
}

intact_plain_decoder intact_plain_make_decoder(const intact_conv* c, uint32_t fields, uint32_t field_bits) {
  const intact_decoder* const d = &c->decode_input;
  uint32_t ones = 0, flip = 0, f;
  intact_plain_decoder made;
  for (f = 0; f < fields; ++f) ones |= 1u << (f * field_bits);
  for (f = 0; f < 8; f += d->storage) flip |= d->flip << f;
  made.expand = expander_of(c->group_in, d->storage, fields);
  made.storage = d->storage;
  made.shift = d->shift;
  made.fields = fields;
  made.field_bits = field_bits;
  made.flip = flip * ones;
  made.mask = ((1u << d->storage) - 1u) * ones;
  made.offset = (uint32_t)d->offset * ones;
  return made;
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
