/* ARM semihosting (the RISC-V operations are the same): files and exit through the debugger, here QEMU.
 * Arm: "Semihosting for AArch32 and AArch64"; RISC-V: "RISC-V Semihosting".
 */
#ifndef INTACT_SEMIHOSTING_H
#define INTACT_SEMIHOSTING_H

#include <stddef.h>
#include <stdint.h>

/* One call: operation and parameter block, the result. Per instruction set. */
uintptr_t semihosting_call(uintptr_t operation, const void* block);

enum { SEMIHOSTING_READ = 1, SEMIHOSTING_WRITE = 5 }; /* modes "rb" and "wb" */

/* A handle, or -1. */
intptr_t semihosting_open(const char* path, uintptr_t mode);
void semihosting_close(intptr_t handle);
/* 1: all `len` bytes were transferred. */
int semihosting_read(intptr_t handle, void* to, size_t len);
int semihosting_write(intptr_t handle, const void* from, size_t len);
/* Length of a file, or -1. */
intptr_t semihosting_length(intptr_t handle);
/* Text on the host's console. */
void semihosting_print(const char* text);
/* Ends the emulation. */
void semihosting_exit(uint32_t status) __attribute__((noreturn));

#endif
