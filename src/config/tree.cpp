#include "config/tree.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <optional>
#include <sstream>
#include <unordered_map>
#include <utility>

#include "config/text_checks.h"

namespace intact {
namespace {

// Builds the tree from yaml-cpp's events. Nesting is refused here, before yaml-cpp's recursion gets deep.
class TreeBuilder : public YAML::EventHandler {
 public:
  TreeBuilder(std::shared_ptr<const std::string> source, bool located)
      : source_(std::move(source)), located_(located) {}

  TreeNode take_root() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (documents_++ > 0) fail_at(at(mark), "a second YAML document starts here", "a config is one document");
  }
  void OnDocumentEnd() override {}

  void OnAnchor(const YAML::Mark& mark, const std::string& name) override {
    fail_at(at(mark), "anchor '&" + name + "' is not allowed", "write the value out");
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    fail_at(at(mark), "an alias (*name) is not allowed", "write the value out, or put the text in quotes");
  }

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    refuse_anchor(mark, anchor);
    add(make(TreeNode::Kind::kNull, mark));
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    refuse_anchor(mark, anchor);
    refuse_tag(mark, tag);
    TreeNode node = make(TreeNode::Kind::kScalar, mark);
    node.text = value;
    node.quoted = tag == "!";
    add(std::move(node));
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(TreeNode::Kind::kList, mark, tag, anchor);
  }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(TreeNode::Kind::kMap, mark, tag, anchor);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapEnd() override { close(); }

 private:
  struct Frame {
    TreeNode node;
    std::optional<TreeEntry> pending;             // map: a key whose value comes next
    std::unordered_map<std::string, Where> keys;  // map: where each key stands
  };

  Where at(const YAML::Mark& mark) const {
    if (!located_ || mark.is_null()) return {source_, 0, 0};
    return {source_, mark.line + 1, mark.column + 1};
  }

  TreeNode make(TreeNode::Kind kind, const YAML::Mark& mark) const {
    TreeNode node;
    node.kind = kind;
    node.where = at(mark);
    return node;
  }

  void refuse_anchor(const YAML::Mark& mark, YAML::anchor_t anchor) const {
    if (anchor != 0) fail_at(at(mark), "an anchor is not allowed", "write the value out");
  }
  void refuse_tag(const YAML::Mark& mark, const std::string& tag) const {
    if (!tag.empty() && tag != "?" && tag != "!") {
      fail_at(at(mark), "tag " + quote(tag) + " is not allowed", "leave it out, or put the text in quotes");
    }
  }

  void open(TreeNode::Kind kind, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    refuse_anchor(mark, anchor);
    refuse_tag(mark, tag);
    if (stack_.size() >= kMaxConfigDepth) {
      fail_at(at(mark), "nested deeper than " + std::to_string(kMaxConfigDepth) + " levels");
    }
    stack_.push_back({make(kind, mark), std::nullopt, {}});
  }

  void close() {
    TreeNode node = std::move(stack_.back().node);
    stack_.pop_back();
    add(std::move(node));
  }

  void add(TreeNode node) {
    if (stack_.empty()) {
      root_ = std::move(node);
      return;
    }
    Frame& frame = stack_.back();
    if (frame.node.kind == TreeNode::Kind::kList) {
      frame.node.items.push_back(std::move(node));
    } else if (frame.pending) {
      frame.pending->value = std::move(node);
      frame.node.entries.push_back(std::move(*frame.pending));
      frame.pending.reset();
    } else {
      add_key(frame, std::move(node));
    }
  }

  static void add_key(Frame& frame, TreeNode node) {
    if (node.kind != TreeNode::Kind::kScalar) fail_at(node.where, "a key must be a word");
    const auto [first, is_new] = frame.keys.emplace(node.text, node.where);
    if (!is_new) {
      const int line = first->second.line;
      fail_at(node.where, "duplicate key " + quote(node.text),
              line > 0 ? "it stands first in line " + std::to_string(line) : "");
    }
    frame.pending = TreeEntry{std::move(node.text), node.where, {}};
  }

  std::shared_ptr<const std::string> source_;
  bool located_;
  int documents_ = 0;
  std::vector<Frame> stack_;
  TreeNode root_;
};

// What the writer of a faulty text most likely meant, or "".
std::string hint_for(const std::string& message) {
  const bool alias =
      message.find("alias") != std::string::npos || message.find("anchor") != std::string::npos;
  return alias ? "anchors and aliases are not allowed; a text that starts with * or & needs quotes" : "";
}

TreeNode parse(std::string_view text, const std::string& source, bool located) {
  const auto shared = std::make_shared<const std::string>(source);
  check_text(text, {shared, 0, 0}, located);
  TreeBuilder builder(shared, located);
  std::istringstream stream{std::string(text)};
  try {
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const YAML::Exception& error) {
    const bool known = located && !error.mark.is_null();
    fail_at({shared, known ? error.mark.line + 1 : 0, known ? error.mark.column + 1 : 0},
            "faulty YAML: " + error.msg, hint_for(error.msg));
  }
  return builder.take_root();
}

}  // namespace

TreeNode* TreeNode::find(std::string_view key) {
  for (TreeEntry& entry : entries) {
    if (entry.key == key) return &entry.value;
  }
  return nullptr;
}

const TreeNode* TreeNode::find(std::string_view key) const {
  return const_cast<TreeNode*>(this)->find(key);
}

TreeNode parse_tree(std::string_view text, const std::string& source) {
  return parse(text, source, true);
}

TreeNode parse_set_value(std::string_view text, const std::string& source) {
  return parse(text, source, false);
}

}  // namespace intact
