#include "mve_winograd8.h"
#include "../intact_isa.h"

#if INTACT_ISA_MVE

#include <arm_mve.h>

void intact_winograd8_values(const int8_t* line, uint32_t tiles, int8_t* to, uint32_t tile_step,
                             uint32_t point_step) {
  for (; tiles > 0; --tiles, line += 64, to += tile_step) {
    const int8x16_t d1 = vld1q_s8(line + 16), d2 = vld1q_s8(line + 32), d3 = vld1q_s8(line + 48);
    const int8x16_t d4 = vld1q_s8(line + 64), half = vsubq_s8(d3, d1), even = vsubq_s8(d4, d2);
    const int8x16_t sum = vmlaq_n_s8(d4, d2, -4), difference = vmlaq_n_s8(d3, d1, -4);
    const int8x16_t odd = vaddq_s8(half, half), d0 = vld1q_s8(line), d5 = vld1q_s8(line + 80);
    int8_t* at = to;
    vst1q_s8(at, vmlaq_n_s8(vsubq_s8(sum, d2), d0, 4));
    vst1q_s8(at += point_step, vaddq_s8(sum, difference));
    vst1q_s8(at += point_step, vsubq_s8(sum, difference));
    vst1q_s8(at += point_step, vaddq_s8(even, odd));
    vst1q_s8(at += point_step, vsubq_s8(even, odd));
    vst1q_s8(at + point_step, vmlaq_n_s8(vsubq_s8(d5, d3), half, -4));
  }
}

void intact_winograd8_weights(const int8_t* from, uint32_t from_step, int8_t* to, uint32_t point_step) {
  uint32_t ky;
  for (ky = 0; ky < 3; ++ky, from += from_step, to += 32) {
    const int8x16_t g0 = vld1q_s8(from), g1 = vld1q_s8(from += from_step), g2 = vld1q_s8(from += from_step);
    const int8x16_t outer = vaddq_s8(g0, g2), even = vmlaq_n_s8(g0, g2, 4), odd = vaddq_s8(g1, g1);
    int8_t* at = to;
    vst1q_s8(at, g0);
    vst1q_s8(at += point_step, vaddq_s8(outer, g1));
    vst1q_s8(at += point_step, vsubq_s8(outer, g1));
    vst1q_s8(at += point_step, vaddq_s8(even, odd));
    vst1q_s8(at += point_step, vsubq_s8(even, odd));
    vst1q_s8(at + point_step, g2);
  }
}

/* The products are in assembly because VMLADAV writes even core registers and all eight of them hold sums: of
 * the pair's first channel r0, r2, r4, r6 for the band's rows, of the second r8, r10, r12, lr. */
#define NAKED __attribute__((naked))
#define SUMS "{r0, r2, r4, r6, r8, r10, r12, lr}\n"
#define FIRST(SUM, X, W) "vmladav.s8 " SUM ", " X ", " W "\n"
#define ADD(SUM, X, W) "vmladava.s8 " SUM ", " X ", " W "\n"
#define VALUE(X) "vldrw.u32 " X ", [r1], #16\n"
#define WEIGHT(X) "vldrw.u32 " X ", [r3], #16\n"

/* clang-format off */
/* Six rows of values in turn in q0 and q1; weights in q2 to q7, kernel row by kernel row. Row r meets kernel
 * row k in output row r - k. W1, W2 load the weights of kernel rows 1 and 2 where they are not held. */
#define PLANE(BEGIN, W1, W2) \
  VALUE("q0") BEGIN("r0", "q0", "q2") \
  VALUE("q1") BEGIN("r8", "q0", "q3") \
  BEGIN("r2", "q1", "q2") W1 ADD("r0", "q1", "q4") \
  VALUE("q0") BEGIN("r10", "q1", "q3") ADD("r8", "q1", "q5") \
  BEGIN("r4", "q0", "q2") W2 ADD("r0", "q0", "q6") ADD("r2", "q0", "q4") \
  VALUE("q1") BEGIN("r12", "q0", "q3") ADD("r8", "q0", "q7") ADD("r10", "q0", "q5") \
  BEGIN("r6", "q1", "q2") ADD("r2", "q1", "q6") ADD("r4", "q1", "q4") \
  VALUE("q0") BEGIN("lr", "q1", "q3") ADD("r10", "q1", "q7") ADD("r12", "q1", "q5") \
  ADD("r4", "q0", "q6") ADD("r6", "q0", "q4") \
  VALUE("q1") ADD("r12", "q0", "q7") ADD("lr", "q0", "q5") \
  ADD("r6", "q1", "q6") ADD("lr", "q1", "q7")

