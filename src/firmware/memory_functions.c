/* The four functions that a freestanding compiler may call. */
#include <stddef.h>
#include <stdint.h>

void* memcpy(void* to, const void* from, size_t n);
void* memmove(void* to, const void* from, size_t n);
void* memset(void* to, int value, size_t n);
int memcmp(const void* a, const void* b, size_t n);

/* This file is compiled with -fno-tree-loop-distribute-patterns: the loops must not become calls of
 * themselves. */
void* memcpy(void* to, const void* from, size_t n) {
  uint8_t* t = (uint8_t*)to;
  const uint8_t* f = (const uint8_t*)from;
  while (n--) *t++ = *f++;
  return to;
}

void* memmove(void* to, const void* from, size_t n) {
  uint8_t* t = (uint8_t*)to;
  const uint8_t* f = (const uint8_t*)from;
  if ((uintptr_t)t < (uintptr_t)f) {
    while (n--) *t++ = *f++;
  } else {
    while (n--) t[n] = f[n];
  }
  return to;
}

void* memset(void* to, int value, size_t n) {
  uint8_t* t = (uint8_t*)to;
  while (n--) *t++ = (uint8_t)value;
  return to;
}

int memcmp(const void* a, const void* b, size_t n) {
  const uint8_t *x = (const uint8_t*)a, *y = (const uint8_t*)b;
  for (; n--; ++x, ++y) {
    if (*x != *y) return *x < *y ? -1 : 1;
  }
  return 0;
}
