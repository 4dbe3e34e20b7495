// The YAML document as a tree in which every node knows where it stands.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/where.h"

namespace intact {

struct TreeEntry;

struct TreeNode {
  enum class Kind { kNull, kScalar, kList, kMap };
  Kind kind = Kind::kNull;
  Where where;
  std::string text;             // scalar
  bool quoted = false;          // scalar: written in quotes or as a block, so a string whatever it looks like
  std::vector<TreeNode> items;  // list
  std::vector<TreeEntry> entries;  // map, in the order of the text; keys are unique

  TreeNode* find(std::string_view key);
  const TreeNode* find(std::string_view key) const;
};

struct TreeEntry {
  std::string key;
  Where where;  // of the key
  TreeNode value;
};

inline constexpr std::size_t kMaxConfigBytes = std::size_t{1} << 20;
inline constexpr std::size_t kMaxConfigDepth = 64;

// Reads one document of plain YAML: no anchors, aliases, tags or duplicate keys, at most kMaxConfigDepth
// levels and kMaxConfigBytes bytes. `source` stands for the file in errors. Null for an empty document.
// Throws ConfigError.
TreeNode parse_tree(std::string_view text, const std::string& source);

// The same for the value of a --set, all of whose nodes stand at line 0.
TreeNode parse_set_value(std::string_view text, const std::string& source);

}  // namespace intact
