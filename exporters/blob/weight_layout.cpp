#include "exporters/blob/weight_layout.h"

#include <string>

#include "core/error.h"
#include "exporters/blob/bit_packing.h"

namespace intact {
namespace {

// Both layouts are rows of runs: a run holds `fields` codes and starts at a multiple of `bytes`.
struct Runs {
  std::size_t count;   // runs in all
  std::size_t fields;  // codes of a run
  std::size_t bytes;   // of a run, with its padding
};

Runs runs_of(WeightLayout layout, const WeightExtents& extents, const Grid& grid) {
  if (layout == WeightLayout::kWordTaps) {
    if (grid.kind != GridKind::kBipolar)
      throw Error("weight layout 1 (word taps) holds bipolar weights only");
    return {extents.out * extents.positions, extents.in, 4 * ((extents.in + 31) / 32)};
  }
  const std::size_t bits = extents.taps() * static_cast<std::size_t>(grid.storage_bits());
  return {extents.out, extents.taps(), (bits + 7) / 8};
}

void require_count(const char* what, std::size_t is, std::size_t expected) {
  if (is == expected) return;
  throw Error("weights: " + std::to_string(is) + " " + what + ", expected " + std::to_string(expected));
}

}  // namespace

WeightExtents weight_extents(const Graph& graph, const Node& node) {
  const Shape& in = graph.tensors.at(static_cast<std::size_t>(node.inputs.at(0))).shape;
  const Shape& out = graph.tensors.at(static_cast<std::size_t>(node.output)).shape;
  const Window& window = node.state.window;
  return {static_cast<std::size_t>(out.c),
          static_cast<std::size_t>(window.kernel_h) * static_cast<std::size_t>(window.kernel_w),
          static_cast<std::size_t>(in.c / node.state.groups)};
}

std::size_t packed_weight_bytes(WeightLayout layout, const WeightExtents& extents, const Grid& grid) {
  const Runs runs = runs_of(layout, extents, grid);
  return runs.count * runs.bytes;
}

std::vector<std::uint8_t> pack_weights(WeightLayout layout, const WeightExtents& extents, const Grid& grid,
                                       std::span<const std::int8_t> weights) {
  require_count("codes", weights.size(), extents.count());
  const Runs runs = runs_of(layout, extents, grid);
  const int width = grid.storage_bits();
  std::vector<std::uint8_t> bytes(runs.count * runs.bytes, 0);
  for (std::size_t run = 0; run < runs.count; ++run) {
    const std::span<std::uint8_t> to = std::span(bytes).subspan(run * runs.bytes, runs.bytes);
    const std::span<const std::int8_t> from = weights.subspan(run * runs.fields, runs.fields);
    for (std::size_t i = 0; i < runs.fields; ++i) set_field(to, i, width, to_stored_bits(from[i], grid));
  }
  return bytes;
}

std::vector<std::int8_t> unpack_weights(WeightLayout layout, const WeightExtents& extents, const Grid& grid,
                                        std::span<const std::uint8_t> bytes) {
  const Runs runs = runs_of(layout, extents, grid);
  require_count("bytes", bytes.size(), runs.count * runs.bytes);
  const int width = grid.storage_bits();
  const std::size_t fields_with_padding = 8 * runs.bytes / static_cast<std::size_t>(width);
  std::vector<std::int8_t> weights;
  weights.reserve(runs.count * runs.fields);
  for (std::size_t run = 0; run < runs.count; ++run) {
    const std::span<const std::uint8_t> from = bytes.subspan(run * runs.bytes, runs.bytes);
    for (std::size_t i = 0; i < runs.fields; ++i) {
      weights.push_back(static_cast<std::int8_t>(from_stored_bits(get_field(from, i, width), grid)));
    }
    for (std::size_t i = runs.fields; i < fields_with_padding; ++i) {
      if (get_field(from, i, width) != 0) throw Error("weights: a padding bit is not zero");
    }
  }
  return weights;
}

}  // namespace intact
