// "--set key.path=value" on the tree, before it is read.
#pragma once

#include <string>

#include "config/tree.h"

namespace intact {

// Sets or adds the value; maps on the way are added where they are missing, list elements are named by index.
// Whether the keys are valid is the readers' affair. Throws ConfigError naming the --set.
void apply_set(TreeNode& root, const std::string& set);

}  // namespace intact
