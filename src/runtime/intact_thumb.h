/* For functions written in assembly for Thumb. */
#ifndef INTACT_THUMB_H
#define INTACT_THUMB_H

/* Begins a function in a section of its own, so that the linker can drop it. name: a string, within an
 * assembler's macro one with its parameters. */
#define INTACT_THUMB_FUNCTION(name) \
  "  .section .text." name          \
  ", \"ax\", %progbits\n"           \
  "  .balign 4\n"                   \
  "  .global " name                 \
  "\n"                              \
  "  .type " name                   \
  ", %function\n"                   \
  "  .thumb_func\n" name ":\n"

#endif
