// Function multiversioning: one source, compiled for several x86 instruction sets and chosen at load time.
// Only for kernels of IEEE operations in a fixed order, compiled with -ffp-contract=off: then every version
// gives the same bits.
#pragma once

#if defined(__x86_64__) && defined(__GNUC__) && defined(__linux__)
#define INTACT_TARGET_CLONES __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define INTACT_TARGET_CLONES
#endif
