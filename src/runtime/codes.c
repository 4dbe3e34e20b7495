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

/* storage below 8; inlined with a constant storage. */
static inline void expand_packed(const intact_decoder* decoder, const uint8_t* run, uint32_t first,
                                 uint32_t count, intact_i16* to, uint32_t storage) {
  const intact_decoder d = *decoder; /* not reloaded at each store */
  const uint32_t per_byte = 8 / storage, mask = (1u << storage) - 1u;
  const uint32_t start = first % per_byte, flip = d.flip * (0xffu / mask); /* of all codes of a byte */
  const uint32_t shift = storage == 1 ? d.shift : 0;
  const uint8_t* from = run + first / per_byte;
  uint32_t j;
  if (start) {
    for (j = start; j < per_byte && count; ++j, --count)
      *to++ = (intact_i16)intact_decode(&d, (uint32_t)*from >> (j * storage) & mask);
    ++from;
  }
  for (; count >= per_byte; count -= per_byte, to += per_byte) {
    const uint32_t byte = *from++ ^ flip;
    for (j = 0; j < per_byte; ++j)
      to[j] = (intact_i16)((int32_t)((byte >> (j * storage) & mask) << shift) + d.offset);
  }
  for (j = 0; j < count; ++j) to[j] = (intact_i16)intact_decode(&d, (uint32_t)*from >> (j * storage) & mask);
}

void intact_expand(const intact_decoder* d, const uint8_t* run, uint32_t first, uint32_t count,
                   intact_i16* to) {
  switch (d->storage) {
    case 8:
      expand_bytes(d, run + first, count, to);
      break;
    case 4:
      expand_packed(d, run, first, count, to, 4);
      break;
    case 2:
      expand_packed(d, run, first, count, to, 2);
      break;
    default:
      expand_packed(d, run, first, count, to, 1);
      break;
  }
}
