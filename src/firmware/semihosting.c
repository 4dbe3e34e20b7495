#include "semihosting.h"

enum {
  SYS_OPEN = 0x01,
  SYS_CLOSE = 0x02,
  SYS_WRITE0 = 0x04,
  SYS_WRITE = 0x05,
  SYS_READ = 0x06,
  SYS_FLEN = 0x0c,
  SYS_EXIT_EXTENDED = 0x20
};

enum { STOPPED_APPLICATION_EXIT = 0x20026 };

intptr_t semihosting_open(const char* path, uintptr_t mode) {
  uintptr_t block[3];
  size_t length = 0;
  while (path[length]) ++length;
  block[0] = (uintptr_t)path;
  block[1] = mode;
  block[2] = length;
  return (intptr_t)semihosting_call(SYS_OPEN, block);
}

void semihosting_close(intptr_t handle) {
  const uintptr_t block[1] = {(uintptr_t)handle};
  semihosting_call(SYS_CLOSE, block);
}

/* Reading and writing both return the number of bytes that were not transferred. */
static int transfer(uintptr_t operation, intptr_t handle, uintptr_t data, size_t len) {
  while (len > 0) {
    const uintptr_t block[3] = {(uintptr_t)handle, data, len};
    const size_t left = (size_t)semihosting_call(operation, block);
    if (left >= len) return 0;
    data += len - left;
    len = left;
  }
  return 1;
}

int semihosting_read(intptr_t handle, void* to, size_t len) {
  return transfer(SYS_READ, handle, (uintptr_t)to, len);
}

int semihosting_write(intptr_t handle, const void* from, size_t len) {
  return transfer(SYS_WRITE, handle, (uintptr_t)from, len);
}

intptr_t semihosting_length(intptr_t handle) {
  const uintptr_t block[1] = {(uintptr_t)handle};
  return (intptr_t)semihosting_call(SYS_FLEN, block);
}

void semihosting_print(const char* text) {
  semihosting_call(SYS_WRITE0, text);
}

void semihosting_exit(uint32_t status) {
  const uintptr_t block[2] = {STOPPED_APPLICATION_EXIT, status};
  for (;;) semihosting_call(SYS_EXIT_EXTENDED, block);
}
