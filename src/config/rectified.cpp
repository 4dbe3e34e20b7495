#include "config/rectified.h"

#include <algorithm>
#include <map>
#include <string>

namespace intact {

bool quantizes_output(const ModelConfig& model, std::size_t layer) {
  const LayerKind kind = model.layers[layer].kind;
  return layer + 1 < model.layers.size() && kind != LayerKind::kMaxPool && kind != LayerKind::kFlatten;
}

std::vector<bool> rectified_outputs(const ModelConfig& model) {
  std::map<std::string, bool> by_name{{"input", false}};  // its zero point lies inside the range
  std::vector<bool> rectified;
  for (const LayerConfig& layer : model.layers) {
    const bool sums = layer.kind == LayerKind::kConv || layer.kind == LayerKind::kLinear;
    const bool keeps_sign = !sums && std::all_of(layer.inputs.begin(), layer.inputs.end(),
                                                 [&](const std::string& name) { return by_name[name]; });
    rectified.push_back(keeps_sign || layer.activation != ActivationKind::kNone);
    by_name[layer.name] = rectified.back();
  }
  return rectified;
}

}  // namespace intact