/* At sp: sums of the point's first tile, tiles. r7 = points left, r9 = step of the sums, r11 = tiles left. */
NAKED void intact_winograd8_plane(const intact_winograd8_products* job __attribute__((unused))) {
  __asm__ volatile(
      "push {r4-r11, lr}\n"
      "vpush {d8-d15}\n"
      "sub sp, sp, #12\n"
      "ldrd r1, r3, [r0, #0]\n"
      "ldr r5, [r0, #8]\n"
      "ldrd r11, r9, [r0, #16]\n"
      "strd r5, r11, [sp, #0]\n"
      "mov r7, #6\n"
      "1:\n"
      WEIGHT("q2") WEIGHT("q3") WEIGHT("q4") WEIGHT("q5") WEIGHT("q6") WEIGHT("q7")
      "2:\n"
      PLANE(FIRST, "", "")
      "stm r5, " SUMS
      "add r5, r5, r9\n"
      "subs r11, r11, #1\n"
      "bne 2b\n"
      "ldrd r5, r11, [sp, #0]\n"
      "add r5, r5, #32\n"
      "str r5, [sp, #0]\n"
      "subs r7, r7, #1\n"
      "bne 1b\n"
      "add sp, sp, #12\n"
      "vpop {d8-d15}\n"
      "pop {r4-r11, pc}\n");
}

/* At sp: sums of the point's first tile, tiles, step of the sums, planes, points left, tiles left, weights of
 * the point, eight zeros. r7 = planes left. */
NAKED void intact_winograd8_planes(const intact_winograd8_products* job __attribute__((unused))) {
  __asm__ volatile(
      "push {r4-r11, lr}\n"
      "vpush {d8-d15}\n"
      "sub sp, sp, #60\n"
      "vmov.i32 q0, #0\n"
      "add r1, sp, #28\n"
      "vstrw.32 q0, [r1]\n"
      "vstrw.32 q0, [r1, #16]\n"
      "ldrd r1, r11, [r0, #0]\n"
      "ldr r5, [r0, #8]\n"
      "ldrd r2, r6, [r0, #16]\n"
      "ldr r7, [r0, #12]\n"
      "mov r4, #6\n"
      "strd r5, r2, [sp, #0]\n"
      "strd r6, r7, [sp, #8]\n"
      "strd r4, r2, [sp, #16]\n"
      "mov r9, r6\n"
      "1:\n"
      "add r0, sp, #28\n"
      "ldr r7, [sp, #12]\n"
      "mov r3, r11\n"
      "ldm r0, " SUMS
      "2:\n"
      WEIGHT("q2") WEIGHT("q3")
      PLANE(ADD, WEIGHT("q4") WEIGHT("q5"), WEIGHT("q6") WEIGHT("q7"))
      "subs r7, r7, #1\n"
      "bne 2b\n"
      "stm r5, " SUMS
      "add r5, r5, r9\n"
      "ldr r0, [sp, #20]\n"
      "subs r0, r0, #1\n"
      "str r0, [sp, #20]\n"
      "bne 1b\n"
      "mov r11, r3\n"
      "ldrd r5, r0, [sp, #0]\n"
      "add r5, r5, #32\n"
      "str r5, [sp, #0]\n"
      "ldr r2, [sp, #16]\n"
      "subs r2, r2, #1\n"
      "strd r2, r0, [sp, #16]\n"
      "bne 1b\n"
      "add sp, sp, #60\n"
      "vpop {d8-d15}\n"
      "pop {r4-r11, pc}\n");
}
/* clang-format on */

static inline int32x4_t load(const intact_i32* at) {
  return vld1q_s32((const int32_t*)at);
}

static inline void store(uint8_t* at, int32x4_t x) {
  vst1q_s32((int32_t*)(void*)at, x);
}

/* With near = m1 +- m2, far = m3 +- m4 and t = 1/3 modulo 2^32 (plan_winograd8.h):
 *   8 acc0 = 2 m0 + t far - 4 t near       8 acc2 = 4 t far - 4 t near          (sums)
 *   8 acc1 =      2 t far - 4 t near       8 acc3 = 8 t far - 4 t near + 8 m5   (differences) */
void intact_winograd8_results(const intact_i32* sums, uint32_t tiles, int32_t start, intact_i32* to,
                              uint32_t step) {
  const int32_t third = -0x55555555, minus_four_thirds = 0x55555554, two_thirds = 0x55555556;
  uint8_t* out = (uint8_t*)(void*)to;
  for (; tiles > 0; --tiles, sums += INTACT_WINOGRAD8_SUMS / 4) {
    const int32x4_t m0 = load(sums), m1 = vaddq_n_s32(load(sums + 8), start), m2 = load(sums + 16),
                    m3 = load(sums + 24), m4 = load(sums + 32), m5 = load(sums + 40);
    int32x4_t near = vmulq_n_s32(vaddq_s32(m1, m2), minus_four_thirds);
    int32x4_t near_odd = vmulq_n_s32(vsubq_s32(m1, m2), minus_four_thirds);
    const int32x4_t far = vmulq_n_s32(vaddq_s32(m3, m4), third);
    const int32x4_t far_odd = vmulq_n_s32(vsubq_s32(m3, m4), two_thirds);
    store(out, vmlaq_n_s32(vaddq_s32(near, far), m0, 2));
    store(out += step, vaddq_s32(near_odd, far_odd));
    store(out += step, vmlaq_n_s32(near, far, 4));
    near_odd = vmlaq_n_s32(near_odd, far_odd, 4);
    store(out += step, vmlaq_n_s32(near_odd, m5, 8));
    out += step;
  }
}

#endif
