/* Counts instructions on QEMU's Cortex-M machines, whose clocks are much slower than one instruction a
 * nanosecond.
 *
 * With -icount shift=0 every instruction takes 1 ns of the machine's time. The timer's clock f therefore
 * steps once in N / D = 10^9 / f instructions (fraction in lowest terms), and instruction number x sees
 * floor((D x + phase) / N) steps. N readings that are S instructions apart, S prime to N and D prime to N,
 * see every phase once: D S i mod N runs through 0 .. N - 1 for i = 0 .. N - 1, so that
 *
 *   sum over i of floor((D (x + S i) + phase) / N) = D x + phase + (D S - 1) (N - 1) / 2
 *
 * (Hermite's identity with a numerator step of D S). Differences of such sums are D times the instructions in
 * between, exactly.
 */
#include "board.h"

#define REGISTER(address) (*(volatile uint32_t*)(uintptr_t)(address))

/* CMSDK timer 0: counts down from 2^32 - 1. */
#define TIMER_BASE 0x40000000u
#define TIMER_CTRL REGISTER(TIMER_BASE)
#define TIMER_VALUE REGISTER(TIMER_BASE + 4)
#define TIMER_RELOAD REGISTER(TIMER_BASE + 8)

enum { INSTRUCTIONS = 40, TICKS = 1 }; /* N and D: 25 MHz */

static void start_timer(void) {
  if (TIMER_CTRL & 1u) return;
  TIMER_RELOAD = UINT32_MAX;
  TIMER_VALUE = UINT32_MAX;
  TIMER_CTRL = 1;
}

/* S = 41 instructions a round: the load, two sums, 36 times nothing, the countdown and the branch. */
__attribute__((noinline)) static uint32_t sum_of_readings(uint32_t first) {
  uint32_t sum = 0, rounds = INSTRUCTIONS, value;
  __asm__ volatile(
      ".syntax unified\n"
      "1: ldr %[value], [%[timer]]\n"
      "adds %[sum], %[sum], %[first]\n"
      "subs %[sum], %[sum], %[value]\n"
      ".rept 36\n"
      "nop\n"
      ".endr\n"
      "subs %[rounds], %[rounds], #1\n"
      "bne 1b\n"
      : [value] "=&l"(value), [sum] "+l"(sum), [rounds] "+l"(rounds)
      : [timer] "l"(&TIMER_VALUE), [first] "l"(first)
      : "cc", "memory");
  return sum;
}

void board_now(board_instant* now) {
  start_timer();
  now->words[0] = TIMER_VALUE;
  now->words[1] = sum_of_readings(now->words[0]);
}

uint64_t board_instructions_between(const board_instant* earlier, const board_instant* later) {
  const uint64_t steps = (uint64_t)(earlier->words[0] - later->words[0]) * INSTRUCTIONS;
  return (steps + later->words[1] - earlier->words[1]) / TICKS;
}
