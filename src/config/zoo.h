// Networks by name.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "config/experiment.h"

namespace intact {

// plain_cnn      three convolutions, for 28x28x1; 1.9 M MACs
// residual_cnn   stem and three residual blocks, for 28x28x1; 2.5 M MACs
// depthwise_cnn  stem and three depthwise-separable blocks, for 28x28x1
// lenet5         LeNet-5 (LeCun 1998) with ReLU and max pooling, for 28x28x1
// resnet8        the ResNet-8 of MLPerf Tiny, for 32x32x3
// ds_cnn         the DS-CNN of MLPerf Tiny, for 49x10x1 (12 classes there)
std::span<const std::string_view> zoo_names();

// The network's layers, complete (inputs written out); nothing for an unknown name.
std::optional<std::vector<LayerConfig>> expand_zoo(std::string_view name, int classes = 10);

}  // namespace intact
