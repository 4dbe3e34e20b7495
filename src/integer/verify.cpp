// The graph as a whole: numbering, tensors, order. Node by node: verify_node.cpp, verify_requantization.cpp.
#include <cmath>
#include <unordered_set>

#include "core/error.h"
#include "integer/graph.h"
#include "integer/verify_report.h"

namespace intact {
namespace {

using verifier::NodeView;
using verifier::refuse;
using verifier::require;

constexpr std::size_t kMaxRecords = 65535;    // tensors in a blob
constexpr std::size_t kMaxNameBytes = 65535;  // FORMAT.md section 8
constexpr std::int64_t kTwo31 = std::int64_t{1} << 31;

// Well-formed UTF-8 (RFC 3629) without a zero byte.
bool is_text(std::string_view text) {
  std::size_t i = 0;
  const auto byte = [&](std::size_t at) {
    return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U;
  };
  while (i < text.size()) {
    const unsigned first = byte(i);
    std::size_t more = 0;
    unsigned low = 0x80;
    unsigned high = 0xBF;
    if (first == 0) return false;
    if (first >= 0x80) {
      if (first < 0xC2 || first > 0xF4) return false;
      more = first < 0xE0 ? 1 : first < 0xF0 ? 2 : 3;
      if (first == 0xE0) low = 0xA0;
      if (first == 0xED) high = 0x9F;
      if (first == 0xF0) low = 0x90;
      if (first == 0xF4) high = 0x8F;
    }
    for (std::size_t j = 1; j <= more; ++j) {
      if (byte(i + j) < low || byte(i + j) > high) return false;
      low = 0x80;
      high = 0xBF;
    }
    i += more + 1;
  }
  return true;
}

std::int64_t tensor_bytes(const TensorInfo& tensor) {
  const std::int64_t storage = tensor.grid.storage_bits();
  const std::int64_t pixel =
      storage == 1 ? std::int64_t{4} * ((tensor.shape.c + 31) / 32) : (tensor.shape.c * storage + 7) / 8;
  return static_cast<std::int64_t>(tensor.shape.h) * tensor.shape.w * pixel;
}

void check_tensor(const TensorInfo& tensor, const std::string& place) {
  require(!tensor.name.empty() && tensor.name.size() <= kMaxNameBytes && is_text(tensor.name), place,
          "tensor.name", "a name is 1 to 65535 bytes of UTF-8 without a zero");
  const Shape& s = tensor.shape;
  for (const int extent : {s.h, s.w, s.c}) {
    require(extent >= 1 && extent <= 65535, place, "tensor.shape",
            verifier::describe(s) + ": each dimension is 1 to 65535");
  }
  try {
    check_grid(tensor.grid);
  } catch (const Error& error) {
    refuse(place, "tensor.grid", error.what());
  }
  require(std::isfinite(tensor.scale) && tensor.scale > 0, place, "tensor.scale",
          "the scale is " + std::to_string(tensor.scale) + "; it must be positive and finite");
  require(
      tensor_bytes(tensor) < kTwo31, place, "tensor.bytes",
      verifier::describe(s) + " takes " + std::to_string(tensor_bytes(tensor)) + " bytes; 2^31 - 1 at most");
}

void check_tensors(const Graph& graph, const std::string& place) {
  require(!graph.tensors.empty() && graph.tensors.size() <= kMaxRecords, place, "graph.tensors",
          std::to_string(graph.tensors.size()) + " tensors; 1 to 65535");
  std::unordered_set<std::string_view> names;
  for (std::size_t i = 0; i < graph.tensors.size(); ++i) {
    const TensorInfo& tensor = graph.tensors[i];
    std::string where = place;
    where += ", tensor ";
    const bool printable = !tensor.name.empty() && tensor.name.size() <= 200 && is_text(tensor.name);
    where += printable ? "'" + tensor.name + "'" : std::to_string(i);
    check_tensor(tensor, where);
    require(names.insert(tensor.name).second, where, "tensor.unique", "two tensors have this name");
  }
}

// Tensor 0 is the input, node i writes tensor i + 1, the last node the output.
void check_numbering(const Graph& graph, const std::string& place) {
  require(!graph.nodes.empty() && graph.nodes.size() + 1 == graph.tensors.size(), place, "graph.nodes",
          std::to_string(graph.nodes.size()) + " nodes for " + std::to_string(graph.tensors.size()) +
              " tensors; at least one, and one for each tensor but the input");
  require(graph.input == 0, place, "graph.input",
          "the input is tensor 0, not " + std::to_string(graph.input));
  require(static_cast<std::size_t>(graph.output) == graph.nodes.size(), place, "graph.output",
          "the output is the last node's tensor, not " + std::to_string(graph.output));
  require(graph.tensors[0].grid == Grid::unsigned_grid(8, graph.tensors[0].grid.z), place, "graph.input-grid",
          "the input is unsigned with 8 bits, 0 .. 255; it is " + verifier::describe(graph.tensors[0].grid));
}

void check_order(const Graph& graph, std::size_t index, const std::string& place) {
  const Node& node = graph.nodes[index];
  const auto made = static_cast<int>(index) + 1;
  require(node.output == made, place, "node.output",
          "node " + std::to_string(index) + " writes tensor " + std::to_string(made) + ", not " +
              std::to_string(node.output));
  for (const int input : node.inputs) {
    require(input >= 0 && input < made, place, "node.order",
            "input " + std::to_string(input) + " is not made by a node before this one");
    require(graph.tensors[static_cast<std::size_t>(input)].grid.kind != GridKind::kInt32, place,
            "node.int32-input", "an int32 tensor is the network's output only");
  }
  require(graph.tensors[static_cast<std::size_t>(made)].grid.kind != GridKind::kInt32 ||
              (index + 1 == graph.nodes.size() && node.state.op == Op::kConv && !node.state.residual),
          place, "node.int32-output",
          "an int32 tensor is only the output of a last convolution without residual");
}

}  // namespace

void verify(const Graph& graph) {
  require(graph.name.size() <= kMaxNameBytes && is_text(graph.name), "graph", "graph.name",
          "the name is at most 65535 bytes of UTF-8 without a zero");
  const std::string place = "graph '" + graph.name + "'";
  check_tensors(graph, place);
  check_numbering(graph, place);
  std::size_t weights = 0;
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    const TensorInfo& out = graph.tensors[i + 1];
    std::string where = place;
    where += ", node '" + out.name + "'";
    check_order(graph, i, where);
    const NodeView view{graph, graph.nodes[i], out, where};
    verifier::check_node(view);
    verifier::check_requantization(view);
    weights += graph.nodes[i].state.weights.size();
    require(weights < static_cast<std::size_t>(kTwo31), where, "graph.weights",
            "more than 2^31 - 1 weights up to here");
  }
}

}  // namespace intact
