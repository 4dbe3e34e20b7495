#include "config/set_override.h"

#include <charconv>
#include <string_view>
#include <utility>
#include <vector>

namespace intact {
namespace {

std::vector<std::string> split_path(std::string_view path, const Where& where) {
  std::vector<std::string> parts;
  while (true) {
    const std::size_t dot = path.find('.');
    parts.emplace_back(path.substr(0, dot));
    if (parts.back().empty()) fail_at(where, "an empty key in the path", "write --set key.path=value");
    if (parts.size() > kMaxConfigDepth) fail_at(where, "the path has too many parts");
    if (dot == std::string_view::npos) return parts;
    path.remove_prefix(dot + 1);
  }
}

TreeNode& list_element(TreeNode& list, const std::string& part, const std::string& path, const Where& where) {
  std::size_t index = 0;
  const char* const end = part.data() + part.size();
  const auto [rest, code] = std::from_chars(part.data(), end, index);
  if (code != std::errc{} || rest != end || index >= list.items.size()) {
    const std::string size = std::to_string(list.items.size());
    fail_at(where, quote(part) + " is no element of the list " + quote(path),
            list.items.empty() ? "it is empty" : "it has " + size + " elements, counted from 0");
  }
  return list.items[index];
}

TreeNode& map_element(TreeNode& map, const std::string& part, const Where& where) {
  if (TreeNode* found = map.find(part)) return *found;
  map.entries.push_back({part, where, {}});
  map.entries.back().value.where = where;
  return map.entries.back().value;
}

}  // namespace

void apply_set(TreeNode& root, const std::string& set) {
  const std::string source = "--set " + set;
  const Where where{std::make_shared<const std::string>(source), 0, 0};
  const std::size_t equals = set.find('=');
  if (equals == std::string::npos) fail_at(where, "has no '='", "write --set key.path=value");
  TreeNode value = parse_set_value(std::string_view(set).substr(equals + 1), source);
  if (!value.where.source) value.where = where;

  TreeNode* node = &root;
  std::string path;
  for (const std::string& part : split_path(std::string_view(set).substr(0, equals), where)) {
    if (node->kind == TreeNode::Kind::kNull) node->kind = TreeNode::Kind::kMap;
    if (node->kind == TreeNode::Kind::kScalar)
      fail_at(where, quote(path) + " is a single value and has no keys");
    node = node->kind == TreeNode::Kind::kList ? &list_element(*node, part, path, where)
                                               : &map_element(*node, part, where);
    path += (path.empty() ? "" : ".") + part;
  }
  *node = std::move(value);
}

}  // namespace intact
