#include "mve_depthwise8.h"
#include "../intact_isa.h"

#if INTACT_ISA_MVE

#include <arm_mve.h>

void intact_interleave_rows(int8_t* to, const int8_t* const rows[4], uint32_t columns) {
  const int8_t *a = rows[0], *b = rows[1], *c = rows[2], *d = rows[3];
  for (; columns > 0; --columns, to += 64, a += 16, b += 16, c += 16, d += 16) {
    int8x16x4_t x;
    x.val[0] = vld1q_s8(a);
    x.val[1] = vld1q_s8(b);
    x.val[2] = vld1q_s8(c);
    x.val[3] = vld1q_s8(d);
    vst4q_s8(to, x);
  }
}

/* In assembly, because VMLADAVA accumulates into an even core register and the compiler spends moves on that.
 * r1 = start of the sums, r3 = job, r5 = sums, r7 = tiles left, r9 = bytes from tile to tile, q0 to q3 = the
 * four outputs' weights, q4 = the addresses of the patch's words less two columns, which the gather adds. */
__attribute__((naked)) void intact_depthwise8_square(intact_depthwise8_job* job __attribute__((unused))) {
  __asm__ volatile(
      "push {r4-r11, lr}\n"
      "vpush {d8-d13}\n"
      "mov r3, r0\n"
      "ldr r9, [r3, #12]\n"
      "1:\n"
      "ldrd r0, r1, [r3, #0]\n"
      "ldrd r5, r6, [r3, #8]\n"
      "ldr r7, [r3, #16]\n"
      "add r2, r1, #32\n"
      "vldrw.u32 q0, [r2], #16\n"
      "vldrw.u32 q1, [r2], #16\n"
      "vldrw.u32 q2, [r2], #16\n"
      "vldrw.u32 q3, [r2], #16\n"
      "str r2, [r3, #4]\n"
      "add r4, r5, #16\n"
      "str r4, [r3, #8]\n"
      "add r4, r0, #4\n"
      "str r4, [r3, #0]\n"
      "sub r0, r0, #128\n"
      "movs r2, #0\n"
      "vidup.u32 q4, r2, #8\n"
      "vshl.i32 q4, q4, #3\n"
      "vadd.i32 q4, q4, r0\n"
      "2:\n"
      "ldm r1, {r0, r2, r4, r6, r8, r10, r12, lr}\n"
      "vldrw.u32 q5, [q4, #128]!\n"
      "vmladava.s8 r0, q5, q0\n"
      "vmladava.s8 r2, q5, q1\n"
      "vldrw.u32 q6, [q4, #128]!\n"
      "vmladava.s8 r4, q5, q2\n"
      "vmladava.s8 r6, q5, q3\n"
      "stm r5, {r0, r2, r4, r6}\n"
      "add r5, r5, r9\n"
      "vmladava.s8 r8, q6, q0\n"
      "vmladava.s8 r10, q6, q1\n"
      "vmladava.s8 r12, q6, q2\n"
      "vmladava.s8 lr, q6, q3\n"
      "stm r5, {r8, r10, r12, lr}\n"
      "add r5, r5, r9\n"
      "subs r7, r7, #2\n"
      "bne 2b\n"
      "ldr r0, [r3, #20]\n"
      "subs r0, r0, #1\n"
      "str r0, [r3, #20]\n"
      "bne 1b\n"
      "vpop {d8-d13}\n"
      "pop {r4-r11, pc}\n");
}

/* One tile of one channel. */
static inline void any_tile(const intact_depthwise8_job* j, const int8_t* at, const int8_t* weights,
                            uint32x4_t lanes, intact_i32* sums) {
  const uint32_t step = j->stride * 64, right = j->dilation * 4 * 64;
  int32_t s0 = *(const intact_i32*)(const void*)weights, s1 = s0, s2 = s0, s3 = s0;
  uint32_t g, h;
  weights += 32;
  for (g = 0; g < j->groups_h; ++g, at += j->group_bytes) {
    const int8_t* from = at;
    for (h = 0; h < j->groups_w; ++h, weights += 16, from += right) {
      const int8x16_t w = vld1q_s8(weights);
#define PATCH(i)        \
  vreinterpretq_s8_u32( \
      vldrwq_gather_offset_u32((const uint32_t*)(const void*)(from + (size_t)(i)*step), lanes))
      s0 = vmladavaq_s8(s0, PATCH(0), w);
      s1 = vmladavaq_s8(s1, PATCH(1), w);
      s2 = vmladavaq_s8(s2, PATCH(2), w);
      s3 = vmladavaq_s8(s3, PATCH(3), w);
    }
  }
  sums[0] = s0;
  sums[1] = s1;
  sums[2] = s2;
  sums[3] = s3;
}

void intact_depthwise8_any(const intact_depthwise8_job* j) {
  const uint32x4_t lanes = vmulq_n_u32(vidupq_n_u32(0, 1), j->dilation * 64);
  const uint32_t weight_bytes = 32 + j->groups_h * j->groups_w * 16;
  uint32_t channel, tile;
  for (channel = 0; channel < j->channels; ++channel) {
    const int8_t* at = j->columns + (size_t)channel * 4;
    const int8_t* weights = j->weights + (size_t)channel * weight_bytes;
    intact_i32* sums = j->sums + (size_t)channel * 4;
    for (tile = 0; tile < j->tiles; ++tile, at += (size_t)j->stride * 256, sums += j->sums_step / 4)
      any_tile(j, at, weights, lanes, sums);
  }
}

#endif
