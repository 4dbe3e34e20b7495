#include "config/map_reader.h"
#include "config/sections.h"

namespace intact {

DataConfig read_data(const TreeNode& node) {
  const MapReader map(node, "data", {"kind", "path", "mean", "std", "limit_train", "limit_test", "augment"});
  DataConfig data;
  map.choice("kind", data.kind);
  data.path = read_text(map.require("path"), "path");
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
