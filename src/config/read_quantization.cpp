#include "config/glob.h"
#include "config/map_reader.h"
#include "config/sections.h"

namespace intact {
namespace {

constexpr IntRange kBits{1, 8};

// `bits` against the quantizer named beside it, if one is.
void check_bits(const MapReader& map, std::optional<QuantizerKind> quantizer, std::optional<int> bits) {
  const TreeNode* node = map.find("bits");
  if (node == nullptr || !quantizer || !bits) return;
  if (*quantizer == QuantizerKind::kBinary && *bits != 1) {
    fail_at(node->where, "'bits' must be 1 for the binary quantizer, not " + std::to_string(*bits),
            "leave bits out");
  }
  if (*quantizer == QuantizerKind::kTernary && *bits != 2) {
    fail_at(node->where, "'bits' must be 2 for the ternary quantizer, not " + std::to_string(*bits),
            "leave bits out");
  }
  if (*quantizer == QuantizerKind::kSawb && (*bits == 6 || *bits == 7)) {
    fail_at(node->where, "the sawb quantizer has no coefficients for " + std::to_string(*bits) + " bits",
            "2, 3, 4, 5 or 8");
  }
}

// `ste` against the quantizer named beside it, if one is; the default goes with all (resolved configs name
// it).
void check_ste(const MapReader& map, std::optional<QuantizerKind> quantizer,
               std::optional<StraightThrough> ste) {
  const TreeNode* node = map.find("ste");
  if (node == nullptr || !quantizer || *quantizer == QuantizerKind::kBinary) return;
  if (ste == StraightThrough::kClipped) return;
  fail_at(node->where, "'ste' goes with the binary quantizer only, not " + std::string(to_word(*quantizer)),
          "leave ste out");
}

bool is_for_weights(QuantizerKind quantizer) {
  return quantizer != QuantizerKind::kPact && quantizer != QuantizerKind::kLsqPlus;
}

bool is_for_activations(QuantizerKind quantizer) {
  return quantizer != QuantizerKind::kSawb && quantizer != QuantizerKind::kDorefa &&
         quantizer != QuantizerKind::kTernary;
}

void refuse_for_weights(const MapReader& map, std::optional<QuantizerKind> quantizer) {
  if (!quantizer || is_for_weights(*quantizer)) return;
  fail_at(map.find("quantizer")->where,
          "the " + std::string(to_word(*quantizer)) + " quantizer is for activations, not weights",
          "for weights take uniform, lsq, tqt, sawb, dorefa, ternary or binary");
}

void refuse_for_activations(const MapReader& map, std::optional<QuantizerKind> quantizer) {
  if (!quantizer || is_for_activations(*quantizer)) return;
  fail_at(map.find("quantizer")->where,
          "the " + std::string(to_word(*quantizer)) + " quantizer is for weights, not activations",
          "for activations take uniform, lsq, lsq_plus, tqt, pact or binary");
}

WeightQuantOverride read_weights(const TreeNode& node, const std::string& what) {
  const MapReader map(node, what, {"quantizer", "bits", "granularity", "observer", "ste"});
  WeightQuantOverride weights;
  map.choice("quantizer", weights.quantizer);
  map.integer("bits", weights.bits, kBits);
  map.choice("granularity", weights.granularity);
  map.choice("observer", weights.observer);
  map.choice("ste", weights.ste);
  refuse_for_weights(map, weights.quantizer);
  check_bits(map, weights.quantizer, weights.bits);
  check_ste(map, weights.quantizer, weights.ste);
  return weights;
}

void check_range(const MapReader& map, QuantizerKind quantizer, ActivationRange range) {
  const TreeNode* node = map.find("range");
  if (node == nullptr) return;
  if (quantizer == QuantizerKind::kBinary && range != ActivationRange::kAuto) {
    fail_at(node->where, "the binary quantizer has no range: its values are -1 and +1", "leave range out");
  }
  if ((quantizer == QuantizerKind::kLsq || quantizer == QuantizerKind::kTqt) &&
      range == ActivationRange::kAsymmetric) {
    fail_at(node->where, "the " + std::string(to_word(quantizer)) + " quantizer has no asymmetric range",
            "take quantizer: uniform, or range: auto");
  }
  if (quantizer == QuantizerKind::kLsqPlus &&
      (range == ActivationRange::kSigned || range == ActivationRange::kUnsigned)) {
    fail_at(node->where, "the lsq_plus quantizer learns an offset and has an asymmetric range only",
            "leave range out, or take quantizer: lsq");
  }
  if (quantizer == QuantizerKind::kPact &&
      (range == ActivationRange::kAsymmetric || range == ActivationRange::kSigned)) {
    fail_at(node->where, "the pact quantizer needs an unsigned range",
            "take range: auto behind a rectifier, or another quantizer");
  }
}

ActivationQuantOverride read_activations(const TreeNode& node, const std::string& what) {
  const MapReader map(
      node, what, {"quantizer", "bits", "range", "observer", "momentum", "pact_alpha", "pact_decay", "ste"});
  ActivationQuantOverride activations;
  map.choice("quantizer", activations.quantizer);
  map.integer("bits", activations.bits, kBits);
  map.choice("range", activations.range);
  map.choice("observer", activations.observer);
  map.real("momentum", activations.momentum, {0.0, 1.0, true});
  map.real("pact_alpha", activations.pact_alpha, {0.0, 1e6, true});
  map.real("pact_decay", activations.pact_decay, {0.0, 1.0});
  map.choice("ste", activations.ste);
  refuse_for_activations(map, activations.quantizer);
  check_bits(map, activations.quantizer, activations.bits);
  check_ste(map, activations.quantizer, activations.ste);
  if (activations.quantizer && activations.range)
    check_range(map, *activations.quantizer, *activations.range);
  return activations;
}

QuantOverride read_override(const TreeNode& node, QuantizationPlaces::Override& places) {
  const MapReader map(node, "an override", {"layers", "weights", "activations"});
  QuantOverride override_;
  const TreeNode& layers = map.require("layers");
  override_.layers = read_text(layers, "layers");
  places.layers = layers.where;
  constexpr std::size_t kLongestGlob = 256;
  if (override_.layers.size() > kLongestGlob || !glob_is_valid(override_.layers)) {
    fail_at(layers.where, "'layers' is no pattern",
            "letters, * (any text), ? (one character), [abc] (one of these)");
  }
  if (const TreeNode* weights = map.find("weights")) {
    override_.weights = read_weights(*weights, "an override's weights");
    places.weights = weights->where;
  }
  if (const TreeNode* activations = map.find("activations")) {
    override_.activations = read_activations(*activations, "an override's activations");
    places.activations = activations->where;
    if (const TreeNode* range = activations->find("range")) places.range = range->where;
  }
  if (override_.weights == WeightQuantOverride{} && override_.activations == ActivationQuantOverride{}) {
    fail_at(map.where(), "an override sets nothing", "give it weights or activations");
  }
  return override_;
}

}  // namespace

// The defaults are read as an override of the built-in defaults: one parser, one meaning.
QuantizationConfig read_quantization(const TreeNode& node, QuantizationPlaces& places) {
  const MapReader map(node, "quantization", {"weights", "activations", "overrides"});
  QuantizationConfig config;
  QuantOverride defaults;
  defaults.layers = "*";
  places.weights = places.activations = node.where;
  if (const TreeNode* weights = map.find("weights")) {
    defaults.weights = read_weights(*weights, "quantization.weights");
    places.weights = weights->where;
  }
  if (const TreeNode* activations = map.find("activations")) {
    defaults.activations = read_activations(*activations, "quantization.activations");
    places.activations = activations->where;
    if (const TreeNode* range = activations->find("range")) places.range = range->where;
  }
  config.overrides.push_back(defaults);
  const WeightQuantConfig weights = weight_quant_for(config, "");
  const ActivationQuantConfig activations = activation_quant_for(config, "");
  config = {weights, activations, {}};
  if (const TreeNode* overrides = map.find("overrides")) {
    for (const TreeNode& item : read_list(*overrides, "overrides")) {
      config.overrides.push_back(read_override(item, places.overrides.emplace_back()));
    }
  }
  return config;
}

}  // namespace intact
