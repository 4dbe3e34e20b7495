// Memory for one blob and its arena, used again for every input of a fuzzer: a page without access follows
// (or precedes) each, and AddressSanitizer, where it is there, sees the first byte beyond.
#pragma once

#include <cstring>

#include "guarded_bytes.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#include <sanitizer/asan_interface.h>
#define INTACT_POISON(address, size) ASAN_POISON_MEMORY_REGION(address, size)
#define INTACT_UNPOISON(address, size) ASAN_UNPOISON_MEMORY_REGION(address, size)
#endif
#endif
#ifndef INTACT_POISON
#define INTACT_POISON(address, size) static_cast<void>(address)
#define INTACT_UNPOISON(address, size) static_cast<void>(address)
#endif

namespace intact::testing {

class FuzzMemory {
 public:
  explicit FuzzMemory(std::size_t capacity) : bytes_(capacity) {
    INTACT_POISON(bytes_.place(bytes_.usable(), false), bytes_.usable());
  }

  // `size` bytes at a multiple of 16, against the upper guard or the lower one; all else is out of bounds.
  std::uint8_t* take(std::size_t size, bool upper) {
    if (last_) INTACT_POISON(last_, last_size_);
    last_ = bytes_.place(size, upper);
    last_size_ = size;
    INTACT_UNPOISON(last_, last_size_);
    return last_;
  }

 private:
  GuardedBytes bytes_;
  std::uint8_t* last_ = nullptr;
  std::size_t last_size_ = 0;
};

}  // namespace intact::testing
