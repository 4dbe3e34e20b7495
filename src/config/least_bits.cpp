#include "config/least_bits.h"

namespace intact {
namespace {

template <class Quant>
bool raised(const Quant& quant, int bits) {
  return quant.quantizer != QuantizerKind::kBinary && quant.quantizer != QuantizerKind::kTernary &&
         quant.bits < bits;
}

}  // namespace

ExperimentConfig with_least_bits(const ExperimentConfig& config, int bits) {
  ExperimentConfig result = config;
  for (const LayerConfig& layer : config.model.layers) {
    QuantOverride override_;
    override_.layers = layer.name;
    if (raised(weight_quant_for(config.quantization, layer.name), bits)) override_.weights.bits = bits;
    if (raised(activation_quant_for(config.quantization, layer.name), bits))
      override_.activations.bits = bits;
    if (override_.weights.bits || override_.activations.bits)
      result.quantization.overrides.push_back(override_);
  }
  return result;
}

}  // namespace intact
