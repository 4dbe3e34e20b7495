/* The instruction set that the runtime is compiled for, from the compiler's own macros: 1 or 0 each. A kernel
 * folder's files are empty where its macro is 0, so that any of them may be handed to any compiler. */
#ifndef INTACT_ISA_H
#define INTACT_ISA_H

/* Armv8.1-M with M-profile vector instructions on integers: Cortex-M55, M85. */
#if defined(__ARM_FEATURE_MVE) && (__ARM_FEATURE_MVE & 1)
#define INTACT_ISA_MVE 1
#else
#define INTACT_ISA_MVE 0
#endif

/* SMLAD and its kin: Cortex-M4, M7, M33, M55 (M-profile, Thumb-2). */
#if defined(__ARM_FEATURE_DSP) && __ARM_FEATURE_DSP && defined(__ARM_ARCH_PROFILE) && \
    __ARM_ARCH_PROFILE == 'M'
#define INTACT_ISA_ARMV7EM 1
#else
#define INTACT_ISA_ARMV7EM 0
#endif

/* Thumb-2 of the M-profile, with long multiplication: Cortex-M3, and all with the above. */
#if defined(__ARM_ARCH_PROFILE) && __ARM_ARCH_PROFILE == 'M' && defined(__ARM_ARCH_ISA_THUMB) && \
    __ARM_ARCH_ISA_THUMB == 2
#define INTACT_ISA_ARMV7M 1
#else
#define INTACT_ISA_ARMV7M 0
#endif

/* 16-bit Thumb: Cortex-M0, M0+. */
#if defined(__ARM_ARCH_6M__)
#define INTACT_ISA_ARMV6M 1
#else
#define INTACT_ISA_ARMV6M 0
#endif

/* 32-bit RISC-V with multiplication. */
#if defined(__riscv) && __riscv_xlen == 32 && defined(__riscv_mul)
#define INTACT_ISA_RV32IM 1
#else
#define INTACT_ISA_RV32IM 0
#endif

/* Not microcontrollers: vector registers, and a stack of megabytes. */
#if defined(__x86_64__) || defined(__aarch64__)
#define INTACT_ISA_HOST 1
#else
#define INTACT_ISA_HOST 0
#endif

#endif
