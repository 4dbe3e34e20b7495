// Which layers' outputs cannot be negative: what "auto" means for an activation's range.
#pragma once

#include <vector>

#include "config/experiment.h"

namespace intact {

// Whether the layer's own quantizer is used for its output: not for the classifier (int32 logits), nor for
// max pooling and flatten, which hand on their input's grid.
bool quantizes_output(const ModelConfig& model, std::size_t layer);

// One entry per layer: true behind a rectifier, and where pooling, flatten or an add sees only such tensors.
// Layers must be in order with their inputs written out, as load_config() leaves them.
std::vector<bool> rectified_outputs(const ModelConfig& model);

}  // namespace intact
