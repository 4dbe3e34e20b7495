// The configs that come with Intact say what their names promise.
#include <gtest/gtest.h>

#include <filesystem>
#include <set>
#include <string>

#include "config/load.h"
#include "config/rectified.h"

namespace intact::test {
namespace {

ExperimentConfig shipped(const std::string& name) {
  return load_config(std::filesystem::path(INTACT_SOURCE_DIR) / "configs" / (name + ".yaml"));
}

TEST(ShippedConfigs, AllLoadAndAreNamedAsTheirFile) {
  int count = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::filesystem::path(INTACT_SOURCE_DIR) / "configs")) {
    SCOPED_TRACE(entry.path());
    EXPECT_EQ(load_config(entry.path()).name, entry.path().stem());
    ++count;
  }
  EXPECT_GE(count, 5);
}

TEST(ShippedConfigs, BitsAreThoseOfTheName) {
  for (const int bits : {2, 4, 8}) {
    const std::string name = "fashion_mnist_w" + std::to_string(bits) + "a" + std::to_string(bits);
    SCOPED_TRACE(name);
    const ExperimentConfig config = shipped(name);
    EXPECT_EQ(weight_quant_for(config.quantization, "block1_a").bits, bits);
    EXPECT_EQ(activation_quant_for(config.quantization, "block1_a").bits, bits);
    EXPECT_EQ(weight_quant_for(config.quantization, config.model.layers.front().name).bits, 8);
    EXPECT_EQ(weight_quant_for(config.quantization, config.model.layers.back().name).bits, 8);
  }
}

TEST(ShippedConfigs, BinaryBetweenEightBitEnds) {
  const ExperimentConfig config = shipped("fashion_mnist_w1a1");
  const auto& layers = config.model.layers;
  int xnor = 0;
  for (std::size_t i = 1; i < layers.size(); ++i) {
    const bool binary_weights =
        weight_quant_for(config.quantization, layers[i].name).quantizer == QuantizerKind::kBinary;
    const bool binary_input =
        activation_quant_for(config.quantization, layers[i].inputs[0]).quantizer == QuantizerKind::kBinary;
    if (layers[i].kind == LayerKind::kConv && binary_weights && binary_input) ++xnor;
  }
  EXPECT_EQ(xnor, 3);
  EXPECT_EQ(weight_quant_for(config.quantization, layers.front().name).bits, 8);
  EXPECT_EQ(weight_quant_for(config.quantization, layers.back().name).bits, 8);
}

TEST(ShippedConfigs, MixedUsesEverything) {
  const ExperimentConfig config = shipped("fashion_mnist_mixed");
  std::set<QuantizerKind> quantizers;
  std::set<int> weight_bits;
  bool depthwise = false, residual = false, add = false;
  for (std::size_t i = 0; i < config.model.layers.size(); ++i) {
    const LayerConfig& layer = config.model.layers[i];
    depthwise = depthwise || layer.depthwise;
    residual = residual || !layer.residual.empty();
    add = add || layer.kind == LayerKind::kAdd;
    if (layer.kind == LayerKind::kConv || layer.kind == LayerKind::kLinear) {
      quantizers.insert(weight_quant_for(config.quantization, layer.name).quantizer);
      weight_bits.insert(weight_quant_for(config.quantization, layer.name).bits);
    }
    if (quantizes_output(config.model, i))
      quantizers.insert(activation_quant_for(config.quantization, layer.name).quantizer);
  }
  EXPECT_EQ(quantizers.size(), 4U);
  EXPECT_EQ(weight_bits, (std::set<int>{1, 2, 4, 8}));
  EXPECT_TRUE(depthwise && residual && add);
}

}  // namespace
}  // namespace intact::test
