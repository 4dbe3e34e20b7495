#include "config/check_quantization.h"

#include <string>

#include "config/glob.h"
#include "config/names.h"
#include "config/nearest.h"
#include "config/rectified.h"

namespace intact {
namespace {

bool has_weights(const LayerConfig& layer) {
  return layer.kind == LayerKind::kConv || layer.kind == LayerKind::kLinear;
}

class Checker {
 public:
  Checker(ExperimentConfig& config, const QuantizationPlaces& places)
      : source_(config.source), model_(config.model), quantization_(config.quantization), places_(places) {}

  void run() {
    for (std::size_t i = 0; i < places_.overrides.size(); ++i) check_override(i);
    const std::vector<bool> rectified = rectified_outputs(model_);
    for (std::size_t i = 0; i < model_.layers.size(); ++i) {
      if (has_weights(model_.layers[i])) check_weights(model_.layers[i]);
      if (quantizes_output(model_, i)) check_activations(model_.layers[i], rectified[i]);
    }
    check_classifier();
  }

 private:
  static bool sets_weights(const QuantOverride& o) { return o.weights != WeightQuantOverride{}; }
  static bool sets_activations(const QuantOverride& o) { return o.activations != ActivationQuantOverride{}; }

  // An override must have something to act on.
  void check_override(std::size_t index) const {
    const QuantOverride& o = quantization_.overrides[index];
    const QuantizationPlaces::Override& place = places_.overrides[index];
    bool any = false, any_weights = false, any_output = false;
    std::vector<std::string_view> names;
    for (std::size_t i = 0; i < model_.layers.size(); ++i) {
      names.push_back(model_.layers[i].name);
      if (!glob_matches(o.layers, model_.layers[i].name)) continue;
      any = true;
      any_weights = any_weights || has_weights(model_.layers[i]);
      any_output = any_output || quantizes_output(model_, i);
    }
    if (!any) fail_at(place.layers, "no layer matches " + quote(o.layers), nearest_hint(o.layers, names));
    if (sets_weights(o) && !any_weights)
      fail_at(place.weights, "no layer that matches " + quote(o.layers) + " has weights");
    if (sets_activations(o) && !any_output) {
      fail_at(place.activations, "no layer that matches " + quote(o.layers) + " quantizes its output",
              "the classifier gives int32 logits; max_pool and flatten hand on their input's grid");
    }
  }

  // The last matching override that sets the section; else the defaults; else the layer.
  Where place_of(const LayerConfig& layer, bool weights) const {
    for (std::size_t i = places_.overrides.size(); i-- > 0;) {
      const QuantOverride& o = quantization_.overrides[i];
      const bool sets = weights ? sets_weights(o) : sets_activations(o);
      if (sets && glob_matches(o.layers, layer.name)) {
        return weights ? places_.overrides[i].weights : places_.overrides[i].activations;
      }
    }
    const Where& defaults = weights ? places_.weights : places_.activations;
    if (defaults.source) return defaults;
    return {std::make_shared<const std::string>(source_), layer.line, layer.column};
  }

  // The range that applies to the layer, where it was given.
  Where place_of_range(const LayerConfig& layer) const {
    for (std::size_t i = places_.overrides.size(); i-- > 0;) {
      const QuantOverride& o = quantization_.overrides[i];
      if (o.activations.range && glob_matches(o.layers, layer.name)) return places_.overrides[i].range;
    }
    return places_.range;
  }

  void check_weights(const LayerConfig& layer) const {
    const WeightQuantConfig quant = weight_quant_for(quantization_, layer.name);
    const bool binary = quant.quantizer == QuantizerKind::kBinary;
    const std::string bits = std::to_string(quant.bits);
    if (binary && quant.bits != 1) {
      fail_at(place_of(layer, true),
              "layer " + quote(layer.name) + " has binary weights with " + bits + " bits",
              "binary weights have 1 bit; leave bits out beside quantizer: binary");
    }
    if (quant.quantizer == QuantizerKind::kTernary && quant.bits != 2) {
      fail_at(place_of(layer, true),
              "layer " + quote(layer.name) + " has ternary weights with " + bits + " bits",
              "ternary weights have 2 bits; leave bits out beside quantizer: ternary");
    }
    if (quant.quantizer == QuantizerKind::kSawb && (quant.bits == 6 || quant.bits == 7)) {
      fail_at(place_of(layer, true),
              "layer " + quote(layer.name) + " has sawb weights with " + bits + " bits",
              "2, 3, 4, 5 or 8 bits, or another quantizer");
    }
    if (!binary && quant.bits < 2) {
      fail_at(place_of(layer, true),
              "layer " + quote(layer.name) + " has " + std::string(to_word(quant.quantizer)) +
                  " weights with 1 bit",
              "2 to 8 bits, or quantizer: binary");
    }
  }

