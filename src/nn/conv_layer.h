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
  ConvLayer* convolution() override { return this; }

  // For calibration after training (conv_layer_reals.cpp): the layer as a convolution, an affine map of each
  // channel y = factor a + offset (batch norm with its running statistics, or the bias), the residual, and
  // the rectifier. All without gradient but for `weight`'s.
  struct Affine {
    torch::Tensor factor, offset;  // [O]
  };
  Affine affine() const;
  // The reals before the rectifier (the classifier: the logits), of float inputs and the layer's weights ...
  torch::Tensor float_reals(const std::vector<torch::Tensor>& in) const;
  // ... and of quantized inputs and `weight`, of reals too.
  torch::Tensor quantized_reals(const std::vector<IntTensor>& in, const torch::Tensor& weight) const;
  torch::Tensor rectify(const torch::Tensor& reals) const;
  // Adds to the offset, in beta or bias. Returns false where the layer has neither.
  bool add_offset(const torch::Tensor& change);

  // For cross-layer equalization (conv_layer_ranges.cpp). Whether the output's channels can be multiplied by
  // positive factors in the offset and the factor alone: no residual, no ceiling.
  bool outputs_scale() const;
  // max|w| of each filter, times |factor|, [O]; of all that reads each input channel, [I].
  torch::Tensor output_ranges() const;
  torch::Tensor input_ranges() const;
  void scale_outputs(const torch::Tensor& factor);  // [O]: in batch norm, or in weights and bias
  void scale_inputs(const torch::Tensor& factor);   // [I]: in the weights

  const torch::Tensor& weight() const { return weight_; }
  void set_weight(const torch::Tensor& weight);
  Quantizer& weight_quantizer() const { return *weight_quantizer_; }

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
