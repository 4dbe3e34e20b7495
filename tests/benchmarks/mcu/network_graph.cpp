#include "mcu/network_graph.h"

#include <map>
#include <string>

#include "config/zoo.h"
#include "core/error.h"
#include "mcu/graph_builder.h"

namespace intact::benchmarks {
namespace {

struct NetworkInput {
  Shape shape;
  int classes;
};

NetworkInput input_of(std::string_view name) {
  if (name == "resnet8") return {{32, 32, 3}, 10};
  if (name == "ds_cnn") return {{49, 10, 1}, 12};
  return {{28, 28, 1}, 10};
}

class NetworkBuilder {
 public:
  NetworkBuilder(std::string_view name, int weight_bits, int activation_bits, std::uint64_t seed)
      : input_(input_of(name)),
        builder_(std::string(name), input_.shape, Grid::unsigned_grid(8, kZeroPoint)),
        weight_bits_(weight_bits),
        activation_bits_(activation_bits),
        seed_(seed) {
    const auto layers = expand_zoo(name, input_.classes);
    if (!layers) throw Error("the zoo has no network " + std::string(name));
    layers_ = *layers;
  }

  Graph build() {
    for (std::size_t i = 0; i < layers_.size(); ++i) index_[layers_[i].name] = add(i);
    return builder_.finish();
  }

 private:
  static constexpr int kZeroPoint = 73;  // of Fashion-MNIST's mean

  int tensor_of(const std::string& name) const { return name == "input" ? 0 : index_.at(name); }
  bool last(std::size_t i) const { return i + 1 == layers_.size(); }

  Grid output_grid(std::size_t i) const {
    const LayerConfig& layer = layers_[i];
    if (last(i)) return Grid::int32();
    const bool shortcut = layer.activation == ActivationKind::kNone;
    const bool before_pool = activation_bits_ == 1 && layers_[i + 1].kind == LayerKind::kGlobalAvgPool;
    if (shortcut) return Grid::signed_grid(8);
    return activation_grid(before_pool ? 8 : activation_bits_);
  }

  int add(std::size_t i) {
    const LayerConfig& layer = layers_[i];
    const int x = tensor_of(layer.inputs.at(0));
    const Shape in = builder_.tensor(x).shape;
    Window window{layer.kernel[0],   layer.kernel[1],  layer.stride[0],  layer.stride[1],  layer.dilation[0],
                  layer.dilation[1], layer.padding[0], layer.padding[1], layer.padding[2], layer.padding[3]};
    if (layer.kind == LayerKind::kMaxPool) return builder_.max_pool(layer.name, x, window);
    if (layer.kind == LayerKind::kGlobalAvgPool || layer.kind == LayerKind::kLinear) {
      window = Window{};
      window.kernel_h = in.h;
      window.kernel_w = in.w;
    }
    if (layer.kind == LayerKind::kGlobalAvgPool)
      return builder_.avg_pool(layer.name, x, window, Grid::unsigned_grid(8));
    if (layer.kind != LayerKind::kConv && layer.kind != LayerKind::kLinear)
      throw Error("layer " + layer.name + ": not among the zoo's kinds");
    GraphBuilder::Conv conv;
    conv.name = layer.name;
    conv.input = x;
    if (!layer.residual.empty()) conv.residual = tensor_of(layer.residual);
    conv.window = window;
    conv.groups = layer.depthwise ? in.c : layer.groups;
    conv.out = layer.out > 0 ? layer.out : in.c;
    conv.weights = weight_grid(i == 0 || last(i) ? 8 : weight_bits_);
    conv.output = output_grid(i);
    conv.seed = seed_ + i;
    // A third of a normal distribution's three deviations; half of them where a rectifier cut it.
    return builder_.conv(conv, x == 0 ? 0.5 : 0.25);
  }

  NetworkInput input_;
  GraphBuilder builder_;
  int weight_bits_, activation_bits_;
  std::uint64_t seed_;
  std::vector<LayerConfig> layers_;
  std::map<std::string, int> index_;
};

}  // namespace

Graph network_graph(std::string_view name, int weight_bits, int activation_bits, std::uint64_t seed) {
  return NetworkBuilder(name, weight_bits, activation_bits, seed).build();
}

}  // namespace intact::benchmarks
