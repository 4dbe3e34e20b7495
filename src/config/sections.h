// One reader for each section of a config. All throw ConfigError.
#pragma once

#include <vector>

#include "config/experiment.h"
#include "config/tree.h"

namespace intact {

DataConfig read_data(const TreeNode& node);
ModelConfig read_model(const TreeNode& node);
LayerConfig read_layer(const TreeNode& node);  // name and inputs as written, perhaps none
TrainConfig read_train(const TreeNode& node);
CalibrateConfig read_calibrate(const TreeNode& node);
ExportConfig read_export(const TreeNode& node);

// Where the parts of the quantization stand, for faults that show only with the model at hand.
struct QuantizationPlaces {
  struct Override {
    Where layers, weights, activations, range;
  };
  Where weights, activations, range;  // range: activations.range, if it is given
  std::vector<Override> overrides;
};
QuantizationConfig read_quantization(const TreeNode& node, QuantizationPlaces& places);

}  // namespace intact
