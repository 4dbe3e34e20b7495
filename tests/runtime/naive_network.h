// docs/ARITHMETIC.md in 64-bit integers, one element at a time. Throws std::logic_error where a spec breaks
// the document's bounds.
#pragma once

#include <cstdint>
#include <vector>

#include "network_spec.h"

namespace intact::testing {

// Logical values of all tensors, the input's first.
std::vector<Values> run_naive(const NetworkSpec& network, const std::vector<std::uint8_t>& input);

}  // namespace intact::testing
