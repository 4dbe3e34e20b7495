/* Instructions of Armv7E-M on words without type (arm_acle.h gives some of them, on signed ones), those that
 * the polynomial kernel needs on Armv7-M too, and words at any address.
 */
#ifndef INTACT_DSP_INSTRUCTIONS_H
#define INTACT_DSP_INSTRUCTIONS_H

#include "../intact_bytes.h"
#include "../intact_isa.h"

#if INTACT_ISA_ARMV7M

#if INTACT_ISA_ARMV7EM

/* floor(n m / 2^32) + a modulo 2^32, n and m signed. */
static inline uint32_t intact_smmla(uint32_t n, uint32_t m, uint32_t a) {
  uint32_t d;
  __asm__("smmla %0, %1, %2, %3" : "=r"(d) : "r"(n), "r"(m), "r"(a));
  return d;
}

/* Sum of the products of the signed halfwords of n and m, and a; modulo 2^32. Not for speed: it also sets Q.
 */
static inline uint32_t intact_smlad(uint32_t n, uint32_t m, uint32_t a) {
  uint32_t d;
  __asm__("smlad %0, %1, %2, %3" : "=r"(d) : "r"(n), "r"(m), "r"(a));
  return d;
}

/* Halfwords of two words: (low, high << 16), and the upper ones: (low >> 16, high). */
static inline uint32_t intact_pack_lower(uint32_t low, uint32_t high) {
  uint32_t d;
  __asm__("pkhbt %0, %1, %2, lsl #16" : "=r"(d) : "r"(low), "r"(high));
  return d;
}
static inline uint32_t intact_pack_upper(uint32_t low, uint32_t high) {
  uint32_t d;
  __asm__("pkhtb %0, %1, %2, asr #16" : "=r"(d) : "r"(high), "r"(low));
  return d;
}

/* Clamped to -2^15 .. 2^15 - 1. */
static inline uint32_t intact_ssat16bit(uint32_t x) {
  uint32_t d;
  __asm__("ssat %0, #16, %1" : "=r"(d) : "r"(x));
  return d;
}

/* Two halfwords: sum modulo 2^16; difference of signed ones, saturated; signed ones clamped to 0 .. 255. */
static inline uint32_t intact_add16(uint32_t a, uint32_t b) {
  uint32_t d;
  __asm__("uadd16 %0, %1, %2" : "=r"(d) : "r"(a), "r"(b));
  return d;
}
static inline uint32_t intact_qsub16(uint32_t a, uint32_t b) {
  uint32_t d;
  __asm__("qsub16 %0, %1, %2" : "=r"(d) : "r"(a), "r"(b));
  return d;
}
static inline uint32_t intact_usat16_8(uint32_t x) {
  uint32_t d;
  __asm__("usat16 %0, #8, %1" : "=r"(d) : "r"(x));
  return d;
}

/* Four bytes: sum of unsigned ones, saturated; difference modulo 2^8. */
static inline uint32_t intact_uqadd8(uint32_t a, uint32_t b) {
  uint32_t d;
  __asm__("uqadd8 %0, %1, %2" : "=r"(d) : "r"(a), "r"(b));
  return d;
}
static inline uint32_t intact_usub8(uint32_t a, uint32_t b) {
  uint32_t d;
  __asm__("usub8 %0, %1, %2" : "=r"(d) : "r"(a), "r"(b));
  return d;
}

#else

/* Some of the above on Armv7-M, which lacks them: the same results. */
static inline uint32_t intact_smmla(uint32_t n, uint32_t m, uint32_t a) {
  uint32_t low = 0;
  __asm__("smlal %0, %1, %2, %3" : "+r"(low), "+r"(a) : "r"(n), "r"(m));
  return a;
}
static inline uint32_t intact_add16(uint32_t a, uint32_t b) {
  return ((a & 0x7fff7fffu) + (b & 0x7fff7fffu)) ^ ((a ^ b) & 0x80008000u);
}
static inline uint32_t intact_pack_lower(uint32_t low, uint32_t high) {
  return (low & 0xffffu) | high << 16;
}
static inline uint32_t intact_pack_upper(uint32_t low, uint32_t high) {
  return low >> 16 | (high & 0xffff0000u);
}

#endif

/* By n, 0 .. 31. */
static inline uint32_t intact_rotate_right(uint32_t x, uint32_t n) {
  return x >> n | x << ((32 - n) & 31u);
}

/* A word at any address: one LDR or STR, which may be unaligned on this instruction set (bytes with
 * -mno-unaligned-access). */
static inline uint32_t intact_load_any(const uint8_t* p) {
  uint32_t x;
  __builtin_memcpy(&x, p, 4);
  return x;
}
static inline uint32_t intact_load_half(const uint8_t* p) {
  uint16_t x;
  __builtin_memcpy(&x, p, 2);
  return x;
}
static inline void intact_store_any(uint8_t* p, uint32_t x) {
  __builtin_memcpy(p, &x, 4);
}
/* The lower half of x. */
static inline void intact_store_half(uint8_t* p, uint32_t x) {
  const uint16_t half = (uint16_t)(x & 0xffffu);
  __builtin_memcpy(p, &half, 2);
}

/* The `count` bytes at p, below 4, the first lowest. */
static inline uint32_t intact_load_few(const uint8_t* p, uint32_t count) {
  uint32_t x = 0;
  while (count > 0) x = x << 8 | p[--count];
  return x;
}

#endif
#endif
