// A layer of the training network: a float form, a quantized form with gradients, and the integers that
// freeze() makes of it.
#pragma once

#include <torch/nn/module.h>
#include <torch/types.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "integer/graph.h"
#include "nn/batch_norm.h"
#include "quant/int_tensor.h"
#include "quant/quantizer.h"

namespace intact {

// How a pass through the float form treats statistics and quantizers.
struct FloatPass {
  Statistics statistics = Statistics::kBatch;
  bool observe = false;  // let quantizers see the reals that they would quantize (calibration)
};

// How a pass through the quantized form computes.
struct QuantPass {
  Statistics statistics = Statistics::kBatch;
  const Graph* exact =
      nullptr;  // frozen: forward values are these integers; gradients stay the straight-through ones
};

class ConvLayer;

class Layer : public torch::nn::Module {
 public:
  // inputs: tensor indices (0 is the network's input, i + 1 the output of layer i). The layer's own tensor is
  // `output`.
  Layer(std::string name, std::vector<int> inputs, int output)
      : name_(std::move(name)), inputs_(std::move(inputs)), output_(output) {}

  // Reals in, reals out, [N, C, H, W].
  virtual torch::Tensor forward_float(const std::vector<torch::Tensor>& in, const FloatPass& pass) = 0;

  // Integers in, integers out.
  virtual IntTensor forward_quantized(const std::vector<IntTensor>& in, const QuantPass& pass) = 0;

  // Appends this layer's tensor and node to the graph, whose tensors before hold the inputs' grids and
  // scales. No gradient, no state changed. Throws Error naming the layer if the integers cannot be made.
  virtual void freeze(Graph& graph) const = 0;

  // The quantizers' own learned parameters (scales, clips), for their learning rate.
  virtual std::vector<torch::Tensor> quantizer_parameters() const = 0;
  // Weights that decay applies to.
  virtual std::vector<torch::Tensor> decayed_parameters() const { return {}; }
  virtual std::vector<std::shared_ptr<Quantizer>> quantizers() const = 0;
  virtual BatchNorm* batch_norm() const { return nullptr; }
  virtual ConvLayer* convolution() { return nullptr; }
  // Whether the float form maps each channel of its only input to one of its own, f(x / s) = f(x) / s for s >
  // 0.
  virtual bool scales_by_channel() const { return false; }

  const std::string& name() const { return name_; }
  const std::vector<int>& inputs() const { return inputs_; }
  int output() const { return output_; }

 private:
  std::string name_;
  std::vector<int> inputs_;
  int output_;
};

// v with the value of exact and the gradient of straight_through.
inline torch::Tensor with_exact_value(const torch::Tensor& exact, const torch::Tensor& straight_through) {
  return exact + (straight_through - straight_through.detach());
}

}  // namespace intact
