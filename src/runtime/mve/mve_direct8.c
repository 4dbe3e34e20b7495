/* VMLADAVA accumulates into an even core register, so that eight sums take r0, r2 .. r12 and lr; pointers and
 * counters have the odd ones. Written in assembly because the compiler keeps sums in odd registers and moves
 * them to and fro: 21 instructions a step of intact_direct8_steps instead of 14. A load stands between two
 * multiplications wherever one is due: the core overlaps them.
 */
#include "mve_direct8.h"
#include "../intact_isa.h"

#if INTACT_ISA_MVE

#define NAKED __attribute__((naked))

#define SUMS "{r0, r2, r4, r6, r8, r10, r12, lr}\n"
#define MAC(SUM, X, W) "vmladava.s8 " SUM ", " X ", " W "\n"

NAKED void intact_direct8_point(intact_direct8_job* job __attribute__((unused))) {
  __asm__ volatile(
      "push {r0, r4-r11, lr}\n"
      "vpush {d8-d11}\n"
      "ldrd r3, r11, [r0, #0]\n"
      "ldr r5, [r0, #8]\n"
      "ldr r9, [r0, #16]\n"
      "ldr r1, [r0, #20]\n"
      "ldr r7, [r0, #36]\n"
      "1:\n"
      "vldrb.u8 q0, [r1]\n"
      "add r1, r1, r7\n"
      "vldrb.u8 q1, [r1]\n"
      "add r1, r1, r7\n"
      "vldrb.u8 q2, [r1]\n"
      "add r1, r1, r7\n"
      "vldrb.u8 q3, [r1]\n"
      "add r1, r1, r7\n"
      "2:\n"
      "ldm r3!, " SUMS "vldrw.u32 q4, [r3], #16\n" MAC("r0", "q0", "q4")
          MAC("r2", "q1", "q4") "vldrw.u32 q5, [r3], #16\n" MAC("r4", "q2", "q4") MAC("r6", "q3", "q4")
              MAC("r8", "q0", "q5") MAC("r10", "q1", "q5") MAC("r12", "q2", "q5")
                  MAC("lr", "q3", "q5") "stm r5!, " SUMS
                                        "cmp r3, r11\n"
                                        "bne 2b\n"
                                        "ldr r3, [sp, #32]\n"
                                        "ldr r3, [r3, #0]\n"
                                        "subs r9, r9, #1\n"
                                        "bne 1b\n"
                                        "vpop {d8-d11}\n"
                                        "pop {r0, r4-r11, pc}\n");
}

/* One vector of both channels (r9) with four pixels (r1, r3, r5, r7). */
#define STEP                                                                                             \
  "vldrw.u32 q0, [r9], #16\n"                                                                            \
  "vldrb.u8 q2, [r1], #16\n" MAC("r0", "q2", "q0") "vldrw.u32 q1, [r9], #16\n" MAC(                      \
      "r8", "q2", "q1") "vldrb.u8 q3, [r3], #16\n" MAC("r2", "q3",                                       \
                                                       "q0") "vldrb.u8 q2, [r5], #16\n" MAC("r10", "q3", \
                                                                                            "q1")        \
      MAC("r4", "q2", "q0") "vldrb.u8 q3, [r7], #16\n" MAC("r12", "q2", "q1") MAC("r6", "q3", "q0")      \
          MAC("lr", "q3", "q1")

/* Two steps a turn; an odd number of them enters in the middle. */
NAKED void intact_direct8_steps(intact_direct8_job* job __attribute__((unused))) {
  __asm__ volatile(
      "push {r4-r11, lr}\n"
      "sub sp, sp, #36\n"
      "ldrd r9, r1, [r0, #0]\n"
      "str r1, [sp, #24]\n"
      "ldrd r1, r3, [r0, #8]\n"
      "str r1, [sp, #20]\n"
      "lsrs r11, r3, #1\n"
      "and r5, r3, #1\n"
      "add r11, r11, r5\n"
      "strd r11, r5, [sp, #28]\n"
      "ldrd r1, r3, [r0, #20]\n"
      "ldrd r5, r7, [r0, #28]\n"
      "strd r1, r3, [sp, #0]\n"
      "strd r5, r7, [sp, #8]\n"
      "1:\n"
      "ldrd r11, r0, [sp, #28]\n"
      "ldrd r1, r3, [sp, #0]\n"
      "ldrd r5, r7, [sp, #8]\n"
      "cmp r0, #0\n"
      "ldm r9!, " SUMS
      "bne 3f\n"
      "2:\n" STEP "3:\n" STEP
      "subs r11, r11, #1\n"
      "bne 2b\n"
      "ldr r11, [sp, #20]\n"
      "stm r11!, " SUMS
      "ldr r0, [sp, #24]\n"
      "str r11, [sp, #20]\n"
      "cmp r9, r0\n"
      "bne 1b\n"
      "add sp, sp, #36\n"
      "pop {r4-r11, pc}\n");
}

