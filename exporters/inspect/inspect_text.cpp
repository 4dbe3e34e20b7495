#include <cstdio>
#include <string>
#include <vector>

#include "exporters/blob/blob_format.h"
#include "exporters/blob/blob_reader.h"
#include "exporters/inspect/arena_chart.h"
#include "exporters/inspect/inspect.h"
#include "exporters/inspect/node_costs.h"
#include "exporters/inspect/text_table.h"
#include "exporters/passes/liveness.h"
#include "exporters/passes/tensor_memory.h"

namespace intact {
namespace {

constexpr std::size_t kNameWidth = 18;
constexpr std::size_t kTitleWidth = 80;
constexpr std::size_t kChartWidth = 32;
// The chart looks at every tensor for every node.
constexpr std::size_t kMostNodesToChart = 2000;

std::string decimal(double value, const char* format) {
  char text[64];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

std::string shape_text(const Shape& shape) {
  return std::to_string(shape.h) + "x" + std::to_string(shape.w) + "x" + std::to_string(shape.c);
}

// u8, s4, b1, i32: kind and bits.
std::string grid_text(const Grid& grid) {
  static constexpr std::string_view kLetters = "usbi";
  return kLetters[static_cast<std::size_t>(grid.kind)] + std::to_string(grid.bits);
}

std::string operation_text(const Graph& graph, const Node& node) {
  switch (node.state.op) {
    case Op::kAdd:
      return "add";
    case Op::kAvgPool:
      return "avgpool";
    case Op::kMaxPool:
      return "maxpool";
    case Op::kConv:
      break;
  }
  const int channels = graph.tensors[static_cast<std::size_t>(node.inputs[0])].shape.c;
  std::string text = node.state.groups == 1 ? "conv" : node.state.groups == channels ? "dwconv" : "grconv";
  if (node.state.residual) text += "+res";
  return text;
}

const TensorInfo& tensor(const Graph& graph, int index) {
  return graph.tensors[static_cast<std::size_t>(index)];
}

std::string line(const std::string& title, const std::string& value) {
  return title + std::string(16 - title.size(), ' ') + value + "\n";
}

std::string end_text(const TensorInfo& end) {
  std::string text =
      shape_text(end.shape) + " " + grid_text(end.grid) + ", scale " + decimal(end.scale, "%.9g");
  if (end.grid.z != 0) text += ", zero point " + std::to_string(end.grid.z);
  return text;
}

std::string streams_text(const Lowered& lowered) {
  return std::to_string(lowered.streams.size()) +
         "; without them, with the same scratch, no plan could need less than " +
         with_commas(arena_lower_bound(without_streams(lowered))) + " bytes";
}

std::string summary(const BlobContents& contents) {
  const Graph& graph = contents.lowered.graph;
  std::string sections;
  for (const BlobSection& section : contents.sections) {
    // A blob may hold more unknown sections than a line takes; they are in the JSON.
    if (section_name(section.type) == "unknown") continue;
    sections += sections.empty() ? "" : ", ";
    sections += std::string(section_name(section.type)) + " " + with_commas(section.bytes);
  }
  const std::uint64_t bound = arena_lower_bound(contents.lowered);
  std::string text;
  if (!graph.name.empty()) text += line("Network", printable(graph.name, kTitleWidth));
  text += line("Format", std::to_string(contents.major) + "." + std::to_string(contents.minor));
  text += line("State hash", to_hex(contents.state_hash));
  text += line("Input", end_text(graph.tensors.front()));
  text += line("Output", end_text(graph.tensors.back()));
  text += line("MACs", with_commas(contents.macs));
  text += line("Flash", with_commas(contents.bytes) + " bytes");
  text += line("  sections", sections);
  text += line("Arena", with_commas(contents.lowered.arena_bytes) + " bytes; no plan can need less than " +
                            with_commas(bound) +
                            (bound == contents.lowered.arena_bytes ? ": it is the smallest" : ""));
  if (!contents.lowered.streams.empty()) text += line("Streams", streams_text(contents.lowered));
  text += line("Golden vectors", std::to_string(contents.golden.size()));
  if (!contents.target.empty()) text += line("Target", printable(contents.target, kTitleWidth));
  return text;
}

std::string layer_table(const BlobContents& contents, const std::vector<NodeCosts>& costs) {
  const Graph& graph = contents.lowered.graph;
  TextTable table({{"#"},
                   {"layer", Align::kLeft},
                   {"operation", Align::kLeft},
                   {"input"},
                   {"output"},
                   {"w"},
                   {"in"},
                   {"out"},
                   {"MACs"},
                   {"k"},
                   {"r"},
                   {"A"},
                   {"of 2^31"}});
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    const Node& node = graph.nodes[i];
    const TensorInfo& in = tensor(graph, node.inputs[0]);
    const TensorInfo& out = tensor(graph, node.output);
    const Requantization& q = node.state.q;
    const bool conv = node.state.op == Op::kConv;
    const bool sums = node.state.op != Op::kMaxPool;
    const bool rescales = sums && out.grid.kind != GridKind::kInt32;
    table.add({std::to_string(i), printable(out.name, kNameWidth), operation_text(graph, node),
               shape_text(in.shape), shape_text(out.shape), conv ? grid_text(node.state.weight_grid) : "-",
               grid_text(in.grid), grid_text(out.grid),
               conv ? with_commas(static_cast<std::uint64_t>(costs[i].macs)) : "-",
               rescales && node.state.op != Op::kAdd ? std::to_string(q.k) : "-",
               rescales ? std::to_string(q.r) : "-", sums ? std::to_string(accumulator_bits(q.bound)) : "-",
               sums ? decimal(100.0 * accumulator_share(q.bound), "%.2f%%") : "-"});
  }
  return table.render();
}

// Rows of a node's output in memory, of how many, where they are not all.
std::string rows_text(const Lowered& lowered, std::size_t node) {
  const std::uint32_t rows = rows_in_memory(lowered, node + 1);
  const int all = lowered.graph.tensors[node + 1].shape.h;
  if (rows == static_cast<std::uint32_t>(all)) return "all";
  return std::to_string(rows) + "/" + std::to_string(all);
}

std::string memory_table(const BlobContents& contents, const std::vector<NodeCosts>& costs) {
  const Graph& graph = contents.lowered.graph;
  const bool charted = graph.nodes.size() <= kMostNodesToChart;
  const std::vector<std::string> chart =
      charted ? arena_chart(contents.lowered, kChartWidth) : std::vector<std::string>(graph.nodes.size());
  TextTable table({{"#"},
                   {"layer", Align::kLeft},
                   {"flash"},
                   {"arena at"},
                   {"bytes"},
                   {"rows"},
                   {"scratch"},
                   {"at"},
                   {charted ? "arena during the layer" : "", Align::kLeft}});
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    const NodeCosts& c = costs[i];
    table.add({std::to_string(i), printable(tensor(graph, graph.nodes[i].output).name, kNameWidth),
               with_commas(c.weight_bytes + c.constant_bytes),
               std::to_string(c.output_offset) + (c.in_place ? "*" : " "), std::to_string(c.output_bytes),
               rows_text(contents.lowered, i), c.scratch_bytes == 0 ? "-" : std::to_string(c.scratch_bytes),
               c.scratch_bytes == 0 ? "-" : std::to_string(c.scratch_offset), chart[i]});
  }
  return table.render();
}

std::string kernel_table(const BlobContents& contents, const std::vector<NodeCosts>& costs) {
  const Graph& graph = contents.lowered.graph;
  TextTable table(
      {{"#"}, {"layer", Align::kLeft}, {"kernel", Align::kLeft}, {"parameter"}, {"MACs"}, {"scratch"}});
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    if (graph.nodes[i].state.op != Op::kConv) continue;
    table.add({std::to_string(i), printable(tensor(graph, graph.nodes[i].output).name, kNameWidth),
               std::string(costs[i].kernel), std::to_string(costs[i].kernel_parameter),
               with_commas(static_cast<std::uint64_t>(costs[i].macs)), with_commas(costs[i].scratch_bytes)});
  }
  return table.render();
}

}  // namespace

