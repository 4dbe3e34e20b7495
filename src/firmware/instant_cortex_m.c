/* Counts instructions on QEMU's Cortex-M machines, whose clocks are much slower than one instruction a
 * nanosecond.
 *
 * With -icount shift=0 every instruction takes 1 ns of the machine's time. A counter that makes D steps in N
 * ns (D prime to N) has made floor((D x + phase) / N) of them at instruction number x. N readings that are S
 * instructions apart (S prime to N) see every phase once: D S i mod N runs through 0 .. N - 1 for i = 0 .. N
 * - 1, so that
 *
 *   sum over i of floor((D (x + S i) + phase) / N) = D x + phase + (D S - 1) (N - 1) / 2
 *
 * (Hermite's identity with steps of D S). Differences of such sums are D times the instructions in between,
 * exactly.
 */
#include "board.h"
#include "timer_mps.h"

/* Steps from `first` to each reading, summed modulo 2^32. S = 41 instructions a round: the load, two sums, 36
 * times nothing, the countdown and the branch. */
__attribute__((noinline)) static uint32_t sum_of_readings(uint32_t first) {
  uint32_t sum = 0, rounds = TIMER_INSTRUCTIONS, value;
  __asm__ volatile(
      ".syntax unified\n"
      "1: ldr %[value], [%[timer]]\n"
      "adds %[sum], %[sum], %[value]\n"
      "subs %[sum], %[sum], %[first]\n"
      ".rept 36\n"
      "nop\n"
      ".endr\n"
      "subs %[rounds], %[rounds], #1\n"
      "bne 1b\n"
      : [value] "=&l"(value), [sum] "+l"(sum), [rounds] "+l"(rounds)
      : [timer] "l"(&TIMER_VALUE), [first] "l"(first)
      : "cc", "memory");
  return TIMER_COUNTS_UP ? sum : 0u - sum;
}

void board_now(board_instant* now) {
  timer_start();
  now->words[0] = TIMER_VALUE;
  now->words[1] = sum_of_readings(now->words[0]);
}

uint64_t board_instructions_between(const board_instant* earlier, const board_instant* later) {
  const uint32_t up = later->words[0] - earlier->words[0];
  const uint64_t steps = TIMER_COUNTS_UP ? up : 0u - up;
  return (steps * TIMER_INSTRUCTIONS + later->words[1] - earlier->words[1]) / TIMER_STEPS;
}
