// Memory that ends (or begins) at a page without access, and may be read only: a stray access is a fault
// without any sanitizer.
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <new>

namespace intact::testing {

class GuardedBytes {
 public:
  explicit GuardedBytes(std::size_t capacity) {
    const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    usable_ = (capacity + page - 1) / page * page;
    mapped_ = usable_ + 2 * page;
    void* p = mmap(nullptr, mapped_, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED) throw std::bad_alloc();
    base_ = static_cast<std::uint8_t*>(p);
    begin_ = base_ + page;
    set_writable(true);
  }
  ~GuardedBytes() { munmap(base_, mapped_); }
  GuardedBytes(const GuardedBytes&) = delete;
  GuardedBytes& operator=(const GuardedBytes&) = delete;

  // `size` bytes at a multiple of 16, against the upper guard (within 15 bytes) or the lower one.
  std::uint8_t* place(std::size_t size, bool upper) const {
    return upper ? begin_ + (usable_ - size) / 16 * 16 : begin_;
  }
  std::size_t usable() const { return usable_; }
  void set_writable(bool writable) {
    if (mprotect(begin_, usable_, writable ? PROT_READ | PROT_WRITE : PROT_READ) != 0) throw std::bad_alloc();
  }

 private:
  std::uint8_t* base_ = nullptr;
  std::uint8_t* begin_ = nullptr;
  std::size_t usable_ = 0, mapped_ = 0;
};

}  // namespace intact::testing
