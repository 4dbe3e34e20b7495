/* RV32 on QEMU's virt machine: start_rv32.S has the entry. */
#include "board.h"
#include "semihosting.h"

extern uint8_t linker_memory_begin[], linker_memory_end[];

void board_fault(void) __attribute__((noreturn));

void board_fault(void) {
  semihosting_print("exception\n");
  semihosting_exit(70);
}

void board_now(board_instant* now) {
  __asm__ volatile("csrr %0, minstreth" : "=r"(now->words[0]));
  __asm__ volatile("csrr %0, minstret" : "=r"(now->words[1]));
  __asm__ volatile("csrr %0, minstreth" : "=r"(now->words[2]));
}

/* The low word is near 0 where the high word went on before it was read, else near 2^32. */
static uint64_t joined(const board_instant* t) {
  const uint32_t high = t->words[1] < 0x80000000u ? t->words[2] : t->words[0];
  return (uint64_t)high << 32 | t->words[1];
}

uint64_t board_instructions_between(const board_instant* earlier, const board_instant* later) {
  return joined(later) - joined(earlier);
}

uint8_t* board_memory(size_t* bytes) {
  *bytes = (size_t)(linker_memory_end - linker_memory_begin);
  return linker_memory_begin;
}