  void check_activations(const LayerConfig& layer, bool rectified) const {
    const ActivationQuantConfig quant = activation_quant_for(quantization_, layer.name);
    const auto fail = [&](const std::string& what, const std::string& hint) {
      fail_at(place_of(layer, false), "layer " + quote(layer.name) + " " + what, hint);
    };
    if (quant.quantizer == QuantizerKind::kBinary) {
      if (quant.bits != 1) {
        fail("has binary activations with " + std::to_string(quant.bits) + " bits",
             "binary activations have 1 bit; leave bits out beside quantizer: binary");
      }
      if (rectified) {
        fail("has binary activations behind a rectifier, whose sign is always +1",
             "set activation: none for it, or another quantizer in an override");
      }
      return;
    }
    if (rectified && quant.range == ActivationRange::kSigned) {
      fail_at(place_of_range(layer),
              "layer " + quote(layer.name) +
                  " has a signed range behind a rectifier, where half the codes never occur",
              "take range: auto or unsigned for it, or activation: none");
    }
    const bool is_unsigned =
        quant.range == ActivationRange::kUnsigned || (quant.range == ActivationRange::kAuto && rectified);
    if (quant.quantizer == QuantizerKind::kLsq && quant.range == ActivationRange::kAsymmetric) {
      fail("has lsq activations with an asymmetric range", "take quantizer: uniform, or range: auto");
    }
    if (quant.quantizer == QuantizerKind::kLsqPlus &&
        (rectified || quant.range == ActivationRange::kSigned || quant.range == ActivationRange::kUnsigned)) {
      fail("has lsq_plus activations, which learn an offset, where the range has none",
           "activation: none and no range, or quantizer: lsq");
    }
    if (quant.quantizer == QuantizerKind::kPact && !is_unsigned) {
      fail("has pact activations without an unsigned range",
           "give it activation: relu, or another quantizer in an override");
    }
    if (quant.quantizer == QuantizerKind::kPact && layer.activation == ActivationKind::kRelu6) {
      fail("has pact activations behind relu6, which clips already",
           "set activation: relu, or quantizer: lsq or uniform");
    }
    if (!is_unsigned && quant.bits < 2) {
      fail("has activations of 1 bit without a rectifier",
           "2 to 8 bits, activation: relu, or quantizer: binary");
    }
  }

  void check_classifier() {
    const LayerConfig& last = model_.layers.back();
    if (weight_quant_for(quantization_, last.name).granularity == Granularity::kPerTensor) return;
    for (std::size_t i = 0; i < places_.overrides.size(); ++i) {
      const QuantOverride& o = quantization_.overrides[i];
      if (o.layers == last.name && o.weights.granularity == Granularity::kPerChannel) {
        fail_at(
            places_.overrides[i].weights,
            "the classifier " + quote(last.name) + " cannot have weights per_channel",
            "its logits are compared with each other and share one scale; set per_tensor or leave it out");
      }
    }
    QuantOverride per_tensor;
    per_tensor.layers = last.name;
    per_tensor.weights.granularity = Granularity::kPerTensor;
    quantization_.overrides.push_back(per_tensor);
  }

  const std::string& source_;
  const ModelConfig& model_;
  QuantizationConfig& quantization_;
  const QuantizationPlaces& places_;
};

}  // namespace

void check_quantization(ExperimentConfig& config, const QuantizationPlaces& places) {
  Checker(config, places).run();
}

}  // namespace intact
