// How C source refers to the runtime's convolution kernels.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace intact {

struct KernelReference {
  std::uint16_t kernel;     // FORMAT.md section 11
  std::string_view macro;   // its number's name, in src/runtime/intact_blob.h
  std::string_view symbol;  // in src/runtime/intact_kernels.h
  std::string_view
      condition;  // of the preprocessor (src/runtime/intact_isa.h) where it is there; empty: always
};

// Made of src/runtime/kernel_set.c when this is built.
std::span<const KernelReference> kernel_references();

// Throws Error where the runtime has no such kernel.
const KernelReference& kernel_reference(std::uint16_t kernel);

}  // namespace intact
