#include "intact_blob.h"
#include "intact_codes.h"

intact_decoder intact_make_decoder(uint32_t kind, uint32_t storage, int32_t z) {
  intact_decoder d;
  d.storage = storage;
  d.flip = kind == INTACT_KIND_SIGNED ? 1u << (storage - 1) : 0;
  d.shift = kind == INTACT_KIND_BIPOLAR ? 1 : 0;
  d.offset = (kind == INTACT_KIND_BIPOLAR ? -1 : -(int32_t)d.flip) - z;
  return d;
}

static void expand_bytes(const intact_decoder* d, const uint8_t* from, uint32_t count, intact_i16* to) {
  const uint32_t flip = d->flip;
  const int32_t offset = d->offset;
  uint32_t i;
  for (i = 0; i < count; ++i) to[i] = (intact_i16)((int32_t)(from[i] ^ flip) + offset);
}

/* Codes that fill bytes, below 8 bits. Inlined with constants. */
static inline void expand_packed(const intact_decoder* d, const uint8_t* from, uint32_t count, intact_i16* to,
                                 uint32_t storage, uint32_t shift) {
  const uint32_t per_byte = 8 / storage, mask = (1u << storage) - 1u;
  const uint32_t flip = d->flip * (0xffu / mask); /* of all codes of a byte */
  const int32_t offset = d->offset;
  const uint8_t* const end = from + count / per_byte;
  uint32_t j;
  for (; from != end; to += per_byte) {
    const uint32_t byte = *from++ ^ flip;
    for (j = 0; j < per_byte; ++j) {
      const uint32_t code = j + 1 == per_byte ? byte >> (8 - storage) : byte >> (j * storage) & mask;
      to[j] = (intact_i16)((int32_t)(code << shift) + offset);
    }
  }
}

/* Codes that share bytes with others than the run's. */
INTACT_APART static void expand_any(const intact_decoder* decoder, const uint8_t* run, uint32_t first,
                                    uint32_t count, intact_i16* to) {
  const intact_decoder d = *decoder; /* not reloaded at each store */
  const uint32_t mask = (1u << d.storage) - 1u, bit = first * d.storage;
  const intact_i16* const end = to + count;
  uint32_t byte = 0, left = bit & 7u; /* bits of the byte that are still to come */
  run += bit >> 3;
  if (left) {
    byte = (uint32_t)*run++ >> left;
    left = 8 - left;
  }
  for (; to != end; byte >>= d.storage, left -= d.storage) {
    if (!left) {
      byte = *run++;
      left = 8;
    }
    *to++ = (intact_i16)intact_decode(&d, byte & mask);
  }
}

void intact_expand(const intact_decoder* d, const uint8_t* run, uint32_t first, uint32_t count,
                   intact_i16* to) {
  const uint32_t ends = first | count;
  if (d->storage == 8) {
    expand_bytes(d, run + first, count, to);
  } else if (d->storage == 4 && !(ends & 1u)) {
    expand_packed(d, run + first / 2, count, to, 4, 0);
  } else if (d->storage == 2 && !(ends & 3u)) {
    expand_packed(d, run + first / 4, count, to, 2, 0);
  } else if (d->storage == 1 && !(ends & 7u)) {
    if (d->shift) {
      expand_packed(d, run + first / 8, count, to, 1, 1);
    } else {
      expand_packed(d, run + first / 8, count, to, 1, 0);
    }
  } else {
    expand_any(d, run, first, count, to);
  }
}
