// The integer oracle: docs/ARITHMETIC.md written for clarity (Eigen, int64, floors by shifts), to
// check the other rungs. Shares no arithmetic code with the runtime or the training kernels.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "integer/graph.h"

namespace intact {

// Logical values (codes) of one tensor, height, width, channel; int32.
using Values = std::vector<std::int32_t>;

class Oracle {
 public:
  // Verifies the graph (throws Error) and keeps a reference to it: it must outlive the oracle.
  explicit Oracle(const Graph& graph);

  // Runs one sample. `input` holds the input tensor's codes. Returns the logical values of all tensors by
  // tensor index (the input's included). Thread safe.
  std::vector<Values> run(std::span<const std::uint8_t> input) const;

 private:
  const Graph& graph_;
};

// Index of the largest value, the lowest among equal ones.
int argmax(std::span<const std::int32_t> logits);

}  // namespace intact
