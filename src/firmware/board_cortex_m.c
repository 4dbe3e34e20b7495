/* Cortex-M on QEMU's MPS2 and MPS3 machines: vectors, start, semihosting. */
#include "board.h"
#include "semihosting.h"

extern uint32_t linker_stack_top[];
extern uint32_t linker_bss_begin[], linker_bss_end[];
extern uint8_t linker_memory_begin[], linker_memory_end[];

void board_reset(void) __attribute__((noreturn));
void board_fault(void) __attribute__((noreturn));

typedef void (*vector)(void);
typedef union {
  const uint32_t* stack;
  vector handler;
} vector_entry;

extern const vector_entry board_vectors[16];
const vector_entry board_vectors[16] __attribute__((section(".vectors"), used)) = {
    {.stack = linker_stack_top}, {.handler = board_reset}, {.handler = board_fault}, {.handler = board_fault},
    {.handler = board_fault},    {.handler = board_fault}, {.handler = board_fault}, {.handler = board_fault},
    {.handler = board_fault},    {.handler = board_fault}, {.handler = board_fault}, {.handler = board_fault},
    {.handler = board_fault},    {.handler = board_fault}, {.handler = board_fault}, {.handler = board_fault},
};

#define REGISTER(address) (*(volatile uint32_t*)(uintptr_t)(address))
#define SCB_VTOR REGISTER(0xe000ed08u)
#define SCB_CCR REGISTER(0xe000ed14u)
#define CPACR REGISTER(0xe000ed88u)

enum { CCR_UNALIGN_TRP = 1 << 3, CPACR_FULL_ACCESS_10_11 = 0xf << 20 };

void board_fault(void) {
  semihosting_print("exception\n");
  semihosting_exit(70);
}

/* Not part of board_reset: its loop may be vectorized. */
__attribute__((noinline)) static void start(void) {
  uint32_t* p;
  for (p = linker_bss_begin; p < linker_bss_end; ++p) *p = 0;
  semihosting_exit((uint32_t)main());
}

void board_reset(void) {
  SCB_VTOR = (uint32_t)(uintptr_t)board_vectors;
#if defined(__ARM_ARCH_6M__)
  SCB_CCR |= CCR_UNALIGN_TRP; /* Armv6-M has no unaligned accesses; the emulated Armv7-M traps them then */
#endif
#if defined(__ARM_FEATURE_MVE)
  CPACR |= CPACR_FULL_ACCESS_10_11; /* vectors */
#endif
  __asm__ volatile("dsb\nisb" : : : "memory");
  start();
  for (;;) continue;
}

uint8_t* board_memory(size_t* bytes) {
  *bytes = (size_t)(linker_memory_end - linker_memory_begin);
  return linker_memory_begin;
}

uintptr_t semihosting_call(uintptr_t operation, const void* block) {
  register uintptr_t r0 __asm__("r0") = operation;
  register const void* r1 __asm__("r1") = block;
  __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
  return r0;
}
