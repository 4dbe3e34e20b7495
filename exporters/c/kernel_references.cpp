#include "exporters/c/kernel_references.h"

#include <array>
#include <string>

#include "core/error.h"
#include "runtime/intact_blob.h"

namespace intact {
namespace {

constexpr auto kReferences = std::to_array<KernelReference>({
#include "kernel_references.inc"
});

}  // namespace

std::span<const KernelReference> kernel_references() {
  return kReferences;
}

const KernelReference& kernel_reference(std::uint16_t kernel) {
  for (const KernelReference& reference : kReferences) {
    if (reference.kernel == kernel) return reference;
  }
  throw Error("the runtime has no convolution kernel " + std::to_string(kernel));
}

}  // namespace intact
