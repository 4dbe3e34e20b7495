// The model section: layers as written, defaults, references, and faults at their place.
#include <gtest/gtest.h>

#include "config_text.h"

namespace intact::test {
namespace {

// A list of layers, one a line, with the classifier behind them.
ConfigText layers(const std::string& lines) {
  std::string model = "  layers:\n";
  std::size_t at = 0;
  while (at < lines.size()) {
    const std::size_t end = std::min(lines.find('\n', at), lines.size());
    model += "    - " + lines.substr(at, end - at) + "\n";
    at = end + 1;
  }
  return with_model(model + "    - {name: fc, type: linear, out: 10}\n");
}

LayerConfig first_layer(const std::string& lines) {
  return parse(layers(lines)).model.layers.front();
}

using Pair = std::array<int, 2>;
using Sides = std::array<int, 4>;

TEST(Model, ConvolutionDefaults) {
  const LayerConfig conv = first_layer("{type: conv, out: 4, kernel: 3}");
  EXPECT_EQ(conv.name, "conv1");
  EXPECT_EQ(conv.kind, LayerKind::kConv);
  EXPECT_EQ(conv.inputs, std::vector<std::string>{"input"});
  EXPECT_EQ(conv.out, 4);
  EXPECT_EQ(conv.kernel, (Pair{3, 3}));
  EXPECT_EQ(conv.stride, (Pair{1, 1}));
  EXPECT_EQ(conv.dilation, (Pair{1, 1}));
  EXPECT_EQ(conv.padding, (Sides{0, 0, 0, 0}));
  EXPECT_EQ(conv.groups, 1);
  EXPECT_FALSE(conv.depthwise);
  EXPECT_FALSE(conv.batch_norm);
  EXPECT_TRUE(conv.bias);
  EXPECT_EQ(conv.activation, ActivationKind::kNone);
  EXPECT_EQ(conv.residual, "");
}

TEST(Model, ConvolutionValues) {
  const LayerConfig conv = first_layer(
      "{name: a.b-c_1, type: conv, out: 12, kernel: [3, 5], stride: [2, 1], dilation: [1, 2], padding: [1, "
      "2, 3, 4], "
      "groups: 4, bias: false, activation: relu6, input: input}");
  EXPECT_EQ(conv.name, "a.b-c_1");
  EXPECT_EQ(conv.kernel, (Pair{3, 5}));
  EXPECT_EQ(conv.stride, (Pair{2, 1}));
  EXPECT_EQ(conv.dilation, (Pair{1, 2}));
  EXPECT_EQ(conv.padding, (Sides{1, 2, 3, 4}));
  EXPECT_EQ(conv.groups, 4);
  EXPECT_FALSE(conv.bias);
  EXPECT_EQ(conv.activation, ActivationKind::kRelu6);
}

TEST(Model, PaddingForms) {
  const auto padding = [](const std::string& text) {
    return first_layer("{type: conv, out: 1, " + text + "}").padding;
  };
  EXPECT_EQ(padding("kernel: 3, padding: 2"), (Sides{2, 2, 2, 2}));
  EXPECT_EQ(padding("kernel: 3, padding: [1, 0]"), (Sides{1, 0, 1, 0}));
  EXPECT_EQ(padding("kernel: 3, padding: same"), (Sides{1, 1, 1, 1}));
  EXPECT_EQ(padding("kernel: 4, padding: same"), (Sides{1, 1, 2, 2}));
  EXPECT_EQ(padding("kernel: [1, 5], padding: same"), (Sides{0, 2, 0, 2}));
  EXPECT_EQ(padding("kernel: 3, dilation: 2, padding: same"), (Sides{2, 2, 2, 2}));
}

TEST(Model, BatchNormTakesTheBiasPlace) {
  EXPECT_FALSE(first_layer("{type: conv, out: 1, kernel: 1, batch_norm: true}").bias);
  EXPECT_FALSE(first_layer("{type: conv, out: 1, kernel: 1, batch_norm: true, bias: false}").bias);
}

TEST(Model, Depthwise) {
  const LayerConfig depthwise = first_layer("{type: conv, depthwise: true, kernel: 3}");
  EXPECT_TRUE(depthwise.depthwise);
  EXPECT_EQ(depthwise.out, 0);  // the number of input channels
  EXPECT_EQ(first_layer("{type: conv, depthwise: true, kernel: 3, out: 8}").out, 8);
}

TEST(Model, PoolingStridesAreTheKernel) {
  const LayerConfig pool = first_layer("{type: max_pool, kernel: [2, 3]}");
  EXPECT_EQ(pool.kind, LayerKind::kMaxPool);
  EXPECT_EQ(pool.stride, (Pair{2, 3}));
  EXPECT_EQ(first_layer("{type: avg_pool, kernel: 3, stride: 1, padding: 1}").stride, (Pair{1, 1}));
}

TEST(Model, NamesAndInputsByOrder) {
  const auto list =
      parse(layers("{type: conv, out: 4, kernel: 1}\n{type: max_pool, kernel: 2}\n"
                   "{name: own, type: conv, out: 4, kernel: 1}\n{type: conv, out: 4, kernel: 1}\n"
                   "{type: add, inputs: [own, conv3], activation: relu}\n{type: flatten}"))
          .model.layers;
  ASSERT_EQ(list.size(), 7U);
  EXPECT_EQ(list[0].name, "conv1");
  EXPECT_EQ(list[1].name, "max_pool1");
  EXPECT_EQ(list[1].inputs, std::vector<std::string>{"conv1"});
  EXPECT_EQ(list[3].name, "conv3");
  EXPECT_EQ(list[4].name, "add1");
  EXPECT_EQ(list[4].inputs, (std::vector<std::string>{"own", "conv3"}));
  EXPECT_EQ(list[5].name, "flatten1");
  EXPECT_EQ(list[6].inputs, std::vector<std::string>{"flatten1"});
}

TEST(Model, LayersKnowTheirPlace) {
  const auto config = parse(ConfigText{});
  EXPECT_EQ(config.model.layers[0].line, 6);
  EXPECT_EQ(config.model.layers[0].column, 7);
  EXPECT_EQ(config.model.layers[3].line, 9);
  EXPECT_EQ(parse(with_model("  zoo: lenet5\n")).model.layers[2].line, 5);
}

TEST(Model, LayerKeys) {
  expect_fault(layers("{type: conv, out: 4, ^kernal: 3}"),
               "unknown key 'kernal' in a layer (did you mean 'kernel'?");
  expect_fault(layers("{type: max_pool, kernel: 2, ^out: 4}"), "unknown key 'out' in a max_pool layer");
  expect_fault(layers("{type: flatten, ^activation: relu}"), "unknown key 'activation' in a flatten layer");
  expect_fault(layers("{type: global_avg_pool, ^kernel: 2}"),
               "unknown key 'kernel' in a global_avg_pool layer");
  expect_fault(layers("{type: avg_pool, kernel: 2, ^dilation: 2}"),
               "unknown key 'dilation' in a avg_pool layer");
  expect_fault(layers("{type: linear, out: 2, ^residual: input}"),
               "unknown key 'residual' in a linear layer");
  expect_fault(layers("{type: add, inputs: [input], ^bias: true}"), "unknown key 'bias' in a add layer");
  expect_fault(layers("^{out: 4, kernel: 3}"), "a layer lacks the key 'type'");
  expect_fault(layers("{type: ^convolution, out: 4}"), "'type' must be one of conv, linear,");
  expect_fault(layers("^{type: conv, out: 4}"), "a conv layer lacks the key 'kernel'");
  expect_fault(layers("^{type: conv, kernel: 4}"), "a conv layer lacks the key 'out'");
  expect_fault(layers("^{type: linear}"), "a linear layer lacks the key 'out'");
  expect_fault(layers("^{type: max_pool}"), "a max_pool layer lacks the key 'kernel'");
  expect_fault(layers("^conv"), "'a layer' must be a map of keys and values, not 'conv'");
}

TEST(Model, LayerValues) {
  const auto conv = [](const std::string& rest) { return layers("{type: conv, " + rest + "}"); };
  expect_fault(conv("out: ^0, kernel: 3"), "'out' must be an integer from 1 to 65535, not '0'");
  expect_fault(conv("out: ^65536, kernel: 3"), "'out' must be an integer from 1 to 65535, not '65536'");
  expect_fault(conv("out: 4, kernel: ^0"), "'kernel' must be an integer from 1 to 1024, not '0'");
  expect_fault(conv("out: 4, kernel: [3, ^1025]"), "'kernel' must be an integer from 1 to 1024, not '1025'");
  expect_fault(conv("out: 4, kernel: ^[3]"),
               "'kernel' must be one integer or [vertical, horizontal], not a list of 1");
  expect_fault(conv("out: 4, kernel: ^{a: 3}"), "'kernel' must be an integer from 1 to 1024, not a map");
  expect_fault(conv("out: 4, kernel: 3, stride: ^0"), "'stride' must be an integer from 1 to 1024");
  expect_fault(conv("out: 4, kernel: 3, dilation: ^-1"), "'dilation' must be an integer from 1 to 1024");
  expect_fault(conv("out: 4, kernel: 3, padding: ^-1"),
               "'padding' must be an integer from 0 to 1024, not '-1'");
  expect_fault(conv("out: 4, kernel: 3, padding: ^[1, 2, 3]"),
               "'padding' must be one integer, [vertical, horizontal]");
  expect_fault(conv("out: 4, kernel: 3, padding: ^valid"),
               "'padding' must be an integer from 0 to 1024, not 'valid'");
  expect_fault(conv("out: 4, kernel: 3, groups: ^3"), "'groups' (3) must divide 'out' (4)");
  expect_fault(conv("kernel: 3, depthwise: true, groups: ^2"), "'groups' of a depthwise convolution");
  expect_fault(conv("out: 4, kernel: 3, batch_norm: true, bias: ^true"), "'bias' beside batch_norm");
  expect_fault(conv("out: 4, kernel: 3, activation: ^relu7"),
               "one of none, relu, relu6, not 'relu7' (did you mean 'relu'?)");
  expect_fault(layers("{type: max_pool, kernel: 2, padding: ^2}"),
               "'padding' of a pooling layer must be less than its kernel");
  expect_fault(layers("{type: avg_pool, kernel: [3, 1], padding: ^[0, 0, 0, 1]}"),
               "must be less than its kernel");
}

TEST(Model, Names) {
  const auto conv = [](const std::string& name) {
    return "{name: " + name + ", type: conv, out: 4, kernel: 1}";
  };
  expect_fault(layers(conv("^a/b")), "'a/b' is no name for a layer");
  expect_fault(layers(conv("^\"a b\"")), "'a b' is no name for a layer");
  expect_fault(layers(conv("^" + std::string(65, 'a'))), "is no name for a layer (1 to 64 characters");
  expect_fault(layers(conv("^input")), "the name 'input' is the network's input");
  expect_fault(layers(conv("a") + "\n" + conv("^a")), "a second layer named 'a' (the first is in line 6)");
  expect_fault(layers("{name: conv2, type: conv, out: 4, kernel: 1}\n^{type: conv, out: 4, kernel: 1}"),
               "a second layer named 'conv2'");
}

TEST(Model, References) {
  const std::string conv = "{name: stem, type: conv, out: 4, kernel: 1}\n";
  expect_fault(layers(conv + "{type: conv, out: 4, kernel: 1, input: ^stam}"),
               "there is no layer 'stam' before 'conv2' (did you mean 'stem'? valid: input, stem)");
  expect_fault(layers(conv + "{type: conv, out: 4, kernel: 1, residual: ^fc}"),
               "there is no layer 'fc' before 'conv2'");
  expect_fault(layers(conv + "{type: add, inputs: [stem, ^stm]}"), "did you mean 'stem'?");
  expect_fault(layers("{name: a, type: conv, out: 4, kernel: 1, input: ^a}"),
               "layer 'a' reads its own output");
  expect_fault(layers(conv + "{type: conv, out: 4, kernel: 1, input: stem, inputs: ^[stem]}"),
               "'inputs' beside 'input'");
  expect_fault(layers(conv + "{type: conv, out: 4, kernel: 1, inputs: ^[stem, input]}"),
               "a conv layer has one input, not 2");
  expect_fault(layers(conv + "{type: max_pool, kernel: 2, inputs: ^[]}"),
               "a max_pool layer has one input, not 0");
  expect_fault(layers(conv + "^{type: add}"), "an add layer has 1 to 8 inputs, not 0");
  expect_fault(layers(conv + "{type: add, inputs: ^[stem, stem, stem, stem, stem, stem, stem, stem, stem]}"),
               "an add layer has 1 to 8 inputs, not 9");
}

TEST(Model, OutputsThatNobodyReads) {
  expect_fault(layers("{name: a, type: conv, out: 4, kernel: 1}\n^{name: b, type: conv, out: 4, kernel: 1}\n"
                      "{name: c, type: conv, out: 4, kernel: 1, input: a}"),
               "no layer reads the output of 'b'");
}

TEST(Model, Classifier) {
  const std::string conv = "    - {name: a, type: conv, out: 4, kernel: 1}\n";
  const auto last = [&](const std::string& layer) {
    return with_model("  layers:\n" + conv + "    - " + layer + "\n");
  };
  EXPECT_EQ(parse(last("{type: conv, out: 10, kernel: 28}")).model.layers[1].out, 10);
  expect_fault(last("^{type: global_avg_pool}"),
               "the last layer must be conv or linear, not global_avg_pool");
  expect_fault(last("{type: linear, out: 10, activation: ^relu}"), "the last layer takes no activation");
  expect_fault(last("{type: linear, out: 10, batch_norm: ^true}"), "the last layer takes no batch_norm");
  expect_fault(last("{type: conv, out: 4, kernel: 1, residual: ^a}"), "the last layer takes no residual");
  expect_fault(with_model("  layers: ^[]\n"), "'layers' is empty");
}

TEST(Model, ZooOrLayers) {
  const ModelConfig model = parse(with_model("  zoo: plain_cnn\n  classes: 7\n")).model;
  EXPECT_EQ(model.zoo, "plain_cnn");
  EXPECT_EQ(model.layers.back().out, 7);
  expect_fault(with_model("  zoo: ^plain_cn\n"), "did you mean 'plain_cnn'?");
  expect_fault(with_model("  zoo: plain_cnn\n  layers: ^[]\n"), "'layers' beside 'zoo'");
  expect_fault(with_model("  ^classes: 3\n"), "model lacks 'zoo' or 'layers'");
  expect_fault(with_model("  layers: [{type: linear, out: 2}]\n  classes: ^3\n"),
               "'classes' goes with 'zoo' only");
  expect_fault(with_model("  zoo: plain_cnn\n  classes: ^0\n"),
               "'classes' must be an integer from 1 to 65535");
  expect_fault(with_model("  ^lairs: []\n"), "unknown key 'lairs' in model (did you mean 'layers'?");
}

}  // namespace
}  // namespace intact::test
