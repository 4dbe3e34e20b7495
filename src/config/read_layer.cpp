#include "config/map_reader.h"
#include "config/sections.h"

namespace intact {
namespace {

constexpr IntRange kSize{1, 65535};   // of channels, features, groups: the blob's limit
constexpr IntRange kExtent{1, 1024};  // of a kernel, stride or dilation
constexpr IntRange kPadding{0, 1024};

std::vector<std::string_view> layer_keys(LayerKind kind) {
  switch (kind) {
    case LayerKind::kConv:
      return {"name",    "type",   "input",     "inputs",     "out",  "kernel",     "stride",  "dilation",
              "padding", "groups", "depthwise", "batch_norm", "bias", "activation", "residual"};
    case LayerKind::kLinear:
      return {"name", "type", "input", "inputs", "out", "batch_norm", "bias", "activation"};
    case LayerKind::kMaxPool:
    case LayerKind::kAvgPool:
      return {"name", "type", "input", "inputs", "kernel", "stride", "padding"};
    case LayerKind::kAdd:
      return {"name", "type", "input", "inputs", "activation"};
    case LayerKind::kGlobalAvgPool:
    case LayerKind::kFlatten:
      break;
  }
  return {"name", "type", "input", "inputs"};
}

// An integer for both directions, or [vertical, horizontal].
std::array<int, 2> read_pair(const TreeNode& node, std::string_view key, IntRange range) {
  if (node.kind != TreeNode::Kind::kList) {
    const int both = static_cast<int>(read_int(node, key, range));
    return {both, both};
  }
  if (node.items.size() != 2) {
    fail_at(node.where, quote(key) + " must be one integer or [vertical, horizontal], not a list of " +
                            std::to_string(node.items.size()));
  }
  return {static_cast<int>(read_int(node.items[0], key, range)),
          static_cast<int>(read_int(node.items[1], key, range))};
}

// "same": ceil(size / stride) positions whatever the stride; the odd pixel goes below and to the right.
std::array<int, 4> same_padding(const LayerConfig& layer) {
  std::array<int, 4> padding{};
  for (std::size_t i = 0; i < 2; ++i) {
    const int total = layer.dilation[i] * (layer.kernel[i] - 1);
    padding[i] = total / 2;
    padding[i + 2] = total - total / 2;
  }
  return padding;
}

std::array<int, 4> read_padding(const TreeNode& node, const LayerConfig& layer) {
  const bool list = node.kind == TreeNode::Kind::kList;
  if (node.kind == TreeNode::Kind::kScalar && node.text == "same") return same_padding(layer);
  if (list && node.items.size() == 4) {
    std::array<int, 4> sides{};
    for (std::size_t i = 0; i < 4; ++i)
      sides[i] = static_cast<int>(read_int(node.items[i], "padding", kPadding));
    return sides;
  }
  if (list && node.items.size() != 2) {
    fail_at(node.where,
            "'padding' must be one integer, [vertical, horizontal], [top, left, bottom, right] or same");
  }
  const auto pair = read_pair(node, "padding", kPadding);
  return {pair[0], pair[1], pair[0], pair[1]};
}

void read_window(const MapReader& map, LayerConfig& layer) {
  layer.kernel = read_pair(map.require("kernel"), "kernel", kExtent);
  if (layer.kind != LayerKind::kConv) layer.stride = layer.kernel;
  if (const TreeNode* stride = map.find("stride")) layer.stride = read_pair(*stride, "stride", kExtent);
  if (const TreeNode* dilation = map.find("dilation"))
    layer.dilation = read_pair(*dilation, "dilation", kExtent);
  const TreeNode* padding = map.find("padding");
  if (padding == nullptr) return;
  layer.padding = read_padding(*padding, layer);
  if (layer.kind == LayerKind::kConv) return;
  for (std::size_t i = 0; i < 4; ++i) {
    if (layer.padding[i] >= layer.kernel[i % 2]) {
      fail_at(padding->where, "'padding' of a pooling layer must be less than its kernel",
              "a window must hold a position inside the image");
    }
  }
}

void read_groups(const MapReader& map, LayerConfig& layer) {
  map.boolean("depthwise", layer.depthwise);
  map.integer("groups", layer.groups, kSize);
  const TreeNode* groups = map.find("groups");
  if (layer.depthwise && groups != nullptr) {
    fail_at(groups->where, "'groups' of a depthwise convolution is its number of input channels",
            "leave groups out");
  }
  if (!layer.depthwise) layer.out = static_cast<int>(read_int(map.require("out"), "out", kSize));
  map.integer("out", layer.out, kSize);
  if (layer.out % layer.groups != 0) {
    fail_at(groups->where, "'groups' (" + std::to_string(layer.groups) + ") must divide 'out' (" +
                               std::to_string(layer.out) + ")");
  }
}

void read_bias(const MapReader& map, LayerConfig& layer) {
  map.boolean("batch_norm", layer.batch_norm);
  if (layer.batch_norm) layer.bias = false;
  map.boolean("bias", layer.bias);
  if (layer.batch_norm && layer.bias) {
    fail_at(map.find("bias")->where, "'bias' beside batch_norm",
            "batch norm has a bias of its own; leave bias out");
  }
}

void read_inputs(const MapReader& map, LayerConfig& layer) {
  const TreeNode* one = map.find("input");
  const TreeNode* several = map.find("inputs");
  if (one != nullptr && several != nullptr)
    fail_at(several->where, "'inputs' beside 'input'", "leave one of them out");
  if (one != nullptr) layer.inputs = {read_text(*one, "input")};
  if (several != nullptr) {
    for (const TreeNode& item : read_list(*several, "inputs"))
      layer.inputs.push_back(read_text(item, "inputs"));
  }
  const std::size_t count = layer.inputs.size();
  if (layer.kind == LayerKind::kAdd) {
    const Where& where = several != nullptr ? several->where : map.where();
    if (count < 1 || count > 8)
      fail_at(where, "an add layer has 1 to 8 inputs, not " + std::to_string(count), "inputs: [a, b]");
  } else if (several != nullptr && count != 1) {
    fail_at(several->where,
            "a " + std::string(to_word(layer.kind)) + " layer has one input, not " + std::to_string(count));
  }
}

}  // namespace

LayerConfig read_layer(const TreeNode& node) {
  const MapReader any(node, "a layer", layer_keys(LayerKind::kConv));
  LayerConfig layer;
  layer.kind = read_choice<LayerKind>(any.require("type"), "type");
  layer.line = node.where.line;
  layer.column = node.where.column;
  const MapReader map(node, "a " + std::string(to_word(layer.kind)) + " layer", layer_keys(layer.kind));
  map.text("name", layer.name);
  read_inputs(map, layer);
  switch (layer.kind) {
    case LayerKind::kConv:
      read_window(map, layer);
      read_groups(map, layer);
      read_bias(map, layer);
      map.text("residual", layer.residual);
      break;
    case LayerKind::kLinear:
      layer.out = static_cast<int>(read_int(map.require("out"), "out", kSize));
      read_bias(map, layer);
      break;
    case LayerKind::kMaxPool:
    case LayerKind::kAvgPool:
      read_window(map, layer);
      break;
    case LayerKind::kGlobalAvgPool:
    case LayerKind::kAdd:
    case LayerKind::kFlatten:
      break;
  }
  map.choice("activation", layer.activation);
  return layer;
}

}  // namespace intact
