/* Loops of known length between two instants: the status is the first round count whose instructions are not
 * counted exactly, else 0. */
#include <stdint.h>

#include "firmware/board.h"

/* Two instructions a round. */
__attribute__((noinline, noclone)) static void loop(uint32_t rounds) {
#if defined(__riscv)
  __asm__ volatile("1: addi %0, %0, -1\nbnez %0, 1b\n" : "+r"(rounds));
#else
  __asm__ volatile(".syntax unified\n1: subs %0, %0, #1\nbne 1b\n" : "+l"(rounds) : : "cc");
#endif
}

__attribute__((noinline, noclone)) static uint64_t instructions(uint32_t rounds) {
  board_instant begin, end;
  board_now(&begin);
  loop(rounds);
  board_now(&end);
  return board_instructions_between(&begin, &end);
}

int main(void) {
  uint32_t rounds;
  instructions(1);
  for (rounds = 1; rounds <= 200; ++rounds) {
    if (instructions(rounds + 1) - instructions(1) != 2 * (uint64_t)rounds) return (int)rounds;
  }
  return instructions(3000001) - instructions(1) == 6000000 ? 0 : 255;
}
