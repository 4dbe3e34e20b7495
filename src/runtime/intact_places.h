/* Lays out a kernel's scratch: parts one behind another, each aligned. */
#ifndef INTACT_PLACES_H
#define INTACT_PLACES_H

#include <stdint.h>

enum { INTACT_PLACE_WORD = 4, INTACT_PLACE_VECTOR = 16 };

typedef struct intact_places {
  uint64_t end; /* behind the last part; 0 at first */
} intact_places;

/* The end, rounded up to a multiple of `to`, a power of two. */
static inline uint64_t intact_places_end(const intact_places* places, uint32_t to) {
  return (places->end + to - 1) & ~(uint64_t)(to - 1);
}

/* The offset of a further part, a multiple of `to`. It holds where the end is found to be below 2^32; ends
 * must stay below 2^63. */
static inline uint32_t intact_place(intact_places* places, uint64_t bytes, uint32_t to) {
  const uint64_t at = intact_places_end(places, to);
  places->end = at + bytes;
  return (uint32_t)at;
}

#endif
