// One node of the oracle: reads the codes of its inputs, gives the codes of its output.
#pragma once

#include <cstdint>

#include "integer/graph.h"
#include "integer/int128.h"
#include "integer/oracle.h"

namespace intact::oracle {

// t = floor(acc 2^k m / 2^32) + b of ARITHMETIC section 3, without the residual's term. |acc 2^k| < 2^31
// (verify() proves A 2^k < 2^31) and |m| < 2^31: the product fits an int64. Right shifts of C++20 are floors.
inline std::int64_t rescale(std::int64_t acc, const Requantization& q, std::size_t channel) {
  const std::int64_t product = acc * (std::int64_t{1} << q.k) * q.m[channel];
  return (product >> 32) + q.b[channel];
}

// The code of t: clamp(floor(t / 2^r)), or the sign for a bipolar grid.
inline std::int32_t to_code(std::int64_t t, int r, const Grid& grid) {
  if (grid.kind == GridKind::kBipolar) return t >= 0 ? 1 : -1;
  const std::int64_t y = t >> r;
  return static_cast<std::int32_t>(y < grid.qmin ? grid.qmin : y > grid.qmax ? grid.qmax : y);
}

inline const TensorInfo& tensor(const Graph& graph, int index) {
  return graph.tensors[static_cast<std::size_t>(index)];
}
inline const Values& values(const std::vector<Values>& all, int index) {
  return all[static_cast<std::size_t>(index)];
}

// Codes of the node's output. `all`: by tensor index, the node's inputs among them.
Values run_node(const Graph& graph, const Node& node, const std::vector<Values>& all);

Values run_conv(const Graph& graph, const Node& node, const std::vector<Values>& all);
Values run_add(const Graph& graph, const Node& node, const std::vector<Values>& all);
Values run_avg_pool(const Graph& graph, const Node& node, const std::vector<Values>& all);
Values run_max_pool(const Graph& graph, const Node& node, const std::vector<Values>& all);

}  // namespace intact::oracle
