// The rung on an emulated core: the same runtime, cross-compiled, under QEMU.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>

#include "cli/compare/rung.h"
#include "data/dataset.h"

namespace intact {

class DeviceRung : public Rung {
 public:
  // Runs the first `samples` images of data on the core at once. Throws Error if QEMU or the core's firmware
  // is missing, or if the blob's checksum or self-test fails on the core.
  DeviceRung(const Graph& graph, std::span<const std::uint8_t> blob, const std::string& core,
             const Dataset& data, std::int64_t samples);

  std::string name() const override { return core_; }
  std::int64_t samples(std::int64_t available) const override { return std::min(samples_, available); }
  NodeValues run(std::span<const std::uint8_t> images, std::int64_t first, std::int64_t count) override;

  std::uint64_t instructions() const { return instructions_; }

 private:
  const Graph& graph_;
  std::string core_;
  std::int64_t samples_;
  std::uint64_t instructions_ = 0;
  NodeValues values_;  // of all samples
};

}  // namespace intact
