// Which rows the nodes of a stream make in each of its bands (FORMAT.md section 12).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "exporters/passes/liveness.h"
#include "exporters/passes/lowered.h"

namespace intact {

// Of a node's output, in one band: rows first .. end - 1 are made; memory holds rows kept .. end - 1.
struct BandRows {
  std::uint32_t first = 0, end = 0, kept = 0;
  bool operator==(const BandRows&) const = default;
};

class StreamSchedule {
 public:
  // Nothing where the format does not allow such a stream. lifetimes: tensor_lifetimes(graph).
  static std::optional<StreamSchedule> make(const Graph& graph, const std::vector<Lifetime>& lifetimes,
                                            const Stream& stream);

  const Stream& stream() const { return stream_; }
  std::size_t bands() const { return bands_.size(); }
  const BandRows& rows(std::size_t band, int node) const { return bands_[band][index(node)]; }

  // Rows that the node's output needs memory for: its height where it must be whole.
  std::uint32_t rows_in_memory(int node) const { return memory_[index(node)]; }

  // Whether the node's output may lie in place of `operand`, a tensor from before the stream whose last
  // reader the node is: rows are overwritten only when nobody in the stream reads them any more.
  bool may_lie_in_place(int node, int operand) const;

 private:
  StreamSchedule(const Graph& graph, const Stream& stream) : graph_(&graph), stream_(stream) {}

  std::size_t index(int node) const { return static_cast<std::size_t>(node - stream_.first); }
  bool reads_all() const;
  void add_band();
  void ask(std::vector<BandRows>& band, int node) const;
  void decide_memory(const std::vector<Lifetime>& lifetimes);
  bool reads_well() const;

  const Graph* graph_;
  Stream stream_;
  std::vector<std::vector<BandRows>> bands_;
  std::vector<std::uint32_t> memory_;
};

}  // namespace intact
