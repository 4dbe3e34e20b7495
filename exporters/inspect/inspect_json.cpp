#include <nlohmann/json.hpp>

#include "exporters/blob/blob_format.h"
#include "exporters/blob/blob_reader.h"
#include "exporters/inspect/inspect.h"
#include "exporters/inspect/node_costs.h"
#include "exporters/passes/liveness.h"
#include "exporters/passes/tensor_memory.h"

namespace intact {
namespace {

using Json = nlohmann::ordered_json;

Json to_json(const Shape& shape) {
  return {shape.h, shape.w, shape.c};
}

Json to_json(const Grid& grid) {
  return {{"kind", to_string(grid.kind)},
          {"bits", grid.bits},
          {"storage_bits", grid.storage_bits()},
          {"qmin", grid.qmin},
          {"qmax", grid.qmax},
          {"zero_point", grid.z}};
}

Json tensors_json(const BlobContents& contents) {
  const Graph& graph = contents.lowered.graph;
  Json all = Json::array();
  for (std::size_t t = 0; t < graph.tensors.size(); ++t) {
    const TensorInfo& tensor = graph.tensors[t];
    all.push_back({{"index", t},
                   {"name", tensor.name},
                   {"shape", to_json(tensor.shape)},
                   {"grid", to_json(tensor.grid)},
                   {"scale", tensor.scale},
                   {"arena_offset", contents.lowered.tensor_offsets[t]},
                   {"rows", rows_in_memory(contents.lowered, t)},
                   {"bytes", bytes_in_memory(contents.lowered, t)}});
  }
  return all;
}

Json weights_json(const Node& node, const NodePlan& plan, const NodeCosts& costs) {
  return {{"grid", to_json(node.state.weight_grid)},
          {"count", node.state.weights.size()},
          {"layout", static_cast<int>(plan.layout)},
          {"bytes", costs.weight_bytes}};
}

Json window_json(const Window& w) {
  return {{"kernel", {w.kernel_h, w.kernel_w}},
          {"stride", {w.stride_h, w.stride_w}},
          {"dilation", {w.dilation_h, w.dilation_w}},
          {"padding", {w.pad_top, w.pad_left, w.pad_bottom, w.pad_right}}};
}

Json node_json(const BlobContents& contents, std::size_t index, const NodeCosts& costs) {
  const Graph& graph = contents.lowered.graph;
  const Node& node = graph.nodes[index];
  const TensorInfo& output = graph.tensors[static_cast<std::size_t>(node.output)];
  const bool sums = node.state.op != Op::kMaxPool;
  Json json = {{"index", index},
               {"name", output.name},
               {"operation", to_string(node.state.op)},
               {"inputs", node.inputs},
               {"output", node.output},
               {"input_shape", to_json(graph.tensors[static_cast<std::size_t>(node.inputs[0])].shape)},
               {"output_shape", to_json(output.shape)},
               {"macs", costs.macs},
               {"flash_bytes", costs.weight_bytes + costs.constant_bytes},
               {"arena_offset", costs.output_offset},
               {"arena_bytes", costs.output_bytes},
               {"in_place", costs.in_place},
               {"scratch_offset", costs.scratch_offset},
               {"scratch_bytes", costs.scratch_bytes}};
  if (node.state.op != Op::kAdd) json["window"] = window_json(node.state.window);
  if (node.state.op == Op::kConv) {
    json["groups"] = node.state.groups;
    json["residual"] = node.state.residual;
    json["kernel"] = {{"number", contents.lowered.nodes[index].kernel.kernel},
                      {"name", costs.kernel},
                      {"parameter", costs.kernel_parameter}};
    json["weights"] = weights_json(node, contents.lowered.nodes[index], costs);
  }
  if (sums) {
    json["k"] = node.state.q.k;
    json["r"] = node.state.q.r;
    json["accumulator"] = {{"bound", node.state.q.bound},
                           {"bits", accumulator_bits(node.state.q.bound)},
                           {"share", accumulator_share(node.state.q.bound)}};
  }
  return json;
}

Json streams_json(const Lowered& lowered) {
  Json all = Json::array();
  for (const Stream& stream : lowered.streams)
    all.push_back({{"first", stream.first}, {"last", stream.last}, {"band_rows", stream.band_rows}});
  return all;
}

}  // namespace

nlohmann::ordered_json inspect_json(std::span<const std::uint8_t> blob) {
  const BlobContents contents = read_blob(blob);
  const Graph& graph = contents.lowered.graph;
  const std::vector<NodeCosts> costs = node_costs(contents);
  Json sections = Json::array();
  for (const BlobSection& section : contents.sections) {
    sections.push_back({{"type", section.type},
                        {"name", section_name(section.type)},
                        {"offset", section.offset},
                        {"bytes", section.bytes},
                        {"records", section.records}});
  }
  Json nodes = Json::array();
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) nodes.push_back(node_json(contents, i, costs[i]));
  Json json = {{"format", {{"major", contents.major}, {"minor", contents.minor}}},
               {"network", graph.name},
               {"state_hash", to_hex(contents.state_hash)},
               {"flash_bytes", contents.bytes},
               {"arena_bytes", contents.lowered.arena_bytes},
               {"arena_lower_bound", arena_lower_bound(contents.lowered)},
               {"arena_lower_bound_without_streams", arena_lower_bound(without_streams(contents.lowered))},
               {"streams", streams_json(contents.lowered)},
               {"macs", contents.macs},
               {"golden_vectors", contents.golden.size()},
               {"has_names", contents.has_names},
               {"sections", sections},
               {"tensors", tensors_json(contents)},
               {"nodes", nodes}};
  json["meta"] = contents.meta_json.empty() ? Json() : Json::parse(contents.meta_json);
  return json;
}

}  // namespace intact
