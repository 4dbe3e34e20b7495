#include "config/experiment.h"

#include <tuple>

#include "config/glob.h"

namespace intact {
namespace {

auto compared(const LayerConfig& l) {
  return std::tie(l.name, l.kind, l.inputs, l.out, l.kernel, l.stride, l.dilation, l.padding, l.groups,
                  l.depthwise, l.batch_norm, l.bias, l.activation, l.residual);
}

template <class T>
void put(T& target, const std::optional<T>& value) {
  if (value) target = *value;
}

// Binary and ternary quantizers have no choice of bits.
template <class Config, class Override>
void put_quantizer(Config& config, const Override& o) {
  if (o.quantizer == QuantizerKind::kBinary) config.bits = 1;
  if (o.quantizer == QuantizerKind::kTernary) config.bits = 2;
  put(config.quantizer, o.quantizer);
  put(config.bits, o.bits);
}

}  // namespace

bool LayerConfig::operator==(const LayerConfig& o) const {
  return compared(*this) == compared(o);
}

WeightQuantConfig weight_quant_for(const QuantizationConfig& q, const std::string& layer) {
  WeightQuantConfig config = q.weights;
  for (const QuantOverride& o : q.overrides) {
    if (!glob_matches(o.layers, layer)) continue;
    put_quantizer(config, o.weights);
    put(config.granularity, o.weights.granularity);
    put(config.observer, o.weights.observer);
    put(config.ste, o.weights.ste);
  }
  return config;
}

ActivationQuantConfig activation_quant_for(const QuantizationConfig& q, const std::string& layer) {
  ActivationQuantConfig config = q.activations;
  for (const QuantOverride& o : q.overrides) {
    if (!glob_matches(o.layers, layer)) continue;
    put_quantizer(config, o.activations);
    put(config.range, o.activations.range);
    put(config.observer, o.activations.observer);
    put(config.momentum, o.activations.momentum);
    put(config.pact_alpha, o.activations.pact_alpha);
    put(config.pact_decay, o.activations.pact_decay);
    put(config.ste, o.activations.ste);
  }
  return config;
}

}  // namespace intact
