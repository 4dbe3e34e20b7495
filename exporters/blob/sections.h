// The sections of a blob, one builder each; blob_writer.cpp joins them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "exporters/passes/lowered.h"

namespace intact {

struct Section {
  std::uint16_t type = 0;
  std::uint16_t flags = 0;
  std::uint32_t records = 0;
  std::vector<std::uint8_t> bytes;
};

// PARAMS: arrays at multiples of 16; equal multipliers or biases are stored once. Weights are not shared, so
// that the loader's limit on padding checks (FORMAT.md section 7) always holds.
class ParamsBuilder {
 public:
  // Both return the array's offset in the section.
  std::uint32_t add_weights(std::span<const std::uint8_t> array);
  std::uint32_t add_constants(std::span<const std::int32_t> array);
  Section take();

 private:
  std::vector<std::uint8_t> bytes_;
  struct Place {
    std::uint32_t offset;
    std::size_t bytes;
  };
  std::unordered_multimap<std::uint32_t, Place> known_;  // by checksum
};

Section tensor_section(const Lowered& lowered);
// Adds the nodes' arrays to `params`.
Section node_section(const Lowered& lowered, ParamsBuilder& params);
// The kernels chosen, or nothing where the runtime would choose the same by itself.
std::optional<Section> kernels_section(const Lowered& lowered);
// Nothing without streams.
std::optional<Section> streams_section(const Lowered& lowered);
Section names_section(const Graph& graph);
// Checksums and outputs from the oracle. Throws Error when there are fewer than 4 inputs or one has a wrong
// length.
Section golden_section(const Graph& graph, std::span<const std::vector<std::uint8_t>> inputs);
// META: the object `meta_json` (may be empty), with the graph's name under "graph" if it has one.
Section meta_section(const std::string& graph_name, const std::string& meta_json);

}  // namespace intact
