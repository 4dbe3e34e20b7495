// ResNet-8 (MLPerf Tiny image classification) as one would compose it from LibTorch's own modules: in float,
// and with LSQ written in tensor operations. The baselines that Intact's training is measured against.
#pragma once

#include <torch/nn/module.h>
#include <torch/types.h>

#include <memory>

namespace intact::benchmarks {

class PlainResNet8 : public torch::nn::Module {
 public:
  // fake_quant: weights 4 bits per channel, activations 4 bits, quantized and dequantized before every
  // convolution.
  explicit PlainResNet8(bool fake_quant);
  ~PlainResNet8() override;

  // x: float [N, 3, 32, 32], channels-last. Returns logits [N, 10].
  torch::Tensor forward(const torch::Tensor& x);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace intact::benchmarks
