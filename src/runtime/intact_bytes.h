/* Little-endian bytes, read and written without assumptions on the host's order or on the effective type of
 * memory. */
#ifndef INTACT_BYTES_H
#define INTACT_BYTES_H

#include <stdint.h>

#include "intact_arith.h"

static inline uint32_t intact_load_u16(const uint8_t* p) {
  return (uint32_t)p[0] | (uint32_t)p[1] << 8;
}

static inline uint32_t intact_load_u32(const uint8_t* p) {
  return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static inline int32_t intact_load_i32(const uint8_t* p) {
  return intact_to_i32(intact_load_u32(p));
}

static inline uint64_t intact_load_u64(const uint8_t* p) {
  return (uint64_t)intact_load_u32(p) | (uint64_t)intact_load_u32(p + 4) << 32;
}

static inline void intact_store_u32(uint8_t* p, uint32_t x) {
  p[0] = (uint8_t)(x & 0xffu);
  p[1] = (uint8_t)(x >> 8 & 0xffu);
  p[2] = (uint8_t)(x >> 16 & 0xffu);
  p[3] = (uint8_t)(x >> 24);
}

/* For types that alias memory which the caller declared as bytes. */
#if defined(__GNUC__)
#define INTACT_MAY_ALIAS __attribute__((__may_alias__))
#else
#define INTACT_MAY_ALIAS
#endif

/* A function to be called as it is, not inlined nor cloned for some arguments: a rare part, for which all
 * calls would save registers, or a large one. */
#if defined(__clang__)
#define INTACT_APART __attribute__((__noinline__))
#elif defined(__GNUC__)
#define INTACT_APART __attribute__((__noinline__, __noclone__))
#else
#define INTACT_APART
#endif

/* A function that is inlined into every caller, with the constants among its arguments. */
#if defined(__GNUC__)
#define INTACT_INLINED static inline __attribute__((__always_inline__))
#else
#define INTACT_INLINED static inline
#endif

typedef int16_t INTACT_MAY_ALIAS intact_i16; /* element of a patch in scratch memory */

#if defined(__GNUC__) && defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
typedef uint32_t INTACT_MAY_ALIAS intact_word_alias;
/* A word at an address that is a multiple of 4: one load where the byte order allows it. */
static inline uint32_t intact_load_word(const uint8_t* p) {
  return *(const intact_word_alias*)__builtin_assume_aligned(p, 4);
}
static inline void intact_store_word(uint8_t* p, uint32_t x) {
  *(intact_word_alias*)__builtin_assume_aligned(p, 4) = x;
}
#else
static inline uint32_t intact_load_word(const uint8_t* p) {
  return intact_load_u32(p);
}
static inline void intact_store_word(uint8_t* p, uint32_t x) {
  intact_store_u32(p, x);
}
#endif

#endif
