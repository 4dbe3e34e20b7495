#include "config/map_reader.h"
#include "config/sections.h"

namespace intact {
namespace {

constexpr IntRange kSide{1, 4096};

std::vector<std::string_view> keys_of(DataKind kind) {
  std::vector<std::string_view> keys{"kind", "path", "mean", "std", "limit_train", "limit_test", "augment"};
  if (kind == DataKind::kImageFolder || kind == DataKind::kCsv)
    keys.insert(keys.end(), {"height", "width", "channels"});
  if (kind == DataKind::kCsv) keys.insert(keys.end(), {"label", "header", "range"});
  return keys;
}

void read_image_size(const MapReader& map, DataConfig& data) {
  map.require("height");
  map.require("width");
  map.integer("height", data.height, kSide);
  map.integer("width", data.width, kSide);
  data.channels = 3;
  map.integer("channels", data.channels, {1, 3});
  if (data.channels == 2)
    fail_at(map.find("channels")->where, "'channels' is 2", "1 (grey) or 3 (red, green, blue)");
}

void read_csv(const MapReader& map, DataConfig& data) {
  map.integer("height", data.height, kSide);
  map.integer("width", data.width, kSide);
  map.integer("channels", data.channels, {1, 65535});
  if (data.height || data.width || data.channels) {
    for (const char* key : {"height", "width", "channels"}) map.require(key);
  }
  map.choice("label", data.csv.label);
  map.boolean("header", data.csv.header);
  map.choice("range", data.csv.range);
}

DataKind read_kind(const TreeNode& node) {
  DataKind kind = DataConfig{}.kind;
  if (const TreeNode* given = node.find("kind")) kind = read_choice<DataKind>(*given, "kind");
  return kind;
}

}  // namespace

DataConfig read_data(const TreeNode& node) {
  DataConfig data;
  const MapReader any(node, "data",
                      {"kind", "path", "height", "width", "channels", "label", "header", "range", "mean",
                       "std", "limit_train", "limit_test", "augment"});
  data.kind = read_kind(node);
  const MapReader map(node, "data of the kind " + std::string(to_word(data.kind)), keys_of(data.kind));
  data.path = read_text(map.require("path"), "path");
  if (data.kind == DataKind::kImageFolder) read_image_size(map, data);
  if (data.kind == DataKind::kCsv) read_csv(map, data);
  map.real("mean", data.mean, {0.0, 1.0});
  map.real("std", data.std, {0.0, 1000.0, true});
  constexpr IntRange kSamples{1, 1 << 24};
  map.integer("limit_train", data.limit_train, kSamples);
  map.integer("limit_test", data.limit_test, kSamples);
  if (const TreeNode* augment = map.find("augment")) {
    const MapReader keys(*augment, "data.augment", {"flip", "shift"});
    keys.boolean("flip", data.augment.flip);
    keys.integer("shift", data.augment.shift, {0, 256});
  }
  return data;
}

}  // namespace intact
