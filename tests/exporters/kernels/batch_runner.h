// Many blobs in one run of an emulated core, or on this machine, with checked kernels (checked_kernels.h).
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "exporters/passes/lowered.h"
#include "firmware/qemu_runner.h"
#include "kernels/batch/batch_job.h"

namespace intact::test {

using Bytes = std::vector<std::uint8_t>;

struct BatchItem {
  const Lowered* lowered = nullptr;  // gives the tensors' sizes
  Bytes blob;
  std::vector<Bytes> inputs;
  std::uint32_t offered = UINT32_MAX;  // bit k: kernel k may be used
};

struct BatchResult {
  std::vector<Bytes> outputs;  // of sample 0: node 0, node 1, ...; of sample 1: ...
  std::array<std::uint32_t, BATCH_KERNELS> calls{};
  std::uint32_t faults = 0;  // BATCH_OUTSIDE_...
};

struct BatchResults {
  std::uint32_t kernels = 0;  // bit k: there is kernel k
  std::vector<BatchResult> items;
};

// Throw Error where a blob is refused or the core fails.
BatchResults run_batch(Core core, std::span<const BatchItem> items);
BatchResults run_batch_here(std::span<const BatchItem> items);

}  // namespace intact::test
