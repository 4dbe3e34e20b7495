// The integer network: tensors, and nodes in execution order. What the exporter lowers and the oracle runs.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "integer/int_state.h"

namespace intact {

struct Shape {
  int h = 1, w = 1, c = 1;  // each 1..65535

  std::int64_t elements() const { return static_cast<std::int64_t>(h) * w * c; }
  bool operator==(const Shape&) const = default;
};

struct TensorInfo {
  std::string name;  // of the layer that makes it; "input" for the network's input. Unique in a graph
  Shape shape;
  Grid grid;
  double scale = 1.0;  // real value = scale * (q - z)

  bool operator==(const TensorInfo&) const = default;
};

struct Node {
  IntState state;
  std::vector<int> inputs;  // tensor indices; convolution: {x} or {x, residual}
  int output = 0;           // tensor index

  bool operator==(const Node&) const = default;
};

struct Graph {
  std::string name;
  std::vector<TensorInfo> tensors;
  std::vector<Node> nodes;  // topologically ordered; the last one makes `output`
  int input = 0;
  int output = 0;

  bool operator==(const Graph&) const = default;
};

// MACs of a node: H_out W_out C_out kernel_h kernel_w C_in / groups for a convolution, else 0.
std::int64_t node_macs(const Graph& graph, const Node& node);
std::int64_t graph_macs(const Graph& graph);

// Throws Error naming the node (by its output tensor) and the broken rule: everything that ARITHMETIC.md and
// FORMAT.md demand of shapes, grids, parameter counts and ranges, and the overflow proofs (accumulator, t,
// logits), from the actual weights.
void verify(const Graph& graph);

// Canonical serialization (CBOR) and back. parse_graph treats its input as hostile: throws Error, and
// verifies the result.
std::vector<std::uint8_t> serialize_graph(const Graph& graph);
Graph parse_graph(std::span<const std::uint8_t> bytes);

// XXH3-128 (canonical byte order) of the canonical serialization: the hash that log, run folder, blob and
// compare show.
using StateHash = std::array<std::uint8_t, 16>;
StateHash hash_graph(const Graph& graph);
std::string to_hex(const StateHash& hash);

}  // namespace intact
