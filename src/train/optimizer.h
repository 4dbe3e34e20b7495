// The optimizer of a phase: LibTorch's, with three parameter groups.
#pragma once

#include <torch/optim/optimizer.h>

#include <memory>

#include "config/experiment.h"
#include "nn/network.h"

namespace intact {

// Groups: weights (decayed), quantizers' scales and clips (own rate, no decay), all others (no decay).
// quantizers is left out for the float network, whose quantizers take no part.
std::unique_ptr<torch::optim::Optimizer> make_optimizer(const Network& network, const OptimizerConfig& config,
                                                        bool quantizers);

// Sets the rate of every group; quantizers' group gets rate * quantizer_lr_factor.
void set_learning_rate(torch::optim::Optimizer& optimizer, const OptimizerConfig& config, double rate);

}  // namespace intact
