// A graph on its way into a blob: the integers (never changed by a pass) and the decisions about layout and
// memory.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "exporters/kernels/target.h"
#include "integer/graph.h"

namespace intact {

enum class WeightLayout : std::uint8_t { kDenseRows = 0, kWordTaps = 1 };  // FORMAT.md section 6

// A kernel that the blob asks for, with its parameter (FORMAT.md section 11).
struct KernelChoice {
  std::uint16_t kernel = 0;
  std::uint16_t parameter = 0;

  bool operator==(const KernelChoice&) const = default;
};

struct NodePlan {
  WeightLayout layout = WeightLayout::kDenseRows;
  KernelChoice kernel;
  std::uint32_t scratch_bytes = 0;   // multiple of 16
  std::uint32_t scratch_offset = 0;  // in the arena
};

// Nodes first .. last, run together in bands of `band_rows` rows of the last one's output (FORMAT.md
// section 12).
struct Stream {
  int first = 0;
  int last = 0;
  int band_rows = 0;

  bool operator==(const Stream&) const = default;
};

struct LowerOptions {
  Target target = Target::kGeneric;
  std::uint64_t scratch_limit = 16384;       // bytes that a kernel may ask for, beyond what every kernel may
  bool stream = false;                       // a smaller arena for more instructions
  std::optional<std::uint16_t> only_kernel;  // wherever it can; for measurements
};

struct Lowered {
  Graph graph;
  LowerOptions options;
  std::vector<NodePlan> nodes;                // per node
  std::vector<std::uint32_t> tensor_offsets;  // per tensor, in the arena; empty until planned
  std::uint32_t arena_bytes = 0;
  std::vector<Stream> streams;             // apart from each other, ascending
  std::vector<std::uint32_t> tensor_rows;  // per tensor, that there is memory for; empty: all of all
};

}  // namespace intact
