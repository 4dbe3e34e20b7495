#include "nn/network.h"

#include "quant/libtorch.h"

#include <algorithm>
#include <cmath>
#include <unordered_set>
#include <utility>

#include "core/error.h"

namespace intact {
namespace {

// The inputs of a layer out of all tensors so far.
template <typename T>
std::vector<T> gather(const std::vector<T>& tensors, const std::vector<int>& indices) {
  std::vector<T> picked;
  picked.reserve(indices.size());
  for (int i : indices) picked.push_back(tensors.at(static_cast<std::size_t>(i)));
  return picked;
}

torch::Tensor centred_input(const torch::Tensor& codes, int zero_point) {
  return (codes.to(torch::kFloat32) - zero_point).permute({0, 3, 1, 2});  // channels-last memory
}

torch::Tensor as_matrix(const torch::Tensor& logits) {
  return logits.flatten(1);
}

}  // namespace

InputSpec input_spec(const DataConfig& data, const Shape& shape) {
  const double z = std::floor(255.0 * data.mean + 0.5);
  return {shape, 1.0 / (255.0 * data.std), static_cast<int>(std::clamp(z, 0.0, 255.0))};
}

Network::Network(std::string name, const InputSpec& input, std::vector<std::shared_ptr<Layer>> layers)
    : name_(std::move(name)), input_(input), layers_(std::move(layers)) {
  // Module names may not hold dots; layers' names may.
  for (std::size_t i = 0; i < layers_.size(); ++i) register_module("layer" + std::to_string(i), layers_[i]);
}

torch::Tensor Network::float_input(const torch::Tensor& codes) const {
  return centred_input(codes, input_.zero_point) * input_.scale;
}

IntTensor Network::quantized_input(const torch::Tensor& codes) const {
  return {centred_input(codes, input_.zero_point), torch::tensor(static_cast<float>(input_.scale)),
          Grid::unsigned_grid(8, input_.zero_point)};
}

torch::Tensor Network::forward_float(const torch::Tensor& codes, const FloatPass& pass) {
  std::vector<torch::Tensor> tensors{float_input(codes)};
  for (const auto& layer : layers_)
    tensors.push_back(layer->forward_float(gather(tensors, layer->inputs()), pass));
  return as_matrix(tensors.back());
}

torch::Tensor Network::forward_quantized(const torch::Tensor& codes, const QuantPass& pass) {
  std::vector<IntTensor> tensors{quantized_input(codes)};
  for (const auto& layer : layers_)
    tensors.push_back(layer->forward_quantized(gather(tensors, layer->inputs()), pass));
  return as_matrix(tensors.back().v * tensors.back().s);
}

Graph Network::freeze() const {
  Graph graph;
  graph.name = name_;
  graph.tensors.push_back({"input", input_.shape, Grid::unsigned_grid(8, input_.zero_point), input_.scale});
  for (const auto& layer : layers_) layer->freeze(graph);
  graph.input = 0;
  graph.output = static_cast<int>(graph.tensors.size()) - 1;
  return graph;
}

torch::Tensor Network::regularizer() const {
  torch::Tensor total;
  for (const auto& layer : layers_) {
    for (const auto& quantizer : layer->quantizers()) {
      const torch::Tensor term = quantizer->regularizer();
      if (term.defined()) total = total.defined() ? total + term : term;
    }
  }
  return total;
}

Network::ParameterGroups Network::parameter_groups() const {
  ParameterGroups groups;
  std::unordered_set<const void*> taken;
  const auto take = [&](const std::vector<torch::Tensor>& from, std::vector<torch::Tensor>& to) {
    for (const torch::Tensor& p : from) {
      if (taken.insert(p.unsafeGetTensorImpl()).second) to.push_back(p);
    }
  };
  for (const auto& layer : layers_) {
    take(layer->decayed_parameters(), groups.weights);
    take(layer->quantizer_parameters(), groups.quantizers);
  }
  take(parameters(), groups.others);
  return groups;
}

void Network::set_observing(bool observing) {
  for (const auto& layer : layers_) {
    for (const auto& quantizer : layer->quantizers()) quantizer->set_observing(observing);
  }
}

void Network::set_progress(double share) {
  for (const auto& layer : layers_) {
    for (const auto& quantizer : layer->quantizers()) quantizer->set_progress(share);
  }
}

void Network::start_reestimation() {
  for (const auto& layer : layers_) {
    if (BatchNorm* norm = layer->batch_norm()) norm->start_reestimation();
  }
}

void Network::finish_reestimation() {
  for (const auto& layer : layers_) {
    if (BatchNorm* norm = layer->batch_norm()) norm->finish_reestimation();
  }
}

}  // namespace intact
