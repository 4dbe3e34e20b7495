// A blob back to graph, plan and golden vectors, on the host.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "exporters/passes/lowered.h"

namespace intact {

struct BlobSection {
  std::uint16_t type = 0;  // FORMAT.md section 3; types that this version does not define are listed too
  std::uint16_t flags = 0;
  std::uint32_t offset = 0;
  std::uint32_t bytes = 0;
  std::uint32_t records = 0;
};

struct GoldenVector {
  std::vector<std::uint8_t> input;            // the input tensor's bytes
  std::vector<std::uint32_t> node_checksums;  // per node
  std::vector<std::uint8_t> output;           // the output tensor's bytes
};

struct BlobContents {
  std::uint16_t major = 0;
  std::uint16_t minor = 0;
  std::uint32_t bytes = 0;  // the length that the header states
  std::uint64_t macs = 0;
  StateHash state_hash{};
  std::vector<BlobSection> sections;  // in the table's order
  Lowered lowered;  // scales included; without NAMES tensors are called input, node1, node2, ...
  bool has_names = false;
  std::vector<GoldenVector> golden;
  std::string meta_json;  // META as it stands; empty: none. lowered.graph.name is its key "graph"
  std::string target;  // META's key "target": whose kernels the exporter chose; empty where it does not say
};

// Takes hostile bytes: the checksum, then the runtime's intact_init, then verify() must accept them. Throws
// Error naming the first refusal. The bytes need no alignment.
BlobContents read_blob(std::span<const std::uint8_t> blob);

}  // namespace intact
