#include "core/process.h"

#include <cstdlib>

#if defined(__linux__)
#include <unistd.h>
#endif
#if defined(__GLIBC__)
#include <malloc.h>
#endif

namespace intact {

void bound_openmp_spinning(char** argv) {
#if defined(__linux__)
  constexpr const char* kRounds = "4000";
  if (std::getenv("GOMP_SPINCOUNT") != nullptr || std::getenv("OMP_WAIT_POLICY") != nullptr) return;
  if (setenv("GOMP_SPINCOUNT", kRounds, 0) != 0) return;
  execv("/proc/self/exe", argv);
#else
  static_cast<void>(argv);
#endif
}

void keep_freed_memory() {
#if defined(__GLIBC__)
  constexpr int kLargest = 1 << 30;
  mallopt(M_MMAP_THRESHOLD, kLargest);
  mallopt(M_TRIM_THRESHOLD, kLargest);
  mallopt(M_TOP_PAD, 64 << 20);
#endif
}

}  // namespace intact
