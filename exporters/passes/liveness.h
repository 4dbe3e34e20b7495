// Which tensors must hold their content while a node runs, and what that says about the arena.
#pragma once

#include <cstdint>
#include <vector>

#include "exporters/passes/lowered.h"

namespace intact {

// Nodes during which a tensor holds its content, both ends included. The network's input lives from node 0
// on, its output to the last node; a tensor that nobody reads lives during its own node.
struct Lifetime {
  int first = 0;
  int last = 0;
  bool operator==(const Lifetime&) const = default;
};

std::vector<Lifetime> tensor_lifetimes(const Graph& graph);

// Inputs of node `index` in whose place its output may lie (FORMAT.md section 5, overlap) and that nobody
// reads afterwards. Of convolutions' residuals only those with the output's storage bits, though the format
// allows more: fast kernels finish many pixels at once (intact_any_order).
std::vector<int> in_place_operands(const Graph& graph, const std::vector<Lifetime>& lifetimes, int index);

// With streams, the time of all nodes of a stream is one: tensors that they read or write live during all of
// them, and outputs lie in place of operands only where the stream's rows allow it (lifetimes:
// tensor_lifetimes).
std::vector<Lifetime> memory_lifetimes(const Lowered& lowered);
std::vector<int> in_place_operands(const Lowered& lowered, const std::vector<Lifetime>& lifetimes, int index);

// The stream that node `index` belongs to; null without.
const Stream* stream_of(const Lowered& lowered, int index);

// Per node, the bytes of the tensors that live during it and of its scratch; an output that may lie in place
// of an operand counts nothing. All nodes of a stream have the same: that of the stream.
std::vector<std::uint64_t> arena_demands(const Lowered& lowered);

// The same network with all rows of all tensors in memory.
Lowered without_streams(Lowered lowered);

// No arena can be smaller: the largest of the demands.
std::uint64_t arena_lower_bound(const Lowered& lowered);

}  // namespace intact
