// Bytes whose first lies at a multiple of 16.
#pragma once

#include <cstddef>
#include <cstdint>
#include <new>
#include <vector>

namespace intact::testing {

template <typename T>
struct Aligned16 {
  using value_type = T;
  Aligned16() = default;
  template <typename U>
  Aligned16(const Aligned16<U>&) {}  // NOLINT(google-explicit-constructor): allocators convert
  T* allocate(std::size_t n) { return static_cast<T*>(::operator new (n * sizeof(T), std::align_val_t{16})); }
  void deallocate(T* p, std::size_t) { ::operator delete (p, std::align_val_t{16}); }
  template <typename U>
  bool operator==(const Aligned16<U>&) const {
    return true;
  }
};

using AlignedBytes = std::vector<std::uint8_t, Aligned16<std::uint8_t>>;

}  // namespace intact::testing
