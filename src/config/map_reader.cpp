#include "config/map_reader.h"

#include <charconv>
#include <cmath>
#include <system_error>
#include <utility>

#include "config/print_real.h"

namespace intact {
namespace {

constexpr std::size_t kLongestText = 4096;

std::string describe(const TreeNode& node) {
  switch (node.kind) {
    case TreeNode::Kind::kNull:
      return "nothing";
    case TreeNode::Kind::kList:
      return "a list";
    case TreeNode::Kind::kMap:
      return "a map";
    case TreeNode::Kind::kScalar:
      break;
  }
  return std::string(node.quoted ? "the text " : "").append(quote(node.text));
}

[[noreturn]] void fail_type(const TreeNode& node, std::string_view key, const std::string& expected,
                            const std::string& hint = {}) {
  fail_at(node.where, quote(key) + " must be " + expected + ", not " + describe(node), hint);
}

// The whole text as a number that the type can hold, or nothing.
template <class Number>
std::optional<Number> parse_number(const TreeNode& node) {
  if (node.kind != TreeNode::Kind::kScalar || node.quoted) return std::nullopt;
  Number value{};
  const std::string& text = node.text;
  const char* const end = text.data() + text.size();
  const auto [rest, code] = std::from_chars(text.data(), end, value);
  if (code != std::errc{} || rest != end) return std::nullopt;
  return value;
}

}  // namespace

std::int64_t read_int(const TreeNode& node, std::string_view key, IntRange range) {
  const std::string expected =
      "an integer from " + std::to_string(range.min) + " to " + std::to_string(range.max);
  const auto value = parse_number<std::int64_t>(node);
  if (!value || *value < range.min || *value > range.max) fail_type(node, key, expected);
  return *value;
}

std::uint64_t read_uint64(const TreeNode& node, std::string_view key) {
  const auto value = parse_number<std::uint64_t>(node);
  if (!value) fail_type(node, key, "an integer from 0 to 18446744073709551615");
  return *value;
}

double read_real(const TreeNode& node, std::string_view key, RealRange range) {
  const std::string expected = std::string("a number ") + (range.above_min ? "above " : "from ") +
                               print_real(range.min) + (range.above_min ? ", at most " : " to ") +
                               print_real(range.max);
  const auto value = parse_number<double>(node);
  if (!value || !std::isfinite(*value)) fail_type(node, key, expected);
  if (*value < range.min || *value > range.max || (range.above_min && *value <= range.min))
    fail_type(node, key, expected);
  return *value;
}

bool read_bool(const TreeNode& node, std::string_view key) {
  const bool plain = node.kind == TreeNode::Kind::kScalar && !node.quoted;
  if (!plain || (node.text != "true" && node.text != "false")) fail_type(node, key, "true or false");
  return node.text == "true";
}

std::string read_text(const TreeNode& node, std::string_view key) {
  if (node.kind != TreeNode::Kind::kScalar) fail_type(node, key, "a text");
  if (node.text.empty() || node.text.size() > kLongestText) {
    fail_at(node.where, quote(key) + " must have 1 to " + std::to_string(kLongestText) + " characters");
  }
  for (const char c : node.text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
      fail_at(node.where, quote(key) + " must not hold control characters or line breaks");
    }
  }
  return node.text;
}

std::string_view read_word(const TreeNode& node, std::string_view key,
                           const std::vector<std::string_view>& valid) {
  if (node.kind == TreeNode::Kind::kScalar) {
    for (const std::string_view word : valid) {
      if (word == node.text) return word;
    }
  }
  std::string words;
  for (const std::string_view word : valid) words += (words.empty() ? "" : ", ") + std::string(word);
  const bool scalar = node.kind == TreeNode::Kind::kScalar;
  const std::string_view best = scalar ? nearest(node.text, valid) : "";
  fail_type(node, key, (valid.size() == 1 ? "" : "one of ") + words,
            best.empty() ? "" : "did you mean " + quote(best) + "?");
}

const std::vector<TreeNode>& read_list(const TreeNode& node, std::string_view key) {
  if (node.kind != TreeNode::Kind::kList) fail_type(node, key, "a list");
  return node.items;
}

MapReader::MapReader(const TreeNode& node, std::string what, std::vector<std::string_view> keys)
    : node_(node), what_(std::move(what)) {
  if (node.kind != TreeNode::Kind::kMap) fail_type(node, what_, "a map of keys and values");
  for (const TreeEntry& entry : node.entries) {
    bool known = false;
    for (const std::string_view key : keys) known = known || key == entry.key;
    if (!known)
      fail_at(entry.where, "unknown key " + quote(entry.key) + " in " + what_, nearest_hint(entry.key, keys));
  }
}

const TreeNode& MapReader::require(std::string_view key) const {
  const TreeNode* node = find(key);
  if (node == nullptr) fail_at(node_.where, what_ + " lacks the key " + quote(key));
  return *node;
}

}  // namespace intact
