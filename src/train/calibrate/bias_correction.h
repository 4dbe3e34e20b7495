// Empirical bias correction (Nagel et al. 2019, arXiv 1906.04721, section 4.2 and appendix D): rounding
// shifts a channel's mean; the shift, E[W~ x^] - E[W x] over the calibration images, goes out of the layer's
// offset.
#pragma once

#include <torch/types.h>

#include "nn/conv_layer.h"
#include "train/calibrate/sweep.h"

namespace intact {

// Of each channel's reals before the rectifier, with the weights and inputs of the float network.
torch::Tensor wanted_means(const ConvLayer& conv, const Sweep& sweep);

// Moves the layer's offset by what its quantized weights and inputs miss of these means. Returns false, and
// changes nothing, where the layer has neither batch norm nor bias.
bool correct_bias(ConvLayer& conv, const Sweep& sweep, const torch::Tensor& wanted);

}  // namespace intact
