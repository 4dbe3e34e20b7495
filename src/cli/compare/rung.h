// One rung of the ladder: runs samples and gives the logical values of every node's output.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "integer/graph.h"

namespace intact {

// Of a run of samples: per node, sample after sample, each height, width, channel.
using NodeValues = std::vector<std::vector<std::int32_t>>;

class Rung {
 public:
  virtual ~Rung() = default;
  virtual std::string name() const = 0;
  // How many of the `available` samples this rung runs: the first so many.
  virtual std::int64_t samples(std::int64_t available) const { return available; }
  // images: the images of samples first .. first + count - 1, one after another.
  virtual NodeValues run(std::span<const std::uint8_t> images, std::int64_t first, std::int64_t count) = 0;
};

// Storage for `count` samples of a graph's nodes.
NodeValues make_node_values(const Graph& graph, std::int64_t count);

// Elements of node i's output.
std::size_t node_elements(const Graph& graph, std::size_t node);

// Calls work(worker, sample) for samples 0 .. count - 1, spread over `workers` threads; rethrows the first
// exception.
void for_samples(std::int64_t count, int workers,
                 const std::function<void(int worker, std::int64_t sample)>& work);

}  // namespace intact
