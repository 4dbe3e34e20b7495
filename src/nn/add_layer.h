// Free-standing add of one to eight tensors of one shape, each with a scale of its own; rectifier and
// quantizer at its end.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "nn/activation.h"
#include "nn/layer.h"

namespace intact {

class AddLayer : public Layer {
 public:
  AddLayer(const std::string& name, std::vector<int> inputs, int output, const Shape& out,
           ActivationKind activation, const ActivationQuantConfig& config, bool rectified);

  torch::Tensor forward_float(const std::vector<torch::Tensor>& in, const FloatPass& pass) override;
  IntTensor forward_quantized(const std::vector<IntTensor>& in, const QuantPass& pass) override;
  void freeze(Graph& graph) const override;
  std::vector<torch::Tensor> quantizer_parameters() const override {
    return activation_.quantizer()->parameters();
  }
  std::vector<std::shared_ptr<Quantizer>> quantizers() const override { return {activation_.quantizer()}; }

 private:
  Shape out_;
  Activation activation_;
};

}  // namespace intact
