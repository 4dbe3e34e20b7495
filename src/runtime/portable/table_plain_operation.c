/* How the inner loop wants a step's operation and its base. In assembly a step names the code to jump to, and
 * the tables themselves.
 */
#include "../intact_table_plain.h"

#if INTACT_ISA_ARMV6M || INTACT_ISA_RV32IM

/* A lookup's code, of which those of 1 .. 4 tables end together; what marks an address as Thumb's. */
enum { LOOK_CODE = INTACT_ISA_ARMV6M ? 14 : 40, MARK = INTACT_ISA_ARMV6M };

extern const uint8_t intact_table_looks_end[], intact_table_spill[], intact_table_store[],
    intact_table_done[], intact_table_bits_word[], intact_table_bits_upper[];

uint32_t intact_table_operation(uint32_t operation) {
  const uint8_t* code = intact_table_done;
  if (operation == INTACT_TABLE_SPILL) code = intact_table_spill;
  if (operation == INTACT_TABLE_STORE) code = intact_table_store;
  if (operation == INTACT_TABLE_BITS) code = intact_table_bits_word;
  if (operation == INTACT_TABLE_BITS_UPPER) code = intact_table_bits_upper;
  if (operation - 1 < INTACT_TABLE_UNIT)
    return ((uint32_t)(uintptr_t)intact_table_looks_end - operation * LOOK_CODE) | MARK;
  return (uint32_t)(uintptr_t)code | MARK;
}

uint32_t intact_table_address(const uint8_t* tables) {
  return (uint32_t)(uintptr_t)tables;
}

#else

uint32_t intact_table_operation(uint32_t operation) {
  return operation;
}

uint32_t intact_table_address(const uint8_t* tables) {
  (void)tables;
  return 0;
}

#endif
