/* Links the runtime with nothing but what this file has. A freestanding compiler may still call these four
 * (GCC's manual, "Language standards"): they are all that firmware must provide. Returns 0; calls every
 * public function, so that all is linked.
 */
#include "runtime/intact.h"

void* memcpy(void* to, const void* from, size_t n);
void* memmove(void* to, const void* from, size_t n);
void* memset(void* to, int value, size_t n);
int memcmp(const void* a, const void* b, size_t n);

void* memcpy(void* to, const void* from, size_t n) {
  volatile uint8_t* t = (volatile uint8_t*)to; /* volatile: the loop must not become a call of itself */
  const uint8_t* f = (const uint8_t*)from;
  while (n--) *t++ = *f++;
  return to;
}

void* memmove(void* to, const void* from, size_t n) {
  volatile uint8_t* t = (volatile uint8_t*)to;
  const uint8_t* f = (const uint8_t*)from;
  if (t < f) return memcpy(to, from, n);
  while (n--) t[n] = f[n];
  return to;
}

void* memset(void* to, int value, size_t n) {
  volatile uint8_t* t = (volatile uint8_t*)to;
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

int _start(void);

int _start(void) {
  intact_model m;
  intact_tensor t;
  intact_mismatch first;
  size_t bytes;
  if (intact_required_arena(0, 0, &bytes) != INTACT_E_ARGUMENT || intact_check_crc(0, 0) != INTACT_E_ARGUMENT)
    return 1;
  if (intact_init(&m, 0, 0, 0, 0, INTACT_NO_WORK_LIMIT) == INTACT_OK) {
    t = intact_input(&m);
    t = intact_output(&m);
    intact_run(&m);
    intact_run_node(&m, 0);
    intact_get_tensor(&m, 0, &t);
    intact_node_output(&m, 0, &t);
    if (intact_selftest(&m, &first) != INTACT_OK) return intact_status_name(INTACT_E_MISMATCH)[0];
    return intact_value(&t, 0, 0, 0) + (int)intact_argmax(&m);
  }
  return 0;
}
