#include "config/zoo.h"

#include <array>
#include <string>
#include <utility>

namespace intact {
namespace {

constexpr std::array<std::string_view, 10> kNames{"plain_cnn", "residual_cnn", "depthwise_cnn", "lenet5",
                                                  "resnet8",   "resnet20",     "vgg_small",     "ds_cnn",
                                                  "mobilenet", "autoencoder"};

// Appends layers, each reading the one before unless told otherwise.
class Builder {
 public:
  // 3x3 or 1x1 convolution with batch norm and "same" padding.
  LayerConfig& conv(const std::string& name, int out, int kernel, int stride,
                    ActivationKind activation = ActivationKind::kRelu) {
    LayerConfig& layer = append(name, LayerKind::kConv);
    layer.out = out;
    layer.kernel = {kernel, kernel};
    layer.stride = {stride, stride};
    const int before = (kernel - 1) / 2, after = kernel - 1 - before;
    layer.padding = {before, before, after, after};
    layer.batch_norm = true;
    layer.bias = false;
    layer.activation = activation;
    return layer;
  }

  LayerConfig& depthwise(const std::string& name, int stride) {
    LayerConfig& layer = conv(name, 0, 3, stride);
    layer.depthwise = true;
    return layer;
  }

  // Depthwise 3x3, then 1x1.
  void separable(const std::string& name, int out, int stride) {
    depthwise(name + "_dw", stride);
    conv(name + "_pw", out, 1, 1);
  }

  // Two 3x3 convolutions and a shortcut, which is a 1x1 convolution where the shape changes.
  void residual_block(const std::string& name, int out, int stride, bool reshapes) {
    const std::string from = layers_.back().name;
    std::string shortcut = from;
    if (reshapes) {
      shortcut = name + "_shortcut";
      conv(shortcut, out, 1, stride, ActivationKind::kNone);
    }
    conv(name + "_a", out, 3, stride).inputs = {from};
    conv(name + "_b", out, 3, 1).residual = shortcut;
  }

  // Convolution or linear layer without batch norm: bias and rectifier.
  LayerConfig& plain(const std::string& name, LayerKind kind, int out) {
    LayerConfig& layer = append(name, kind);
    layer.out = out;
    layer.activation = ActivationKind::kRelu;
    return layer;
  }

  // Linear layer with batch norm and rectifier.
  void dense(const std::string& name, int out) {
    LayerConfig& layer = plain(name, LayerKind::kLinear, out);
    layer.batch_norm = true;
    layer.bias = false;
  }

  void max_pool(const std::string& name) {
    LayerConfig& layer = append(name, LayerKind::kMaxPool);
    layer.kernel = layer.stride = {2, 2};
  }

  void global_avg_pool() { append("pool", LayerKind::kGlobalAvgPool); }

  // The last layer's name is "classifier" whatever its outputs mean.
  std::vector<LayerConfig> finish(int outputs) {
    append("classifier", LayerKind::kLinear).out = outputs;
    return std::move(layers_);
  }

 private:
  LayerConfig& append(const std::string& name, LayerKind kind) {
    LayerConfig layer;
    layer.name = name;
    layer.kind = kind;
    layer.inputs = {layers_.empty() ? std::string("input") : layers_.back().name};
    layers_.push_back(std::move(layer));
    return layers_.back();
  }

