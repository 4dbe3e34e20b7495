
#include "exporters/blob/blob_format.h"
#include "exporters/blob/byte_writer.h"
#include "exporters/blob/sections.h"
#include "exporters/blob/weight_layout.h"

namespace intact {
namespace {

std::uint16_t to_u16(int value) {
  return static_cast<std::uint16_t>(value);
}
std::uint8_t to_u8(int value) {
  return static_cast<std::uint8_t>(value);
}

// Offsets and lengths of a node's arrays in PARAMS; 0 where there is none.
struct NodeArrays {
  std::uint32_t weights = 0, weight_bytes = 0, multipliers = 0, biases = 0;
};

NodeArrays add_arrays(const Graph& graph, const Node& node, WeightLayout layout, ParamsBuilder& params) {
  NodeArrays arrays;
  if (node.state.op == Op::kConv) {
    const std::vector<std::uint8_t> packed =
        pack_weights(layout, weight_extents(graph, node), node.state.weight_grid, node.state.weights);
    arrays.weight_bytes = static_cast<std::uint32_t>(packed.size());  // ParamsBuilder refuses 2^32 and more
    arrays.weights = params.add_weights(packed);
  }
  if (!node.state.q.m.empty()) arrays.multipliers = params.add_constants(node.state.q.m);
  if (!node.state.q.b.empty()) arrays.biases = params.add_constants(node.state.q.b);
  return arrays;
}

void write_window(ByteWriter& writer, const IntState& state) {
  if (state.op == Op::kAdd) {
    writer.zeros(24);
    return;
  }
  const Window& w = state.window;
  for (const int field : {w.kernel_h, w.kernel_w, w.stride_h, w.stride_w, w.dilation_h, w.dilation_w,
                          w.pad_top, w.pad_left, w.pad_bottom, w.pad_right}) {
    writer.u16(to_u16(field));
  }
  writer.u32(state.op == Op::kConv ? static_cast<std::uint32_t>(state.groups) : 0);
}

void write_node(ByteWriter& writer, const Lowered& lowered, std::size_t index, const NodeArrays& arrays) {
  const Node& node = lowered.graph.nodes[index];
  const NodePlan& plan = lowered.nodes[index];
  const IntState& state = node.state;
  const bool conv = state.op == Op::kConv;
  writer.u16(static_cast<std::uint16_t>(state.op));
  writer.u16(state.residual ? kNodeHasResidual : 0);
  writer.u16(static_cast<std::uint16_t>(node.inputs.size()));
  writer.u16(to_u16(node.output));
  for (const int input : node.inputs) writer.u16(to_u16(input));
  writer.zeros(2 * (kMostInputs - node.inputs.size()));
  write_window(writer, state);
  writer.u8(conv ? static_cast<std::uint8_t>(state.weight_grid.kind) : 0);
  writer.u8(conv ? to_u8(state.weight_grid.storage_bits()) : 0);
  writer.u8(conv ? static_cast<std::uint8_t>(plan.layout) : 0);
  writer.u8(to_u8(state.q.k));
  writer.u8(to_u8(state.q.r));
  writer.zeros(3);
  writer.i32(state.pad_code);
  writer.i32(state.q.m_res);
  writer.u32(arrays.weights);
  writer.u32(arrays.weight_bytes);
  writer.u32(arrays.multipliers);
  writer.u32(arrays.biases);
  writer.u32(plan.scratch_offset);
  writer.u32(plan.scratch_bytes);
  writer.u32(static_cast<std::uint32_t>(state.q.bound));
  writer.u32(conv ? static_cast<std::uint32_t>(state.weight_grid.bits) : 0);
  writer.u64(static_cast<std::uint64_t>(node_macs(lowered.graph, node)));
  writer.zeros(24);
}

}  // namespace

Section node_section(const Lowered& lowered, ParamsBuilder& params) {
  ByteWriter writer;
  for (std::size_t i = 0; i < lowered.graph.nodes.size(); ++i) {
    const Node& node = lowered.graph.nodes[i];
    write_node(writer, lowered, i, add_arrays(lowered.graph, node, lowered.nodes[i].layout, params));
  }
  const auto records = static_cast<std::uint32_t>(lowered.graph.nodes.size());
  return {static_cast<std::uint16_t>(SectionType::kNodes), kSectionRequired, records, writer.take()};
}

}  // namespace intact
