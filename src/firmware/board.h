/* What a machine offers to the harness. */
#ifndef INTACT_BOARD_H
#define INTACT_BOARD_H

#include <stddef.h>
#include <stdint.h>

/* A point in the sequence of executed instructions. */
typedef struct {
  uint32_t words[3];
} board_instant;

/* Instructions executed under QEMU's -icount shift=0, to the instruction: `later` - `earlier`. board_now
 * itself takes the same number of instructions each time, whose effect a caller takes off by an empty
 * measurement. The instants are less than 2^32 ticks of the machine's clock apart (over 10^11 instructions).
 */
void board_now(board_instant* now);
uint64_t board_instructions_between(const board_instant* earlier, const board_instant* later);

/* Free memory, from a multiple of 16 on. */
uint8_t* board_memory(size_t* bytes);

/* What main returns ends the emulation as its exit status. Exceptions end it with status 70. */
int main(void);

#endif
