#include <map>
#include <set>
#include <utility>

#include "config/map_reader.h"
#include "config/sections.h"
#include "config/zoo.h"

namespace intact {
namespace {

constexpr std::size_t kMostLayers = 4096;
constexpr std::size_t kLongestName = 64;

const char* const kNameChars = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-";

// Reads the layers in order, so that a reference can only be to a layer before.
class LayerList {
 public:
  void add(const TreeNode& node) {
    LayerConfig layer = read_layer(node);
    name(layer, node);
    connect(layer, node);
    layers_.push_back(std::move(layer));
  }

  std::vector<LayerConfig> finish(const TreeNode& node) {
    if (layers_.empty()) fail_at(node.where, "'layers' is empty");
    check_classifier(node.items.back());
    for (std::size_t i = 0; i + 1 < layers_.size(); ++i) {
      if (read_.count(layers_[i].name) == 0) {
        fail_at(node.items[i].where, "no layer reads the output of " + quote(layers_[i].name),
                "take it out, or name it as input or residual of a later layer");
      }
    }
    return std::move(layers_);
  }

 private:
  void name(LayerConfig& layer, const TreeNode& node) {
    const std::string word(to_word(layer.kind));
    const int number = ++numbers_[layer.kind];
    const TreeNode* given = node.find("name");
    if (given == nullptr) layer.name = word + std::to_string(number);
    const Where& where = given != nullptr ? given->where : node.where;
    if (layer.name.size() > kLongestName || layer.name.find_first_not_of(kNameChars) != std::string::npos) {
      fail_at(where, quote(layer.name) + " is no name for a layer",
              "1 to " + std::to_string(kLongestName) + " characters A-Z a-z 0-9 _ . -");
    }
    if (layer.name == "input") fail_at(where, "the name 'input' is the network's input", "take another name");
    const auto [first, is_new] = lines_.emplace(layer.name, node.where.line);
    if (!is_new) {
      fail_at(where, "a second layer named " + quote(layer.name),
              first->second > 0 ? "the first is in line " + std::to_string(first->second) : "");
    }
  }

  void connect(LayerConfig& layer, const TreeNode& node) {
    if (layer.inputs.empty()) layer.inputs = {layers_.empty() ? std::string("input") : layers_.back().name};
    const TreeNode* several = node.find("inputs");
    for (std::size_t i = 0; i < layer.inputs.size(); ++i) {
      const TreeNode* place = several != nullptr ? &several->items[i] : node.find("input");
      reference(layer, layer.inputs[i], place != nullptr ? *place : node);
    }
    if (!layer.residual.empty()) reference(layer, layer.residual, *node.find("residual"));
  }

  void reference(const LayerConfig& layer, const std::string& target, const TreeNode& place) {
    if (target == layer.name) fail_at(place.where, "layer " + quote(target) + " reads its own output");
    const bool known = target == "input" || lines_.count(target) != 0;
    if (!known) {
      std::vector<std::string_view> names{"input"};
      for (const LayerConfig& before : layers_) names.push_back(before.name);
      fail_at(place.where, "there is no layer " + quote(target) + " before " + quote(layer.name),
              nearest_hint(target, names));
    }
    read_.insert(target);
  }

  void check_classifier(const TreeNode& node) const {
    const LayerConfig& last = layers_.back();
    const char* const rule =
        "the last layer is the classifier: its output are the logits, as integers of 32 bits";
    const auto place = [&](const char* key) -> const Where& {
      const TreeNode* found = node.find(key);
      return found != nullptr ? found->where : node.where;
    };
    if (last.kind != LayerKind::kConv && last.kind != LayerKind::kLinear) {
      fail_at(node.where, "the last layer must be conv or linear, not " + std::string(to_word(last.kind)),
              rule);
    }
    if (last.activation != ActivationKind::kNone)
      fail_at(place("activation"), "the last layer takes no activation", rule);
    if (last.batch_norm) fail_at(place("batch_norm"), "the last layer takes no batch_norm", rule);
    if (!last.residual.empty()) fail_at(place("residual"), "the last layer takes no residual", rule);
  }

  std::vector<LayerConfig> layers_;
  std::map<LayerKind, int> numbers_;
  std::map<std::string, int> lines_;
  std::set<std::string> read_;
};

std::vector<LayerConfig> read_layers(const TreeNode& node) {
  LayerList list;
  const auto& items = read_list(node, "layers");
  if (items.size() > kMostLayers) fail_at(node.where, "more than " + std::to_string(kMostLayers) + " layers");
  for (const TreeNode& item : items) list.add(item);
  return list.finish(node);
}

}  // namespace

ModelConfig read_model(const TreeNode& node) {
  const MapReader map(node, "model", {"zoo", "classes", "layers"});
  ModelConfig model;
  model.line = node.where.line;
  model.column = node.where.column;
  const TreeNode* zoo = map.find("zoo");
  const TreeNode* layers = map.find("layers");
  if ((zoo == nullptr) == (layers == nullptr)) {
    const bool both = zoo != nullptr;
    fail_at(both ? layers->where : node.where,
            both ? "'layers' beside 'zoo'" : "model lacks 'zoo' or 'layers'",
            "name a network of the zoo, or write the layers out");
  }
  std::optional<int> classes;
  map.integer("classes", classes, {1, 65535});
  if (layers != nullptr) {
    if (map.has("classes")) {
      fail_at(map.find("classes")->where, "'classes' goes with 'zoo' only",
              "the last layer's out is the number of classes");
    }
    model.layers = read_layers(*layers);
    return model;
  }
  const auto names = zoo_names();
  model.zoo = read_word(*zoo, "zoo", {names.begin(), names.end()});
  model.layers = *expand_zoo(model.zoo, classes);
  for (LayerConfig& layer : model.layers) {
    layer.line = zoo->where.line;
    layer.column = zoo->where.column;
  }
  return model;
}

}  // namespace intact
