#include "train/calibrate/equalize.h"

#include "quant/libtorch.h"

#include <algorithm>

#include "nn/conv_layer.h"

namespace intact {
namespace {

constexpr int kMostRounds = 100;
constexpr double kStill = 1e-4;  // largest |s - 1| of a round that ends the search

struct Pair {
  ConvLayer* first;
  ConvLayer* second;
};

using Readers = std::vector<std::vector<Layer*>>;  // [tensor]

Readers readers_of(const Network& network) {
  Readers readers(network.layers().size() + 1);
  for (const auto& layer : network.layers())
    for (const int i : layer->inputs()) readers[static_cast<std::size_t>(i)].push_back(layer.get());
  return readers;
}

// The one convolution that the tensor goes to, or none.
ConvLayer* only_convolution(const Readers& readers, int tensor) {
  while (true) {
    const std::vector<Layer*>& all = readers.at(static_cast<std::size_t>(tensor));
    if (all.size() != 1) return nullptr;
    if (ConvLayer* conv = all[0]->convolution())
      return conv->inputs()[0] == tensor ? conv : nullptr;  // else its residual
    if (!all[0]->scales_by_channel()) return nullptr;
    tensor = all[0]->output();
  }
}

std::vector<Pair> pairs_of(const Network& network) {
  const Readers readers = readers_of(network);
  std::vector<Pair> pairs;
  for (const auto& layer : network.layers()) {
    ConvLayer* first = layer->convolution();
    if (first == nullptr || !first->outputs_scale()) continue;
    if (ConvLayer* second = only_convolution(readers, first->output())) pairs.push_back({first, second});
  }
  return pairs;
}

// Returns the largest |s - 1|.
double equalize(const Pair& pair) {
  const torch::Tensor r1 = pair.first->output_ranges(), r2 = pair.second->input_ranges();
  const torch::Tensor s =
      torch::where((r1 > 0).logical_and(r2 > 0), torch::sqrt(r1 / r2), torch::ones_like(r1));
  pair.first->scale_outputs(1 / s);
  pair.second->scale_inputs(s);
  return (s - 1).abs().max().item<double>();
}

}  // namespace

std::vector<EqualizedPair> equalize(Network& network) {
  const torch::NoGradGuard no_grad;
  const std::vector<Pair> pairs = pairs_of(network);
  double moved = 1;
  for (int round = 0; round < kMostRounds && moved > kStill; ++round) {
    moved = 0;
    for (const Pair& pair : pairs) moved = std::max(moved, equalize(pair));
  }
  std::vector<EqualizedPair> names;
  for (const Pair& pair : pairs) names.push_back({pair.first->name(), pair.second->name()});
  return names;
}

}  // namespace intact
