#include "train/calibrate/sweep.h"

#include "quant/libtorch.h"

#include <utility>

namespace intact {
namespace {

template <class T>
std::vector<T> inputs_of(const std::vector<std::vector<T>>& tensors, const Layer& layer, std::size_t batch) {
  std::vector<T> inputs;
  for (const int i : layer.inputs()) inputs.push_back(tensors.at(static_cast<std::size_t>(i)).at(batch));
  return inputs;
}

}  // namespace

Sweep::Sweep(const Network& network, const std::vector<torch::Tensor>& images)
    : batches_(images.size()),
      wanted_(network.layers().size() + 1),
      got_(network.layers().size() + 1),
      last_reader_(network.layers().size() + 1, 0) {
  for (const torch::Tensor& codes : images) {
    wanted_[0].push_back(network.float_input(codes));
    got_[0].push_back(network.quantized_input(codes));
  }
  for (const auto& layer : network.layers())
    for (const int i : layer->inputs()) last_reader_[static_cast<std::size_t>(i)] = layer->output();
}

std::vector<torch::Tensor> Sweep::wanted_inputs(const Layer& layer, std::size_t batch) const {
  return inputs_of(wanted_, layer, batch);
}

std::vector<IntTensor> Sweep::got_inputs(const Layer& layer, std::size_t batch) const {
  return inputs_of(got_, layer, batch);
}

void Sweep::advance(const Layer& layer, std::vector<torch::Tensor> wanted, std::vector<IntTensor> got) {
  const auto output = static_cast<std::size_t>(layer.output());
  wanted_.at(output) = std::move(wanted);
  got_.at(output) = std::move(got);
  for (const int i : layer.inputs()) {
    const auto input = static_cast<std::size_t>(i);
    if (last_reader_[input] != layer.output()) continue;
    wanted_[input].clear();
    got_[input].clear();
  }
}

}  // namespace intact
