// One kernel as the exporter knows it. A new kernel adds an entry to the table in kernel_candidates.cpp.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "exporters/kernels/target.h"
#include "integer/graph.h"
#include "runtime/intact_kernels.h"

namespace intact {

struct KernelCandidate {
  std::uint16_t kernel;  // FORMAT.md section 11
  std::string_view name;
  // The kernel's planning function (intact_kernels.h).
  std::uint64_t (*scratch)(const intact_conv*, std::uint64_t limit);
  // The kernel's parameter for these weights, or nothing where it would not be exact with them. Null: no
  // parameter, always exact.
  std::optional<std::uint16_t> (*parameter)(const intact_conv&, const Node&);
  // Estimated instructions of one run on a target, with that parameter and scratch; nothing where the target
  // lacks the kernel.
  std::optional<double> (*instructions)(const intact_conv&, Target, std::uint64_t scratch);
  // Where not 0: parameters from this one up to `parameter` are exact, and the cheapest is taken.
  std::uint16_t least_parameter = 0;
};

std::span<const KernelCandidate> kernel_candidates();
std::string_view kernel_name(std::uint16_t kernel);  // "unknown" where this version has none

}  // namespace intact
