#include "checked_kernels.h"

uint32_t checked_calls[CHECKED_KERNELS_MOST];
uint32_t checked_scratch_overrun;

static uint8_t* scratch_memory;
static size_t scratch_memory_bytes;
static intact_kernel_set set;
static intact_conv_kernel kernels[CHECKED_KERNELS_MOST];

typedef char every_kernel_has_a_wrapper[(int)INTACT_CONV_KERNELS <= (int)CHECKED_KERNELS_MOST ? 1 : -1];

void checked_begin(void) {
  size_t i;
  for (i = 0; i < CHECKED_KERNELS_MOST; ++i) checked_calls[i] = 0;
  checked_scratch_overrun = 0;
}

static uint8_t guard_byte(size_t i) {
  return (uint8_t)(0xc3u + i * 29u);
}

void checked_set_guards(uint8_t* from, uint8_t* to) {
  size_t i;
  for (i = 0; i < CHECKED_GUARD_BYTES; ++i) from[i] = to[i] = guard_byte(i);
}

int checked_guards_hold(const uint8_t* from, const uint8_t* to) {
  size_t i;
  for (i = 0; i < CHECKED_GUARD_BYTES; ++i) {
    if (from[i] != guard_byte(i) || to[i] != guard_byte(i)) return 0;
  }
  return 1;
}

void checked_fill(uint8_t* to, size_t bytes) {
  static uint32_t state = 1;
  size_t i;
  for (i = 0; i < bytes; ++i) {
    state = state * 1664525u + 1013904223u;
    to[i] = (uint8_t)(state >> 24);
  }
}

static void run_checked(uint32_t number, const intact_conv* conv) {
  const intact_conv_kernel* kernel = intact_all_kernels.conv[number];
  const uint64_t bytes = kernel->scratch(conv, conv->scratch_bytes);
  intact_conv own = *conv;
  ++checked_calls[number];
  if (bytes > conv->scratch_bytes) { /* also INTACT_CANNOT */
    checked_scratch_overrun = 1;
    return;
  }
  if (bytes > scratch_memory_bytes) {
    checked_fill(conv->scratch, conv->scratch_bytes);
    kernel->run(conv);
    return;
  }
  own.scratch = scratch_memory + CHECKED_GUARD_BYTES;
  own.scratch_bytes = (uint32_t)bytes;
  checked_fill(own.scratch, (size_t)bytes);
  checked_set_guards(scratch_memory, own.scratch + bytes);
  kernel->run(&own);
  if (!checked_guards_hold(scratch_memory, own.scratch + bytes)) checked_scratch_overrun = 1;
}

#define RUN(n)                                   \
  static void run_##n(const intact_conv* conv) { \
    run_checked(n, conv);                        \
  }
/* clang-format off */
RUN(0) RUN(1) RUN(2) RUN(3) RUN(4) RUN(5) RUN(6) RUN(7) RUN(8) RUN(9) RUN(10) RUN(11)
RUN(12) RUN(13) RUN(14) RUN(15) RUN(16) RUN(17) RUN(18) RUN(19) RUN(20) RUN(21) RUN(22) RUN(23)

const intact_kernel_set* checked_kernels(uint8_t* memory, size_t memory_bytes) {
  /* clang-format on */
  static void (*const runs[CHECKED_KERNELS_MOST])(const intact_conv*) = {
      run_0,  run_1,  run_2,  run_3,  run_4,  run_5,  run_6,  run_7,  run_8,  run_9,  run_10, run_11,
      run_12, run_13, run_14, run_15, run_16, run_17, run_18, run_19, run_20, run_21, run_22, run_23};
  size_t i;
  scratch_memory = memory;
  scratch_memory_bytes = memory_bytes - 2 * CHECKED_GUARD_BYTES;
  set = intact_all_kernels;
  for (i = 0; i < INTACT_CONV_KERNELS; ++i) {
    if (!intact_all_kernels.conv[i]) continue;
    kernels[i].scratch = intact_all_kernels.conv[i]->scratch;
    kernels[i].run = runs[i];
  }
  checked_offer(UINT32_MAX);
  return &set;
}

void checked_offer(uint32_t offered) {
  size_t i;
  for (i = 0; i < INTACT_CONV_KERNELS; ++i)
    set.conv[i] = (offered >> i & 1u) && intact_all_kernels.conv[i] ? &kernels[i] : 0;
}
