/* The kernels of intact_all_kernels, each with its calls counted and its use of scratch checked. C, for
 * firmware and host. */
#ifndef INTACT_CHECKED_KERNELS_H
#define INTACT_CHECKED_KERNELS_H

#include "runtime/intact_kernels.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { CHECKED_KERNELS_MOST = 24, CHECKED_GUARD_BYTES = 64 };

/* A kernel gets scratch of exactly the bytes that its planning function asks for, full of noise, between
 * guards: what it reads before it writes changes the results, and what it writes outside is found. Scratch
 * that is larger than `memory_bytes` stays where the blob has it. `memory`: at a multiple of 16. One set at a
 * time. */
const intact_kernel_set* checked_kernels(uint8_t* memory, size_t memory_bytes);

/* Leaves the kernels of the bit set `offered` in that set alone, of those that there are. */
void checked_offer(uint32_t offered);

/* Since the last call of checked_begin: calls of kernel k, and whether one wrote outside its scratch. */
void checked_begin(void);
extern uint32_t checked_calls[CHECKED_KERNELS_MOST];
extern uint32_t checked_scratch_overrun;

/* Guards around any memory: 1 while they are as they were set. `from` is CHECKED_GUARD_BYTES before, `to` the
 * first byte behind, with as many bytes there. */
void checked_set_guards(uint8_t* from, uint8_t* to);
int checked_guards_hold(const uint8_t* from, const uint8_t* to);

/* Noise that differs from call to call. */
void checked_fill(uint8_t* to, size_t bytes);

#ifdef __cplusplus
}
#endif

#endif
