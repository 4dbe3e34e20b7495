// The quantized rung in evaluation: LibTorch computing from IntStates alone.
#pragma once

#include <torch/types.h>

#include <vector>

#include "integer/graph.h"

namespace intact {

class IntegerNetwork {
 public:
  // Copies the graph; throws Error if it does not verify.
  explicit IntegerNetwork(Graph graph);

  // codes: uint8 [N, H, W, C]. Returns the logical values of every tensor by tensor index (0 is the input),
  // each int32 [N, H, W, C] contiguous.
  std::vector<torch::Tensor> run(const torch::Tensor& codes) const;

  // Logical values of the output tensor alone, int64 [N, C] (its pixel (0, 0)).
  torch::Tensor logits(const torch::Tensor& codes) const;

  const Graph& graph() const { return graph_; }

 private:
  std::vector<torch::Tensor> centred(const torch::Tensor& codes, bool keep_all) const;

  Graph graph_;
  std::vector<torch::Tensor> weights_;  // per node: float32 [O, I / groups, kh, kw], or undefined
  std::vector<int> last_use_;           // per tensor: the last node that reads it
};

}  // namespace intact
