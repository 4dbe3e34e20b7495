/* What a machine offers to the harness. */
#ifndef INTACT_BOARD_H
#define INTACT_BOARD_H

#include <stddef.h>
#include <stdint.h>

/* Instructions executed so far under QEMU's -icount shift=0; only differences mean something. */
uint64_t board_instructions(void);

/* Free memory, from a multiple of 16 on. */
uint8_t* board_memory(size_t* bytes);

/* What main returns ends the emulation as its exit status. Exceptions end it with status 70. */
int main(void);

#endif