/* A line of the window, three taps of 16 channels: six pixels serve four. */
#define LINE(AT)                                                                                            \
  "vldrw.u32 q0, [" AT                                                                                      \
  "]\n"                                                                                                     \
  "vldrw.u32 q6, [r3], #16\n" MAC("r0", "q0", "q6") "vldrw.u32 q7, [r3], #16\n" MAC(                        \
      "r8", "q0",                                                                                           \
      "q7") "vldrw.u32 q1, [" AT                                                                            \
            ", #16]\n" MAC("r2", "q1", "q6") "vldrw.u32 q2, [" AT ", #32]\n" MAC(                           \
                "r10", "q1", "q7") "vldrw.u32 q3, [" AT ", #48]\n" MAC("r4", "q2", "q6")                    \
                MAC("r12", "q2", "q7") MAC("r6", "q3", "q6") "vldrw.u32 q6, [r3], #16\n" MAC(               \
                    "lr", "q3",                                                                             \
                    "q7") "vldrw.u32 q7, [r3], #16\n" MAC("r0", "q1",                                       \
                                                          "q6") "vldrw.u32 q4, [" AT ", #64]\n" MAC("r8",   \
                                                                                                    "q1",   \
                                                                                                    "q7")   \
                    MAC("r2", "q2", "q6") MAC("r10", "q2", "q7") MAC("r4", "q3", "q6")                      \
                        MAC("r12", "q3", "q7") MAC("r6", "q4", "q6") "vldrw.u32 q6, [r3], #16\n" MAC(       \
                            "lr", "q4",                                                                     \
                            "q7") "vldrw.u32 q7, [r3], #16\n" MAC("r0", "q2",                               \
                                                                  "q6") "vldrw.u32 q5, [" AT                \
                                                                        ", #80]\n" MAC("r8", "q2", "q7")    \
                                                                            MAC("r2", "q3", "q6") MAC(      \
                                                                                "r10", "q3",                \
                                                                                "q7") MAC("r4", "q4", "q6") \
                                                                                MAC("r12", "q4", "q7") MAC( \
                                                                                    "r6", "q5", "q6")       \
                                                                                    MAC("lr", "q5", "q7")

NAKED void intact_direct8_rows(intact_direct8_job* job __attribute__((unused))) {
  __asm__ volatile(
      "push {r0, r4-r11, lr}\n"
      "vpush {d8-d15}\n"
      "ldrd r3, r11, [r0, #0]\n"
      "ldr r5, [r0, #8]\n"
      "ldrd r1, r7, [r0, #20]\n"
      "ldr r9, [r0, #28]\n"
      "1:\n"
      "ldm r3!, " SUMS LINE("r1") LINE("r7") LINE("r9") "stm r5!, " SUMS
                                                        "cmp r3, r11\n"
                                                        "bne 1b\n"
                                                        "add r1, r1, #64\n"
                                                        "add r7, r7, #64\n"
                                                        "add r9, r9, #64\n"
                                                        "ldr r0, [sp, #64]\n"
                                                        "ldr r3, [r0, #0]\n"
                                                        "ldr r2, [r0, #16]\n"
                                                        "subs r2, r2, #1\n"
                                                        "str r2, [r0, #16]\n"
                                                        "bne 1b\n"
                                                        "vpop {d8-d15}\n"
                                                        "pop {r0, r4-r11, pc}\n");
}

/* The same with the sums kept over planes: r11 = planes left, r5 = bytes from plane to plane. */
NAKED void intact_direct8_planes(intact_direct8_job* job __attribute__((unused))) {
  __asm__ volatile(
      "push {r0, r4-r11, lr}\n"
      "vpush {d8-d15}\n"
      "ldr r3, [r0, #0]\n"
      "ldr r5, [r0, #36]\n"
      "1:\n"
      "ldr r0, [sp, #64]\n"
      "ldr r11, [r0, #12]\n"
      "ldrd r1, r7, [r0, #20]\n"
      "ldr r9, [r0, #28]\n"
      "ldm r3!, " SUMS
      "2:\n" LINE("r1") LINE("r7") LINE("r9")
      "add r1, r1, r5\n"
      "add r7, r7, r5\n"
      "add r9, r9, r5\n"
      "subs r11, r11, #1\n"
      "bne 2b\n"
      "ldr r1, [sp, #64]\n"
      "ldr r7, [r1, #8]\n"
      "stm r7!, " SUMS
      "ldr r0, [r1, #4]\n"
      "str r7, [r1, #8]\n"
      "cmp r3, r0\n"
      "bne 1b\n"
      "ldr r3, [r1, #0]\n"
      "ldr r0, [r1, #20]\n"
      "add r0, r0, #64\n"
      "str r0, [r1, #20]\n"
      "ldr r0, [r1, #24]\n"
      "add r0, r0, #64\n"
      "str r0, [r1, #24]\n"
      "ldr r0, [r1, #28]\n"
      "add r0, r0, #64\n"
      "str r0, [r1, #28]\n"
      "ldr r0, [r1, #16]\n"
      "subs r0, r0, #1\n"
      "str r0, [r1, #16]\n"
      "bne 1b\n"
      "vpop {d8-d15}\n"
      "pop {r0, r4-r11, pc}\n");
}

#endif
