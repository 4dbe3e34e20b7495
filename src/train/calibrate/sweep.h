// The calibration images on their way through a network, one layer at a time.
#pragma once

#include <torch/types.h>

#include <cstddef>
#include <vector>

#include "nn/network.h"

namespace intact {

// Holds, for every batch, each tensor that a later layer still reads in two forms: as the float network has
// it (wanted), and as the layers quantized so far give it (got).
class Sweep {
 public:
  // images: a batch each, uint8 [N, H, W, C].
  Sweep(const Network& network, const std::vector<torch::Tensor>& images);

  std::size_t batches() const { return batches_; }
  std::vector<torch::Tensor> wanted_inputs(const Layer& layer, std::size_t batch) const;
  std::vector<IntTensor> got_inputs(const Layer& layer, std::size_t batch) const;

  // The layer's outputs, a batch each. Layers must come in the network's order.
  void advance(const Layer& layer, std::vector<torch::Tensor> wanted, std::vector<IntTensor> got);

 private:
  std::size_t batches_;
  std::vector<std::vector<torch::Tensor>> wanted_;  // [tensor][batch]; empty once no layer reads it any more
  std::vector<std::vector<IntTensor>> got_;
  std::vector<int> last_reader_;  // [tensor]: the output index of its last reader
};

}  // namespace intact
