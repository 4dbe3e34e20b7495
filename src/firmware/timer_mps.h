/* A free-running 32-bit counter of each MPS machine, named by a BOARD_... macro, and its clock: TIMER_STEPS
 * steps in TIMER_INSTRUCTIONS instructions of 1 ns, in lowest terms. The clocks are the machines' SYSCLK as
 * QEMU models it; tests/firmware/instants counts loops of known length with them. */
#ifndef INTACT_TIMER_MPS_H
#define INTACT_TIMER_MPS_H

#include <stdint.h>

#define TIMER_REGISTER(address) (*(volatile uint32_t*)(uintptr_t)(address))

#if defined(BOARD_MPS3_AN547)
/* SSE-300 system counter: counts up, 32 MHz, 31.25 ns a step. */
#define TIMER_BASE 0x58100000u
#define TIMER_VALUE TIMER_REGISTER(TIMER_BASE + 8)
enum { TIMER_INSTRUCTIONS = 125, TIMER_STEPS = 4, TIMER_COUNTS_UP = 1 };

#else
/* CMSDK timer 0: counts down and begins anew at its reload value. */
#if defined(BOARD_MPS2_AN505)
#define TIMER_BASE 0x50000000u
enum { TIMER_INSTRUCTIONS = 50 }; /* 20 MHz */
#elif defined(BOARD_MPS2_AN385) || defined(BOARD_MPS2_AN386) || defined(BOARD_MPS2_AN500)
#define TIMER_BASE 0x40000000u
enum { TIMER_INSTRUCTIONS = 40 }; /* 25 MHz */
#else
#error "no machine is named"
#endif
#define TIMER_VALUE TIMER_REGISTER(TIMER_BASE + 4)
#define TIMER_RELOAD TIMER_REGISTER(TIMER_BASE + 8)
enum { TIMER_STEPS = 1, TIMER_COUNTS_UP = 0 };
#endif

#define TIMER_CONTROL TIMER_REGISTER(TIMER_BASE)

/* Does nothing where it runs. */
static inline void timer_start(void) {
  if (TIMER_CONTROL & 1u) return;
#if !defined(BOARD_MPS3_AN547)
  TIMER_RELOAD = UINT32_MAX;
  TIMER_VALUE = UINT32_MAX;
#endif
  TIMER_CONTROL = 1;
}

#endif
