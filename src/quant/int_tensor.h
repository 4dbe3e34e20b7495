// What flows between layers in training: centred integers with their scale, never dequantized floats.
#pragma once

#include <torch/types.h>

#include "integer/grid.h"

namespace intact {

struct IntTensor {
  torch::Tensor v;  // float32, integer valued, CENTRED (v = q - z). Activations: NCHW, channels-last memory
  torch::Tensor s;  // positive, float32, may carry gradient; 0-dim, or [out channels] (weights)
  Grid grid;
  // Empty, or v's values as bytes in channels-last order: two's complement where the grid has negative ones,
  // but (v + 1) / 2 on the bipolar grid.
  torch::Tensor bytes = {};
};

}  // namespace intact
