/* Scalar arithmetic of docs/ARITHMETIC.md, sections 2 to 7. Everything is computed modulo 2^32 and is defined
 * for all operands; right shifts and conversions are spelled so that C99 leaves nothing to the implementation
 * (compilers reduce intact_to_i32 to nothing and intact_asr to one arithmetic shift).
 */
#ifndef INTACT_ARITH_H
#define INTACT_ARITH_H

#include <stdint.h>

/* The int32 with the same 32 bits. */
static inline int32_t intact_to_i32(uint32_t x) {
  return x <= (uint32_t)INT32_MAX ? (int32_t)x : (int32_t)(x - 0x80000000u) + INT32_MIN;
}

/* floor(x / 2^n), 0 <= n <= 31. */
static inline int32_t intact_asr(int32_t x, uint32_t n) {
  return x < 0 ? ~(~x >> n) : x >> n;
}

static inline int32_t intact_clamp(int32_t x, int32_t low, int32_t high) {
  return x < low ? low : (x > high ? high : x);
}

/* floor(a b / 2^32) with a 32x32->64 multiplication. */
static inline int32_t intact_hi32_long(int32_t a, int32_t b) {
  return intact_to_i32((uint32_t)((uint64_t)((int64_t)a * b) >> 32));
}

/* The same with 32x32->32 multiplications alone. With a = ah 2^16 + al and b = bh 2^16 + bl, 0 <= al, bl <
 * 2^16: a b = ah bh 2^32 + (ah bl + al bh) 2^16 + al bl. mid = ah bl + floor(al bl / 2^16) fits an int32:
 * -2^31 + 2^15 <= ah bl <= (2^15 - 1)(2^16 - 1) = 2^31 - 2^15 - 2^16 + 1 and the addend is at most 2^16 - 2.
 * So does low = al bh + (mid mod 2^16), with an addend of at most 2^16 - 1. And a b = (ah bh + floor(mid /
 * 2^16)) 2^32 + low 2^16 + (al bl mod 2^16), where the last term adds nothing to the floor.
 */
static inline int32_t intact_hi32_parts(int32_t a, int32_t b) {
  const int32_t al = (int32_t)((uint32_t)a & 0xffffu), ah = intact_asr(a, 16);
  const int32_t bl = (int32_t)((uint32_t)b & 0xffffu), bh = intact_asr(b, 16);
  const int32_t mid = ah * bl + (int32_t)(((uint32_t)al * (uint32_t)bl) >> 16);
  const int32_t low = al * bh + (int32_t)((uint32_t)mid & 0xffffu);
  return ah * bh + intact_asr(mid, 16) + intact_asr(low, 16);
}

/* Armv6-M and Armv8-M Baseline have no long multiply. Both give the same result. */
static inline int32_t intact_hi32(int32_t a, int32_t b) {
#if defined(__ARM_ARCH_6M__) || defined(__ARM_ARCH_8M_BASE__)
  return intact_hi32_parts(a, b);
#else
  return intact_hi32_long(a, b);
#endif
}

/* t = floor((acc 2^k) m / 2^32) + b: ARITHMETIC section 3 without residual and shift. */
static inline uint32_t intact_scale(uint32_t acc, uint32_t k, int32_t m, int32_t b) {
  return (uint32_t)intact_hi32(intact_to_i32(acc << k), m) + (uint32_t)b;
}

/* Product modulo 2^32. */
static inline uint32_t intact_mul(int32_t a, int32_t b) {
  return (uint32_t)a * (uint32_t)b;
}

/* Where a scaled sum t ends: sections 3, 5 and 6. */
typedef struct intact_round {
  uint32_t r;
  int32_t qmin, qmax;
  uint32_t bipolar; /* 1: the sign is the result */
} intact_round;

/* The code to store: an integer in qmin .. qmax, or for a bipolar output 1 (for +1) or 0 (for -1). */
static inline uint32_t intact_round_code(const intact_round* out, uint32_t t) {
  if (out->bipolar) return (t >> 31) ^ 1u;
  return (uint32_t)intact_clamp(intact_asr(intact_to_i32(t), out->r), out->qmin, out->qmax);
}

#endif
