// Typed, strict reading of a map: unknown keys, wrong types and values out of range are located errors.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/names.h"
#include "config/nearest.h"
#include "config/tree.h"

namespace intact {

struct IntRange {
  std::int64_t min, max;  // both allowed
};
struct RealRange {
  double min, max;         // max allowed
  bool above_min = false;  // min itself not allowed
};

// Values of single nodes; `key` names them in errors.
std::int64_t read_int(const TreeNode& node, std::string_view key, IntRange range);
std::uint64_t read_uint64(const TreeNode& node, std::string_view key);
double read_real(const TreeNode& node, std::string_view key, RealRange range);
bool read_bool(const TreeNode& node, std::string_view key);
std::string read_text(const TreeNode& node, std::string_view key);  // 1 to 4096 bytes, no control characters
std::string_view read_word(const TreeNode& node, std::string_view key,
                           const std::vector<std::string_view>& valid);
const std::vector<TreeNode>& read_list(const TreeNode& node, std::string_view key);

template <class E>
E read_choice(const TreeNode& node, std::string_view key) {
  std::vector<std::string_view> words;
  words.reserve(EnumNames<E>::values.size());
  for (const auto& [value, word] : EnumNames<E>::values) words.push_back(word);
  const std::string_view chosen = read_word(node, key, words);
  for (const auto& [value, word] : EnumNames<E>::values) {
    if (word == chosen) return value;
  }
  return EnumNames<E>::values.front().first;
}

// Getters leave the target as it is where the key is absent.
class MapReader {
 public:
  // Refuses nodes that are no map, and keys other than `keys`. `what` names the map in errors
  // ("train.optimizer").
  MapReader(const TreeNode& node, std::string what, std::vector<std::string_view> keys);

  const TreeNode* find(std::string_view key) const { return node_.find(key); }
  const TreeNode& require(std::string_view key) const;
  bool has(std::string_view key) const { return find(key) != nullptr; }
  const Where& where() const { return node_.where; }

  template <class Int>
  void integer(std::string_view key, Int& target, IntRange range) const {
    if (const TreeNode* node = find(key)) target = static_cast<int>(read_int(*node, key, range));
  }
  template <class Real>
  void real(std::string_view key, Real& target, RealRange range) const {
    if (const TreeNode* node = find(key)) target = read_real(*node, key, range);
  }
  template <class Bool>
  void boolean(std::string_view key, Bool& target) const {
    if (const TreeNode* node = find(key)) target = read_bool(*node, key);
  }
  void text(std::string_view key, std::string& target) const {
    if (const TreeNode* node = find(key)) target = read_text(*node, key);
  }
  template <class E>
  void choice(std::string_view key, E& target) const {
    if (const TreeNode* node = find(key)) target = read_choice<E>(*node, key);
  }
  template <class E>
  void choice(std::string_view key, std::optional<E>& target) const {
    if (const TreeNode* node = find(key)) target = read_choice<E>(*node, key);
  }

 private:
  const TreeNode& node_;
  std::string what_;
};

}  // namespace intact
