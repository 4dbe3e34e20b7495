// The training network: layers in order, a float form, a quantized form, and freeze(), which makes the
// integers.
#pragma once

#include <torch/nn/module.h>
#include <torch/types.h>

#include <memory>
#include <string>
#include <vector>

#include "config/experiment.h"
#include "integer/graph.h"
#include "nn/layer.h"

namespace intact {

// What the network is fed: uint8 images; code u stands for scale * (u - zero_point).
struct InputSpec {
  Shape shape;
  double scale = 1.0 / 255.0;
  int zero_point = 0;
};

// scale = 1 / (255 std), zero_point = round(255 mean) clamped to 0..255.
InputSpec input_spec(const DataConfig& data, const Shape& shape);

class Network : public torch::nn::Module {
 public:
  Network(std::string name, const InputSpec& input, std::vector<std::shared_ptr<Layer>> layers);

  // codes: uint8 [N, H, W, C]. Return real logits [N, classes].
  torch::Tensor forward_float(const torch::Tensor& codes, const FloatPass& pass);
  torch::Tensor forward_quantized(const torch::Tensor& codes, const QuantPass& pass);

  // What the first layers read in each form.
  torch::Tensor float_input(const torch::Tensor& codes) const;
  IntTensor quantized_input(const torch::Tensor& codes) const;

  // All integers of the network as it is now. Throws Error naming the layer that cannot be lowered.
  Graph freeze() const;

  // The sum of the quantizers' regularizers, or undefined.
  torch::Tensor regularizer() const;

  // Parameters in three groups, for the optimizer: weights (decayed), quantizers' scales and clips, all
  // others.
  struct ParameterGroups {
    std::vector<torch::Tensor> weights, quantizers, others;
  };
  ParameterGroups parameter_groups() const;

  // Stops observers from moving their ranges (frozen phase).
  void set_observing(bool observing);
  // Quantizer::set_progress for all.
  void set_progress(double share);
  void start_reestimation();
  void finish_reestimation();

  const std::vector<std::shared_ptr<Layer>>& layers() const { return layers_; }
  const InputSpec& input() const { return input_; }

 private:
  std::string name_;
  InputSpec input_;
  std::vector<std::shared_ptr<Layer>> layers_;
};

// Builds the network that a config describes for images of `shape`. Throws ConfigError (with line and column
// of the layer) where shapes do not fit.
std::shared_ptr<Network> build_network(const ExperimentConfig& config, const Shape& shape);

}  // namespace intact
