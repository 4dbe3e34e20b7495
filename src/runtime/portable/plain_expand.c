#include "../intact_plain.h"

static inline void put(intact_plain_word* to, int32_t value, uint32_t shift) {
  if (shift) {
    *to += (uint32_t)value << shift;
  } else {
    *to = (uint32_t)value;
  }
}

static void expand_bytes(const intact_decoder* d, const uint8_t* from, uint32_t count,
                         intact_plain_word* to) {
  const uint32_t flip = d->flip;
  const int32_t offset = d->offset;
  for (; count >= 4; count -= 4, from += 4, to += 16) {
    to[0] = (from[0] ^ flip) + (uint32_t)offset;
    to[4] = (from[1] ^ flip) + (uint32_t)offset;
    to[8] = (from[2] ^ flip) + (uint32_t)offset;
    to[12] = (from[3] ^ flip) + (uint32_t)offset;
  }
  for (; count; --count, ++from, to += 4) *to = (*from ^ flip) + (uint32_t)offset;
}

static void add_bytes(const intact_decoder* d, const uint8_t* from, uint32_t count, intact_plain_word* to,
                      uint32_t shift) {
  for (; count; --count, ++from, to += 4) put(to, intact_decode(d, *from), shift);
}

/* Of `count` codes from bit `bit` of a byte on; inlined with a constant storage. */
static inline void expand_packed(const intact_decoder* d, const uint8_t* run, uint32_t first, uint32_t count,
                                 intact_plain_word* to, uint32_t shift, uint32_t storage) {
  const uint32_t per_byte = 8 / storage, mask = (1u << storage) - 1u;
  const uint8_t* from = run + first / per_byte;
  uint32_t j = first % per_byte;
  for (; count && j; --count, to += 4) {
    put(to, intact_decode(d, (uint32_t)*from >> (j * storage) & mask), shift);
    if (++j == per_byte) {
      j = 0;
      ++from;
    }
  }
  for (; count >= per_byte; count -= per_byte, ++from, to += 4 * per_byte) {
    const uint32_t byte = *from;
    if (shift) {
      for (j = 0; j < per_byte; ++j)
        to[4 * j] += (uint32_t)intact_decode(d, byte >> (j * storage) & mask) << shift;
    } else {
      for (j = 0; j < per_byte; ++j) to[4 * j] = (uint32_t)intact_decode(d, byte >> (j * storage) & mask);
    }
  }
  for (j = 0; j < count; ++j, to += 4)
    put(to, intact_decode(d, (uint32_t)*from >> (j * storage) & mask), shift);
}

void intact_plain_expand(const intact_decoder* d, const uint8_t* run, uint32_t first, uint32_t count,
                         intact_plain_word* to, uint32_t shift) {
  switch (d->storage) {
    case 8:
      if (shift) {
        add_bytes(d, run + first, count, to, shift);
      } else {
        expand_bytes(d, run + first, count, to);
      }
      break;
    case 4:
      expand_packed(d, run, first, count, to, shift, 4);
      break;
    case 2:
      expand_packed(d, run, first, count, to, shift, 2);
      break;
    default:
      expand_packed(d, run, first, count, to, shift, 1);
      break;
  }
}

void intact_plain_fill(int32_t value, uint32_t count, intact_plain_word* to, uint32_t shift) {
  for (; count; --count, to += 4) put(to, value, shift);
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
