// Config to network: names to tensor indices, shapes, and the checks that need shapes.
#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "config/load.h"
#include "nn/add_layer.h"
#include "nn/conv_layer.h"
#include "nn/network.h"
#include "nn/pool_layer.h"

namespace intact {
namespace {

std::string to_text(const Shape& s) {
  return std::to_string(s.h) + "x" + std::to_string(s.w) + "x" + std::to_string(s.c);
}

// A tensor that a later layer can name.
struct Produced {
  int index = 0;
  Shape shape;
  bool rectified = false;  // its reals are never negative
};

class Builder {
 public:
  Builder(const ExperimentConfig& config, const Shape& input) : config_(config) {
    produced_["input"] = {0, input, false};
  }

  std::vector<std::shared_ptr<Layer>> build() {
    const auto& layers = config_.model.layers;
    for (std::size_t i = 0; i < layers.size(); ++i) add(layers[i], i + 1 == layers.size());
    return std::move(layers_);
  }

 private:
  [[noreturn]] void fail(const LayerConfig& layer, const std::string& what, const std::string& hint) const {
    throw ConfigError(config_.source, layer.line, layer.column, "layer " + layer.name + ": " + what, hint);
  }

  const Produced& find(const LayerConfig& layer, const std::string& name) const {
    const auto it = produced_.find(name);
    if (it == produced_.end())
      fail(layer, "there is no layer " + name + " before it", "inputs name earlier layers or \"input\"");
    return it->second;
  }

  // Output shape of a window; checks that it fits.
  Shape window_shape(const LayerConfig& layer, const Shape& in, const Window& w, int channels) const {
    const Shape out{output_extent(in.h, w.kernel_h, w.stride_h, w.dilation_h, w.pad_top, w.pad_bottom),
                    output_extent(in.w, w.kernel_w, w.stride_w, w.dilation_w, w.pad_left, w.pad_right),
                    channels};
    if (out.h < 1 || out.w < 1) {
      fail(layer, "its window does not fit the input of " + to_text(in), "use a smaller kernel, or padding");
    }
    if (out.h > 65535 || out.w > 65535 || out.c > 65535) {
      fail(layer, "its output of " + to_text(out) + " is too large", "no dimension may exceed 65535");
    }
    return out;
  }

  static Window window_of(const LayerConfig& l) {
    return {l.kernel[0],   l.kernel[1],  l.stride[0],  l.stride[1],  l.dilation[0],
            l.dilation[1], l.padding[0], l.padding[1], l.padding[2], l.padding[3]};
  }

  void add(const LayerConfig& layer, bool last) {
    std::vector<Produced> in;
    for (const std::string& name : layer.inputs) in.push_back(find(layer, name));
    if (in.empty()) fail(layer, "it has no input", "name one with input:");
    if (layer.kind ==
        LayerKind::kFlatten) {  // positions stay where they are; a linear layer reads all of them
      produced_[layer.name] = in[0];
      return;
    }
    const int index = static_cast<int>(layers_.size()) + 1;
    switch (layer.kind) {
      case LayerKind::kConv:
      case LayerKind::kLinear:
        add_conv(layer, in[0], index, last);
        break;
      case LayerKind::kMaxPool:
      case LayerKind::kAvgPool:
      case LayerKind::kGlobalAvgPool:
        add_pool(layer, in[0], index);
        break;
      case LayerKind::kAdd:
        add_add(layer, in, index);
        break;
      case LayerKind::kFlatten:
        break;
    }
  }

