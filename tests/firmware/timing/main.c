/* Calls the functions of loops.S. */
#include <stdint.h>

#include "firmware/board.h"

#define FOR_EACH(X) \
  X(additions)      \
  X(products)       \
  X(loads)          \
  X(pointer_chain)  \
  X(load_store)     \
  X(stores)         \
  X(address)        \
  X(several)        \
  X(division)       \
  X(condition)      \
  X(branches)       \
  X(calls)          \
  X(table)          \
  X(long)
#define DECLARE(name) void timing_##name(uint32_t rounds, uint32_t* memory);
#define CALL(name)                         \
  memory[0] = (uint32_t)(uintptr_t)memory; \
  timing_##name(10, memory);

FOR_EACH(DECLARE)

int main(void) {
  static uint32_t memory[16];
  FOR_EACH(CALL)
  return 0;
}
