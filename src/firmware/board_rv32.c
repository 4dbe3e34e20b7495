/* RV32 on QEMU's virt machine: start_rv32.S has the entry. */
#include "board.h"
#include "semihosting.h"

extern uint8_t linker_memory_begin[], linker_memory_end[];

void board_fault(void) __attribute__((noreturn));

void board_fault(void) {
  semihosting_print("exception\n");
  semihosting_exit(70);
}

uint64_t board_instructions(void) {
  uint32_t high, low, again;
  do {
    __asm__ volatile("csrr %0, minstreth" : "=r"(high));
    __asm__ volatile("csrr %0, minstret" : "=r"(low));
    __asm__ volatile("csrr %0, minstreth" : "=r"(again));
  } while (high != again);
  return (uint64_t)high << 32 | low;
}

uint8_t* board_memory(size_t* bytes) {
  *bytes = (size_t)(linker_memory_end - linker_memory_begin);
  return linker_memory_begin;
}
