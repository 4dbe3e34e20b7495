// The quantization section: defaults, overrides, and what model and quantizers demand of each other.
#include <gtest/gtest.h>

#include "config/rectified.h"
#include "config_text.h"

namespace intact::test {
namespace {

// conv1 has a rectifier, conv2 has none; the pool averages conv2; fc is the classifier.
ConfigText quantization(const std::string& text) {
  return with_quantization(text);
}

// One override beside the built-in defaults.
ConfigText one_override(const std::string& text) {
  return quantization("  overrides:\n    - " + text + "\n");
}

TEST(Quantization, BuiltInDefaults) {
  ConfigText text;
  const std::string whole = text.str();
  const auto config = parse(text).quantization;
  EXPECT_EQ(config.weights, WeightQuantConfig{});
  EXPECT_EQ(config.activations, ActivationQuantConfig{});
  const std::size_t at = whole.find("quantization:");
  const std::string without = whole.substr(0, at) + whole.substr(whole.find("train:"));
  EXPECT_EQ(parse_config(without, "t").quantization, config);  // the section may be left out
}

TEST(Quantization, Values) {
  const auto config =
      parse(
          quantization(
              "  weights: {quantizer: uniform, bits: 3, granularity: per_tensor, observer: moving_average}\n"
              "  activations: {quantizer: uniform, bits: 5, range: asymmetric, observer: min_max,\n"
              "                momentum: 0.25, pact_alpha: 8, pact_decay: 0.001}\n"))
          .quantization;
  EXPECT_EQ(config.weights.quantizer, QuantizerKind::kUniform);
  EXPECT_EQ(config.weights.bits, 3);
  EXPECT_EQ(config.weights.granularity, Granularity::kPerTensor);
  EXPECT_EQ(config.weights.observer, ObserverKind::kMovingAverage);
  EXPECT_EQ(config.activations.quantizer, QuantizerKind::kUniform);
  EXPECT_EQ(config.activations.bits, 5);
  EXPECT_EQ(config.activations.range, ActivationRange::kAsymmetric);
  EXPECT_EQ(config.activations.observer, ObserverKind::kMinMax);
  EXPECT_EQ(config.activations.momentum, 0.25);
  EXPECT_EQ(config.activations.pact_alpha, 8.0);
  EXPECT_EQ(config.activations.pact_decay, 0.001);
}

TEST(Quantization, LaterOverridesWin) {
  const auto config =
      parse(quantization("  weights: {bits: 6}\n"
                         "  overrides:\n"
                         "    - {layers: conv*, weights: {bits: 4}, activations: {bits: 5}}\n"
                         "    - {layers: conv2, weights: {bits: 2}}\n"
                         "    - {layers: \"conv[2-9]\", activations: {quantizer: uniform}}\n"))
          .quantization;
  EXPECT_EQ(weight_quant_for(config, "conv1").bits, 4);
  EXPECT_EQ(weight_quant_for(config, "conv2").bits, 2);
  EXPECT_EQ(weight_quant_for(config, "fc").bits, 6);
  EXPECT_EQ(activation_quant_for(config, "conv2").bits, 5);
  EXPECT_EQ(activation_quant_for(config, "conv2").quantizer, QuantizerKind::kUniform);
  EXPECT_EQ(activation_quant_for(config, "conv1").quantizer, QuantizerKind::kLsq);
  EXPECT_EQ(activation_quant_for(config, "pool").bits, 8);
}

TEST(Quantization, BinaryHasOneBitUnlessGiven) {
  const auto config = parse(quantization("  weights: {quantizer: binary}\n"
                                         "  overrides:\n"
                                         "    - {layers: conv2, activations: {quantizer: binary}}\n"
                                         "    - {layers: fc, weights: {quantizer: lsq, bits: 8}}\n"))
                          .quantization;
  EXPECT_EQ(config.weights.bits, 1);
  EXPECT_EQ(weight_quant_for(config, "conv1").bits, 1);
  EXPECT_EQ(weight_quant_for(config, "fc").bits, 8);
  EXPECT_EQ(activation_quant_for(config, "conv2").bits, 1);
  EXPECT_EQ(activation_quant_for(config, "conv1").bits, 8);
}

TEST(Quantization, ClassifierIsPerTensor) {
  const auto config = parse(quantization("  weights: {granularity: per_channel}\n")).quantization;
  EXPECT_EQ(weight_quant_for(config, "fc").granularity, Granularity::kPerTensor);
  EXPECT_EQ(weight_quant_for(config, "conv1").granularity, Granularity::kPerChannel);
  const auto starred =
      parse(one_override("{layers: \"*\", weights: {granularity: per_channel}}")).quantization;
  EXPECT_EQ(weight_quant_for(starred, "fc").granularity, Granularity::kPerTensor);
  const auto all = parse(quantization("  weights: {granularity: per_tensor}\n")).quantization;
  EXPECT_TRUE(all.overrides.empty());
  expect_fault(one_override("{layers: fc, weights: ^{granularity: per_channel}}"),
               "the classifier 'fc' cannot have weights per_channel");
}

TEST(Quantization, StraightThroughIsForBinaryOnly) {
  const auto config = parse(quantization("  weights: {quantizer: binary, ste: error_decay}\n")).quantization;
  EXPECT_EQ(config.weights.ste, StraightThrough::kErrorDecay);
  EXPECT_EQ(activation_quant_for(config, "conv1").ste, StraightThrough::kClipped);
  expect_fault(quantization("  weights: {quantizer: lsq, ste: ^approx_sign}\n"),
               "'ste' goes with the binary quantizer only, not lsq");
  expect_fault(quantization("  weights: {quantizer: binary, ste: ^identity}\n"), "'ste'");
}

TEST(Quantization, Keys) {
  expect_fault(quantization("  ^weight: {}\n"),
               "unknown key 'weight' in quantization (did you mean 'weights'?");
  expect_fault(quantization("  weights: {^bit: 3}\n"),
               "unknown key 'bit' in quantization.weights (did you mean 'bits'?");
  expect_fault(quantization("  weights: {^range: auto}\n"), "unknown key 'range' in quantization.weights");
  expect_fault(quantization("  activations: {^granularity: per_tensor}\n"),
               "unknown key 'granularity' in quantization.activations");
  expect_fault(one_override("{layers: conv1, ^weigths: {}}"),
               "unknown key 'weigths' in an override (did you mean 'weights'?");
  expect_fault(one_override("^{weights: {bits: 3}}"), "an override lacks the key 'layers'");
  expect_fault(one_override("^{layers: conv1}"), "an override sets nothing");
  expect_fault(one_override("^{layers: conv1, weights: {}}"), "an override sets nothing");
  expect_fault(quantization("  overrides: ^{}\n"), "'overrides' must be a list, not a map");
}

TEST(Quantization, Values_OutOfRange) {
  expect_fault(quantization("  weights: {bits: ^0}\n"), "'bits' must be an integer from 1 to 8, not '0'");
  expect_fault(quantization("  activations: {bits: ^9}\n"), "'bits' must be an integer from 1 to 8, not '9'");
  expect_fault(quantization("  activations: {momentum: ^0}\n"),
               "'momentum' must be a number above 0, at most 1");
  expect_fault(quantization("  activations: {pact_alpha: ^-1}\n"), "'pact_alpha' must be a number above 0");
  expect_fault(quantization("  weights: {quantizer: ^lsqq}\n"), "did you mean 'lsq'?");
}

TEST(Quantization, Globs) {
  expect_fault(one_override("{layers: ^cnov1, weights: {bits: 4}}"),
               "no layer matches 'cnov1' (did you mean 'conv1'?");
  expect_fault(one_override("{layers: ^block*, weights: {bits: 4}}"), "no layer matches 'block*'");
  expect_fault(one_override("{layers: ^\"conv[\", weights: {bits: 4}}"), "'layers' is no pattern");
  expect_fault(one_override("{layers: pool, weights: ^{bits: 4}}"),
               "no layer that matches 'pool' has weights");
  expect_fault(one_override("{layers: fc, activations: ^{bits: 4}}"),
               "no layer that matches 'fc' quantizes its output");
}

TEST(Quantization, WeightRules) {
  expect_fault(quantization("  weights: {quantizer: ^pact}\n"),
               "the pact quantizer is for activations, not weights");
  expect_fault(one_override("{layers: conv1, weights: {quantizer: ^pact}}"),
               "the pact quantizer is for activations");
  expect_fault(quantization("  weights: {quantizer: ^lsq_plus}\n"),
               "the lsq_plus quantizer is for activations, not weights");
  expect_fault(quantization("  weights: {quantizer: ternary, bits: ^4}\n"),
               "'bits' must be 2 for the ternary quantizer, not 4");
  expect_fault(quantization("  weights: {quantizer: sawb, bits: ^6}\n"), "no coefficients for 6 bits");
  expect_fault(quantization("  activations: {quantizer: ^dorefa}\n"),
               "the dorefa quantizer is for weights, not activations");
  expect_fault(quantization("  activations: {quantizer: lsq_plus, range: ^signed}\n"),
               "the lsq_plus quantizer learns an offset");
  expect_fault(quantization("  weights: {quantizer: binary, bits: ^2}\n"),
               "'bits' must be 1 for the binary quantizer, not 2");
  expect_fault(quantization("  weights: ^{bits: 1}\n"),
               "layer 'conv1' has lsq weights with 1 bit (2 to 8 bits, or quantizer: binary)");
  expect_fault(one_override("{layers: fc, weights: ^{bits: 1}}"), "layer 'fc' has lsq weights with 1 bit");
  expect_fault(
      quantization(
          "  weights: {quantizer: binary}\n  overrides: [{layers: fc, weights: ^{quantizer: uniform}}]\n"),
      "layer 'fc' has uniform weights with 1 bit");
  expect_fault(
      quantization("  weights: {quantizer: binary}\n  overrides: [{layers: fc, weights: ^{bits: 8}}]\n"),
      "layer 'fc' has binary weights with 8 bits");
}

TEST(Quantization, ActivationRules) {
  expect_fault(quantization("  activations: {quantizer: binary, bits: ^8}\n"),
               "'bits' must be 1 for the binary quantizer");
  expect_fault(one_override("{layers: conv1, activations: ^{quantizer: binary}}"),
               "layer 'conv1' has binary activations behind a rectifier, whose sign is always +1");
  expect_fault(quantization("  activations: {quantizer: binary, range: ^signed}\n"),
               "the binary quantizer has no range");
  expect_fault(quantization("  activations: {quantizer: lsq, range: ^asymmetric}\n"),
               "the lsq quantizer has no asymmetric range");
  expect_fault(quantization("  activations: ^{range: asymmetric}\n"),
               "layer 'conv1' has lsq activations with an asymmetric range");
  expect_fault(quantization("  activations: {quantizer: pact, range: ^signed}\n"),
               "the pact quantizer needs an unsigned range");
  expect_fault(one_override("{layers: conv2, activations: ^{quantizer: pact}}"),
               "layer 'conv2' has pact activations without an unsigned range");
  expect_fault(quantization("  activations: ^{bits: 1}\n"),
               "layer 'conv2' has activations of 1 bit without a rectifier");
  expect_fault(one_override("{layers: conv2, activations: ^{range: signed, bits: 1}}"),
               "layer 'conv2' has activations of 1 bit without a rectifier");
}

// Reported at the range that applies, wherever other keys of the layer's activations were given.
TEST(Quantization, ASignedRangeBehindARectifier) {
  const char* const message = "layer 'conv1' has a signed range behind a rectifier";
  expect_fault(one_override("{layers: conv1, activations: {bits: 4, range: ^signed}}"), message);
  expect_fault(quantization("  activations: {quantizer: uniform, range: ^signed}\n"), message);
  expect_fault(quantization("  activations: {range: ^signed}\n"
                            "  overrides: [{layers: conv1, activations: {quantizer: pact}}]\n"),
               message);
  expect_fault(quantization("  overrides:\n"
                            "    - {layers: conv*, activations: {range: unsigned}}\n"
                            "    - {layers: \"*1\", activations: {range: ^signed}}\n"
                            "    - {layers: conv1, activations: {bits: 4}}\n"),
               message);
  expect_fault_as_whole(quantization("  {}\n").str(), {"quantization.activations.range=signed"}, message);
}

TEST(Quantization, ActivationRulesThatHold) {
  parse(one_override("{layers: conv2, activations: {range: signed}}"));  // no rectifier
  parse(one_override("{layers: pool, activations: {range: signed}}"));   // averages what has none
  parse(
      quantization("  activations: {range: signed}\n"
                   "  overrides: [{layers: conv1, activations: {range: auto}}]\n"));
  parse(one_override("{layers: conv1, activations: {bits: 1}}"));  // unsigned behind the rectifier
  parse(one_override("{layers: conv1, activations: {quantizer: pact}}"));
  parse(one_override("{layers: conv2, activations: {quantizer: pact, range: unsigned}}"));
  parse(one_override("{layers: conv2, activations: {bits: 1, range: unsigned}}"));
  parse(one_override("{layers: \"conv2\", activations: {quantizer: binary}}"));
  parse(quantization("  activations: {quantizer: uniform, range: asymmetric}\n"));
}

TEST(Quantization, Relu6) {
  ConfigText text = one_override("{layers: conv1, activations: ^{quantizer: pact}}");
  text.model.replace(text.model.find("relu"), 4, "relu6");
  expect_fault(text, "layer 'conv1' has pact activations behind relu6");
  for (const char* quantizer : {"uniform", "lsq"}) {
    ConfigText good =
        one_override(std::string("{layers: conv1, activations: {quantizer: ") + quantizer + "}}");
    good.model.replace(good.model.find("relu"), 4, "relu6");
    parse(good);
  }
}

TEST(Quantization, FaultWithoutASectionStandsAtTheLayer) {
  ConfigText text;
  text.quantization = "  {}\n";
  const std::string whole = text.str();
  try {
    parse_config(whole, "t", {"quantization.activations.bits=1"});
    ADD_FAILURE();
  } catch (const ConfigError& error) {
    EXPECT_STREQ(error.file().c_str(), "--set quantization.activations.bits=1");
  }
}

// Pooling, flatten and adds hand a rectified range on; convolutions do not.
TEST(Rectified, FollowsTheGraph) {
  const auto config =
      parse(with_model("  layers:\n"
                       "    - {name: a, type: conv, out: 4, kernel: 1, activation: relu}\n"
                       "    - {name: b, type: conv, out: 4, kernel: 1}\n"
                       "    - {name: pool_a, type: avg_pool, kernel: 1, input: a}\n"
                       "    - {name: pool_b, type: max_pool, kernel: 1, input: b}\n"
                       "    - {name: pool_in, type: max_pool, kernel: 1, input: input}\n"
                       "    - {name: sum_aa, type: add, inputs: [a, pool_a]}\n"
                       "    - {name: sum_ab, type: add, inputs: [a, pool_b]}\n"
                       "    - {name: sum, type: add, inputs: [sum_aa, sum_ab, pool_in], activation: relu6}\n"
                       "    - {name: flat, type: flatten}\n"
                       "    - {name: fc, type: linear, out: 2}\n"));
  const std::vector<bool> expected{true, false, true, false, false, true, false, true, true, false};
  EXPECT_EQ(rectified_outputs(config.model), expected);
  EXPECT_TRUE(quantizes_output(config.model, 2));
  EXPECT_FALSE(quantizes_output(config.model, 3));
  EXPECT_FALSE(quantizes_output(config.model, 8));
  EXPECT_FALSE(quantizes_output(config.model, 9));
}

}  // namespace
}  // namespace intact::test
