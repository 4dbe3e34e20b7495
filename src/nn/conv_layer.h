// Convolution or linear block: products of integers, batch norm or bias, residual, rectifier, quantizer. As
// the last layer of a network (the classifier) it ends in int32 logits instead.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "nn/activation.h"
#include "nn/exact_conv.h"
#include "nn/layer.h"

namespace intact {

struct ConvLayerOptions {
  std::string name;
  std::vector<int> inputs;  // {x} or {x, residual}
  int output = 0;
  Shape in, out;
  Window window;
  int groups = 1;
  bool batch_norm = false;
  bool bias = true;
  bool classifier = false;
  ActivationKind activation = ActivationKind::kNone;
  WeightQuantConfig weight_quant;
  ActivationQuantConfig activation_quant;  // not used by a classifier
  std::uint64_t seed = 1;  // weights: normal, variance 2 / fan-in (He et al. 2015), from (seed, output)
};

class ConvLayer : public Layer {
 public:
  explicit ConvLayer(const ConvLayerOptions& options);

  torch::Tensor forward_float(const std::vector<torch::Tensor>& in, const FloatPass& pass) override;
  IntTensor forward_quantized(const std::vector<IntTensor>& in, const QuantPass& pass) override;
  void freeze(Graph& graph) const override;
  std::vector<torch::Tensor> quantizer_parameters() const override;
  std::vector<torch::Tensor> decayed_parameters() const override { return {weight_}; }
  std::vector<std::shared_ptr<Quantizer>> quantizers() const override;
  BatchNorm* batch_norm() const override { return norm_.get(); }

 private:
  ConvGeometry geometry(const Grid& in) const;
  torch::Tensor normalize(const torch::Tensor& y, Statistics statistics);
  // a times the scales of the input and the weights, with the residual if `in` has one: the layer's output.
  // exact: its values, if they are known already, else undefined.
  IntTensor normalize_and_quantize(const torch::Tensor& a, const torch::Tensor& weight_scale,
                                   const std::vector<IntTensor>& in, Statistics statistics,
                                   const torch::Tensor& exact);
  IntTensor forward_logits(const torch::Tensor& a, const torch::Tensor& scale, const QuantPass& pass) const;

  ConvLayerOptions options_;
  torch::Tensor weight_;  // [O, I / groups, kh, kw]
  torch::Tensor bias_;    // [O], or undefined
  std::shared_ptr<BatchNorm> norm_;
  std::shared_ptr<Quantizer> weight_quantizer_;
  std::optional<Activation> activation_;  // none for the classifier
};

}  // namespace intact
