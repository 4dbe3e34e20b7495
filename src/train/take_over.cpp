#include "train/take_over.h"

#include "quant/libtorch.h"

#include <map>
#include <sstream>
#include <string_view>
#include <vector>

#include "core/error.h"

namespace intact {
namespace {

constexpr std::string_view kWeightQuantizer = "weight_quantizer.";
constexpr std::string_view kActivationQuantizer = "activation_quantizer.";

using State = std::map<std::string, torch::Tensor>;

// A layer's parameters and buffers that `wanted` accepts by name.
template <class Wanted>
State state_of(const Layer& layer, Wanted wanted) {
  State state;
  for (const auto& item : layer.named_parameters())
    if (wanted(item.key())) state.emplace(item.key(), item.value());
  for (const auto& item : layer.named_buffers())
    if (wanted(item.key())) state.emplace(item.key(), item.value());
  return state;
}

State weights_of(const Layer& layer) {
  return state_of(layer, [](const std::string& key) {
    return !key.starts_with(kWeightQuantizer) && !key.starts_with(kActivationQuantizer);
  });
}

State quantizer_state(const Layer& layer, std::string_view prefix) {
  return state_of(layer, [&](const std::string& key) { return key.starts_with(prefix); });
}

std::map<std::string, const Layer*> by_name(const Network& network) {
  std::map<std::string, const Layer*> layers;
  for (const auto& layer : network.layers()) layers.emplace(layer->name(), layer.get());
  return layers;
}

std::string shape_text(const torch::Tensor& t) {
  std::ostringstream text;
  text << t.sizes();
  return text.str();
}

void compare_inputs(const InputSpec& from, const InputSpec& to, std::vector<std::string>& faults) {
  const auto text = [](const InputSpec& input) {
    std::ostringstream out;
    out << input.shape.h << 'x' << input.shape.w << 'x' << input.shape.c << " with scale " << input.scale
        << " and zero point " << input.zero_point;
    return out.str();
  };
  if (from.shape == to.shape && from.scale == to.scale && from.zero_point == to.zero_point) return;
  faults.push_back("the input is " + text(from) + " there, " + text(to) + " here");
}

void compare_layers(const Layer& from, const Layer& to, std::vector<std::string>& faults) {
  const State theirs = weights_of(from), ours = weights_of(to);
  const std::string layer = "layer " + to.name() + ": ";
  for (const auto& [key, tensor] : ours) {
    const auto it = theirs.find(key);
    if (it == theirs.end()) {
      faults.push_back(layer + "no " + key + " there");
    } else if (it->second.sizes() != tensor.sizes()) {
      faults.push_back(layer + key + " is " + shape_text(it->second) + " there, " + shape_text(tensor) +
                       " here");
    }
  }
  for (const auto& [key, tensor] : theirs)
    if (!ours.contains(key)) faults.push_back(layer + "no " + key + " here");
}

std::vector<std::string> differences(const Network& from, const Network& to) {
  std::vector<std::string> faults;
  compare_inputs(from.input(), to.input(), faults);
  const auto theirs = by_name(from), ours = by_name(to);
  for (const auto& layer : to.layers()) {
    if (weights_of(*layer).empty()) continue;
    const auto it = theirs.find(layer->name());
    if (it == theirs.end()) {
      faults.push_back("no layer " + layer->name() + " there");
    } else {
      compare_layers(*it->second, *layer, faults);
    }
  }
  for (const auto& layer : from.layers()) {
    if (!weights_of(*layer).empty() && !ours.contains(layer->name()))
      faults.push_back("no layer " + layer->name() + " here");
  }
  return faults;
}

void copy(const State& from, const State& to) {
  torch::NoGradGuard no_grad;
  for (const auto& [key, tensor] : to) torch::Tensor(tensor).copy_(from.at(key));
}

bool same_shapes(const State& a, const State& b) {
  if (a.size() != b.size()) return false;
  for (const auto& [key, tensor] : a) {
    const auto it = b.find(key);
    if (it == b.end() || it->second.sizes() != tensor.sizes()) return false;
  }
  return true;
}

// Whether the layer's quantizer of this role needs no ranges of its own any more.
bool take_over(const Layer& from, const Layer& to, std::string_view prefix, bool alike) {
  const State theirs = quantizer_state(from, prefix), ours = quantizer_state(to, prefix);
  if (ours.empty()) return true;
  if (!alike || !same_shapes(theirs, ours)) return false;
  copy(theirs, ours);
  return true;
}

}  // namespace

void take_over_weights(const ConfiguredNetwork& from, const ConfiguredNetwork& to,
                       const std::string& source) {
  const std::vector<std::string> faults = differences(from.network, to.network);
  if (!faults.empty()) {
    std::string all;
    for (const std::string& fault : faults) all += (all.empty() ? "" : "; ") + fault;
    throw Error("the network does not match that of " + source + ": " + all);
  }
  const auto theirs = by_name(from.network);
  for (const auto& layer : to.network.layers()) {
    const State ours = weights_of(*layer);
    if (!ours.empty()) copy(weights_of(*theirs.at(layer->name())), ours);
  }
}

int take_over_quantizers(const ConfiguredNetwork& from, const ConfiguredNetwork& to) {
  const auto theirs = by_name(from.network);
  int anew = 0;
  for (const auto& layer : to.network.layers()) {
    const std::string& name = layer->name();
    const auto it = theirs.find(name);
    const auto& there = from.config.quantization;
    const auto& here = to.config.quantization;
    const bool taken = it != theirs.end() &&
                       take_over(*it->second, *layer, kWeightQuantizer,
                                 weight_quant_for(there, name) == weight_quant_for(here, name)) &&
                       take_over(*it->second, *layer, kActivationQuantizer,
                                 activation_quant_for(there, name) == activation_quant_for(here, name));
    if (!taken && !layer->quantizers().empty()) ++anew;
  }
  return anew;
}

}  // namespace intact