  std::vector<LayerConfig> layers_;
};

void plain_cnn(Builder& net) {
  net.conv("conv1", 32, 3, 1);
  net.conv("conv2", 32, 3, 2);
  net.conv("conv3", 64, 3, 2);
  net.conv("conv4", 64, 3, 1);
  net.global_avg_pool();
}

void residual_cnn(Builder& net) {
  net.conv("stem", 16, 3, 2);
  net.residual_block("block1", 16, 1, false);
  net.residual_block("block2", 32, 2, true);
  net.residual_block("block3", 32, 1, false);
  net.global_avg_pool();
}

void depthwise_cnn(Builder& net) {
  net.conv("stem", 16, 3, 2);
  net.separable("block1", 32, 1);
  net.separable("block2", 64, 2);
  net.separable("block3", 64, 1);
  net.global_avg_pool();
}

void lenet5(Builder& net) {
  LayerConfig& first = net.plain("conv1", LayerKind::kConv, 6);
  first.kernel = {5, 5};
  first.padding = {2, 2, 2, 2};
  net.max_pool("pool1");
  net.plain("conv2", LayerKind::kConv, 16).kernel = {5, 5};
  net.max_pool("pool2");
  net.plain("linear1", LayerKind::kLinear, 120);
  net.plain("linear2", LayerKind::kLinear, 84);
}

void resnet8(Builder& net) {
  net.conv("stem", 16, 3, 1);
  net.residual_block("block1", 16, 1, false);
  net.residual_block("block2", 32, 2, true);
  net.residual_block("block3", 64, 2, true);
  net.global_avg_pool();
}

void resnet20(Builder& net) {
  net.conv("stem", 16, 3, 1);
  for (const int stage : {1, 2, 3}) {
    for (const char* block : {"a", "b", "c"}) {
      const bool reshapes = stage > 1 && *block == 'a';
      net.residual_block("block" + std::to_string(stage) + block, 8 << stage, reshapes ? 2 : 1, reshapes);
    }
  }
  net.global_avg_pool();
}

void vgg_small(Builder& net) {
  for (const int stage : {1, 2, 3}) {
    const std::string number = std::to_string(stage);
    net.conv("conv" + number + "a", 16 << stage, 3, 1);
    net.conv("conv" + number + "b", 16 << stage, 3, 1);
    net.max_pool("pool" + number);
  }
}

void mobilenet(Builder& net) {
  struct Block {
    int out, stride;
  };
  constexpr std::array<Block, 13> kBlocks{{{16, 1},
                                           {32, 2},
                                           {32, 1},
                                           {64, 2},
                                           {64, 1},
                                           {128, 2},
                                           {128, 1},
                                           {128, 1},
                                           {128, 1},
                                           {128, 1},
                                           {128, 1},
                                           {256, 2},
                                           {256, 1}}};
  net.conv("stem", 8, 3, 2);
  int number = 0;
  for (const Block& block : kBlocks)
    net.separable("block" + std::to_string(++number), block.out, block.stride);
  net.global_avg_pool();
}

void autoencoder(Builder& net) {
  for (const char* name : {"encoder1", "encoder2", "encoder3", "encoder4"}) net.dense(name, 128);
  net.dense("bottleneck", 8);
  for (const char* name : {"decoder1", "decoder2", "decoder3", "decoder4"}) net.dense(name, 128);
}

void ds_cnn(Builder& net) {
  LayerConfig& stem = net.conv("stem", 64, 1, 2);
  stem.kernel = {10, 4};
  stem.padding = {4, 1, 5, 1};
  for (const char* name : {"block1", "block2", "block3", "block4"}) net.separable(name, 64, 1);
  net.global_avg_pool();
}

constexpr std::array<void (*)(Builder&), kNames.size()> kBuilders{
    plain_cnn, residual_cnn, depthwise_cnn, lenet5,    resnet8,
    resnet20,  vgg_small,    ds_cnn,        mobilenet, autoencoder};

}  // namespace

std::span<const std::string_view> zoo_names() {
  return kNames;
}

int zoo_outputs(std::string_view name) {
  return name == "autoencoder" ? 640 : 10;
}

std::optional<std::vector<LayerConfig>> expand_zoo(std::string_view name, std::optional<int> outputs) {
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (kNames[i] != name) continue;
    Builder net;
    kBuilders[i](net);
    return net.finish(outputs.value_or(zoo_outputs(name)));
  }
  return std::nullopt;
}

}  // namespace intact