std::string inspect_text(std::span<const std::uint8_t> blob) {
  const BlobContents contents = read_blob(blob);
  const std::vector<NodeCosts> costs = node_costs(contents);
  const TensorInfo& input = contents.lowered.graph.tensors.front();
  std::string text = summary(contents) + "\n" + layer_table(contents, costs);
  text +=
      "Grids: u unsigned, s signed, b bipolar, i32 logits, with their bits. A: bits of the worst-case\n"
      "accumulator, its sign included, and its share of the 2^31 that it must stay below.\n\n";
  text += memory_table(contents, costs);
  text +=
      "Flash: weights, multipliers, biases. Arena: o output, # other tensors in use, s scratch, . free; " +
      std::string("* in place.\n");
  for (const Stream& stream : contents.lowered.streams) {
    text += "Layers " + std::to_string(stream.first) + " to " + std::to_string(stream.last) +
            " run together, " + std::to_string(stream.band_rows) + " rows of the last one at a time.\n";
  }
  text += "The input " + shape_text(input.shape) + " lies at " +
          std::to_string(contents.lowered.tensor_offsets[0]) + ".\n\n";
  text += kernel_table(contents, costs);
  text +=
      "Kernels: docs/KERNELS.md. A core that lacks one computes the layer in portable C, with the same "
      "integers.\n";
  return text;
}

}  // namespace intact
