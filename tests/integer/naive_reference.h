// ARITHMETIC.md read literally, one output at a time: no matrix, no 128-bit integers, shifts where the page
// has shifts.
#pragma once

#include "integer/oracle.h"

namespace intact::test {

// Logical values of all tensors, as Oracle::run gives them.
std::vector<Values> naive_run(const Graph& graph, const std::vector<std::uint8_t>& input);

}  // namespace intact::test
