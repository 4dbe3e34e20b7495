/* Codes packed as FORMAT.md section 4 says: reading one, expanding a run to int16, writing a pixel. */
#ifndef INTACT_CODES_H
#define INTACT_CODES_H

#include "intact.h"
#include "intact_bytes.h"

#ifdef __cplusplus
extern "C" {
#endif

/* How a stored bit pattern u of `storage` bits becomes a number: ((u XOR flip) << shift) + offset.
 *   unsigned: u;  signed: (u XOR 2^(storage-1)) - 2^(storage-1);  bipolar: 2 u - 1;  each minus z where the
 * centred value is wanted.
 */
typedef struct intact_decoder {
  uint32_t storage; /* 1, 2, 4, 8 */
  uint32_t flip;
  uint32_t shift;
  int32_t offset;
} intact_decoder;

/* kind: unsigned, signed or bipolar; z is subtracted. */
intact_decoder intact_make_decoder(uint32_t kind, uint32_t storage, int32_t z);

static inline int32_t intact_decode(const intact_decoder* d, uint32_t pattern) {
  return (int32_t)((pattern ^ d->flip) << d->shift) + d->offset;
}

/* Code number c of the run that starts at bit 0 of `run`. */
static inline int32_t intact_decode_at(const intact_decoder* d, const uint8_t* run, uint32_t c) {
  if (d->storage == 8) return intact_decode(d, run[c]);
  {
    const uint32_t bit = c * d->storage;
    return intact_decode(d, (uint32_t)run[bit >> 3] >> (bit & 7u) & ((1u << d->storage) - 1u));
  }
}

/* to[0 .. count - 1] = the codes first .. first + count - 1 of the run, decoded. */
void intact_expand(const intact_decoder* d, const uint8_t* run, uint32_t first, uint32_t count,
                   intact_i16* to);

/* Writes the codes of one pixel in ascending order; padding bits become zero. A byte is written once all its
 * codes are known, so that an operand of at least the same storage bits and pixel size may lie in the same
 * memory (FORMAT section 5, overlap).
 */
typedef struct intact_writer {
  uint8_t* at;
  uint8_t* end;
  uint32_t storage, mask, pending, filled;
} intact_writer;

static inline intact_writer intact_write_pixel(const intact_tensor* tensor, uint32_t pixel) {
  intact_writer w;
  w.at = tensor->data + (size_t)pixel * tensor->pixel_bytes;
  w.end = w.at + tensor->pixel_bytes;
  w.storage = tensor->storage_bits;
  w.mask = w.storage < 8 ? (1u << w.storage) - 1u : 0xffu;
  w.pending = 0;
  w.filled = 0;
  return w;
}

static inline void intact_write_code(intact_writer* w, uint32_t code) {
  if (w->storage == 8) {
    *w->at++ = (uint8_t)(code & 0xffu);
  } else if (w->storage == 32) {
    intact_store_u32(w->at, code);
    w->at += 4;
  } else {
    w->pending |= (code & w->mask) << w->filled;
    w->filled += w->storage;
    if (w->filled == 8) {
      *w->at++ = (uint8_t)w->pending;
      w->pending = 0;
      w->filled = 0;
    }
  }
}

static inline void intact_write_end(intact_writer* w) {
  if (w->filled) *w->at++ = (uint8_t)w->pending;
  while (w->at < w->end) *w->at++ = 0;
}

#ifdef __cplusplus
}
#endif

#endif
