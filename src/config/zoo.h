// Networks by name.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "config/experiment.h"

namespace intact {

// plain_cnn      four convolutions, for 28x28x1; 4.7 M MACs
// residual_cnn   stem and three residual blocks, for 28x28x1; 2.5 M MACs
// depthwise_cnn  stem and three depthwise-separable blocks, for 28x28x1
// lenet5         LeNet-5 (LeCun 1998) with ReLU and max pooling, for 28x28x1
// resnet8        the ResNet-8 of MLPerf Tiny, for 32x32x3
// resnet20       ResNet-20 (He et al. 2016, section 4.2) for 32x32x3; the two shortcuts that change shape are
// 1x1
//                convolutions with batch norm (the paper's option B), since there is no operation that pads
//                channels
// vgg_small      for 32x32x3, the VGG-Small of the quantization literature at a quarter of its width: two 3x3
//                convolutions and a 2x2 max pooling, three times, with 32, 64 and 128 channels
// ds_cnn         the DS-CNN of MLPerf Tiny, for 49x10x1 (12 classes there)
// mobilenet      the MobileNetV1 (Howard et al. 2017) x0.25 of MLPerf Tiny, for 96x96x3 (2 classes there)
// autoencoder    the fully connected autoencoder of MLPerf Tiny, for 640 features (1x1x640), which it gives
// back
std::span<const std::string_view> zoo_names();

// Outputs where a config gives no number of classes: 10, of the autoencoder 640.
int zoo_outputs(std::string_view name);

// The network's layers, complete (inputs written out); nothing for an unknown name.
std::optional<std::vector<LayerConfig>> expand_zoo(std::string_view name, std::optional<int> outputs = {});

}  // namespace intact
