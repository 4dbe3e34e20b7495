// Pooling: the maximum keeps its input's grid; the average is rescaled onto a grid of its own.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "nn/activation.h"
#include "nn/layer.h"

namespace intact {

class MaxPoolLayer : public Layer {
 public:
  MaxPoolLayer(const std::string& name, int input, int output, const Shape& out, const Window& window)
      : Layer(name, {input}, output), out_(out), window_(window) {}

  torch::Tensor forward_float(const std::vector<torch::Tensor>& in, const FloatPass& pass) override;
  IntTensor forward_quantized(const std::vector<IntTensor>& in, const QuantPass& pass) override;
  void freeze(Graph& graph) const override;
  std::vector<torch::Tensor> quantizer_parameters() const override { return {}; }
  std::vector<std::shared_ptr<Quantizer>> quantizers() const override { return {}; }
  bool scales_by_channel() const override { return true; }

 private:
  Shape out_;
  Window window_;
};

class AvgPoolLayer : public Layer {
 public:
  // rectified: the input's reals are never negative, so that an automatic range is unsigned.
  AvgPoolLayer(const std::string& name, int input, int output, const Shape& out, const Window& window,
               const ActivationQuantConfig& config, bool rectified);

  torch::Tensor forward_float(const std::vector<torch::Tensor>& in, const FloatPass& pass) override;
  IntTensor forward_quantized(const std::vector<IntTensor>& in, const QuantPass& pass) override;
  void freeze(Graph& graph) const override;
  std::vector<torch::Tensor> quantizer_parameters() const override {
    return activation_.quantizer()->parameters();
  }
  std::vector<std::shared_ptr<Quantizer>> quantizers() const override { return {activation_.quantizer()}; }
  bool scales_by_channel() const override { return activation_.is_homogeneous(); }

 private:
  double count() const { return static_cast<double>(window_.kernel_h) * window_.kernel_w; }

  Shape out_;
  Window window_;
  Activation activation_;
};

}  // namespace intact
