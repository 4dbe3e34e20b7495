// A blob bound to an arena by the C runtime, with memory of its own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <span>

#include "runtime/intact.h"

namespace intact {

class RuntimeModel {
 public:
  // Copies the blob to an aligned address. Throws Error naming the runtime's status when it refuses the blob.
  explicit RuntimeModel(std::span<const std::uint8_t> blob);

  intact_model* get() { return &model_; }
  const intact_model& model() const { return model_; }
  std::size_t arena_bytes() const { return arena_bytes_; }

 private:
  struct Free {
    void operator()(std::uint8_t* memory) const { std::free(memory); }
  };
  using AlignedMemory = std::unique_ptr<std::uint8_t[], Free>;
  static AlignedMemory allocate(std::size_t bytes);

  AlignedMemory blob_;
  AlignedMemory arena_;
  std::size_t arena_bytes_ = 0;
  intact_model model_{};
};

// Throws Error with the status' name and what it means for the user, unless the status is INTACT_OK.
void require_ok(intact_status status);

}  // namespace intact