  void add_conv(const LayerConfig& layer, const Produced& x, int index, bool last) {
    ConvLayerOptions o;
    o.name = layer.name;
    o.inputs = {x.index};
    o.output = index;
    o.in = x.shape;
    o.window = window_of(layer);
    if (layer.kind == LayerKind::kLinear) {
      o.window = Window{};
      o.window.kernel_h = x.shape.h;
      o.window.kernel_w = x.shape.w;
    }
    o.groups = layer.depthwise ? x.shape.c : layer.groups;
    const int channels = layer.out > 0 ? layer.out : x.shape.c;
    if (x.shape.c % o.groups != 0 || channels % o.groups != 0) {
      fail(layer,
           "groups " + std::to_string(o.groups) + " divide not both " + std::to_string(x.shape.c) +
               " input and " + std::to_string(channels) + " output channels",
           "choose a common divisor");
    }
    o.out = window_shape(layer, x.shape, o.window, channels);
    o.batch_norm = layer.batch_norm;
    o.bias = layer.bias;
    o.classifier = last;
    o.activation = layer.activation;
    o.weight_quant = weight_quant_for(config_.quantization, layer.name);
    if (last) o.weight_quant.granularity = Granularity::kPerTensor;  // logits need one scale
    o.activation_quant = activation_quant_for(config_.quantization, layer.name);
    o.seed = config_.seed;
    if (!layer.residual.empty()) {
      const Produced& other = find(layer, layer.residual);
      if (!(other.shape == o.out)) {
        fail(layer,
             "its output of " + to_text(o.out) + " and the residual " + layer.residual + " of " +
                 to_text(other.shape) + " differ in shape",
             "a residual has the shape of the output it is added to");
      }
      o.inputs.push_back(other.index);
    }
    if (last && (o.out.h != 1 || o.out.w != 1)) {
      fail(layer, "the classifier's output is " + to_text(o.out),
           "it must be 1x1; put global_avg_pool before it, or use a linear layer");
    }
    layers_.push_back(std::make_shared<ConvLayer>(o));
    produced_[layer.name] = {index, o.out, layer.activation != ActivationKind::kNone};
  }

  void add_pool(const LayerConfig& layer, const Produced& x, int index) {
    Window w = window_of(layer);
    if (layer.kind == LayerKind::kGlobalAvgPool) {
      w = Window{};
      w.kernel_h = x.shape.h;
      w.kernel_w = x.shape.w;
    }
    if (std::max(w.pad_top, w.pad_bottom) >= w.kernel_h || std::max(w.pad_left, w.pad_right) >= w.kernel_w) {
      fail(layer, "its padding is not smaller than its kernel",
           "a window must hold at least one pixel of the image");
    }
    const Shape out = window_shape(layer, x.shape, w, x.shape.c);
    if (layer.kind == LayerKind::kMaxPool) {
      layers_.push_back(std::make_shared<MaxPoolLayer>(layer.name, x.index, index, out, w));
    } else {
      layers_.push_back(std::make_shared<AvgPoolLayer>(layer.name, x.index, index, out, w,
                                                       activation_quant_for(config_.quantization, layer.name),
                                                       x.rectified));
    }
    produced_[layer.name] = {index, out, x.rectified};
  }

  void add_add(const LayerConfig& layer, const std::vector<Produced>& in, int index) {
    std::vector<int> inputs;
    bool rectified = true;
    for (std::size_t i = 0; i < in.size(); ++i) {
      if (!(in[i].shape == in[0].shape)) {
        fail(layer,
             "inputs " + layer.inputs[0] + " of " + to_text(in[0].shape) + " and " + layer.inputs[i] +
                 " of " + to_text(in[i].shape) + " differ in shape",
             "an add needs one shape");
      }
      inputs.push_back(in[i].index);
      rectified = rectified && in[i].rectified;
    }
    layers_.push_back(std::make_shared<AddLayer>(layer.name, inputs, index, in[0].shape, layer.activation,
                                                 activation_quant_for(config_.quantization, layer.name),
                                                 rectified));
    produced_[layer.name] = {index, in[0].shape, rectified || layer.activation != ActivationKind::kNone};
  }

  const ExperimentConfig& config_;
  std::map<std::string, Produced> produced_;
  std::vector<std::shared_ptr<Layer>> layers_;
};

}  // namespace

std::shared_ptr<Network> build_network(const ExperimentConfig& config, const Shape& shape) {
  return std::make_shared<Network>(config.name, input_spec(config.data, shape),
                                   Builder(config, shape).build());
}

}  // namespace intact
