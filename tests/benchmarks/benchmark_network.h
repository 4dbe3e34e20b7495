// The training step that is measured: ResNet-8 at CIFAR size, W4A4, LSQ, weights per channel, SGD with
// Nesterov momentum.
#pragma once

#include <torch/torch.h>

#include <memory>

#include "config/load.h"
#include "nn/network.h"

namespace intact::benchmarks {

inline constexpr char kConfig[] = R"(
name: resnet8
data: {kind: idx, path: unused, mean: 0.47, std: 0.25}
model: {zoo: resnet8}
quantization:
  weights: {quantizer: lsq, bits: 4}
  activations: {quantizer: lsq, bits: 4}
train: {phases: [{kind: qat, epochs: 1}]}
)";

inline std::shared_ptr<Network> benchmark_network() {
  return build_network(parse_config(kConfig, "benchmark"), {32, 32, 3});
}

inline torch::optim::SGDOptions benchmark_sgd() {
  return torch::optim::SGDOptions(0.01).momentum(0.9).nesterov(true).weight_decay(5e-4);
}

}  // namespace intact::benchmarks
