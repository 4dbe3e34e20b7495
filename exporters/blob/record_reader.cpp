#include "exporters/blob/record_reader.h"

#include <algorithm>

#include "core/error.h"
#include "exporters/blob/blob_format.h"
#include "exporters/blob/byte_reader.h"
#include "exporters/blob/weight_layout.h"
#include "exporters/passes/tensor_memory.h"

namespace intact {
namespace {

// Nodes may share arrays, so a short blob may stand for many weights.
constexpr std::size_t kMostWeights = std::size_t{1} << 28;

std::vector<std::int32_t> read_i32s(std::span<const std::uint8_t> params, std::size_t offset,
                                    std::size_t count) {
  const ByteReader reader(params.subspan(offset, 4 * count));
  std::vector<std::int32_t> values;
  for (std::size_t i = 0; i < count; ++i) values.push_back(reader.i32(4 * i));
  return values;
}

Window read_window(const ByteReader& record) {
  Window w;
  w.kernel_h = record.u16(24);
  w.kernel_w = record.u16(26);
  w.stride_h = record.u16(28);
  w.stride_w = record.u16(30);
  w.dilation_h = record.u16(32);
  w.dilation_w = record.u16(34);
  w.pad_top = record.u16(36);
  w.pad_left = record.u16(38);
  w.pad_bottom = record.u16(40);
  w.pad_right = record.u16(42);
  return w;
}

void read_weights(const ByteReader& record, std::span<const std::uint8_t> params, const Graph& graph,
                  Node& node, WeightLayout layout) {
  const bool bipolar = static_cast<GridKind>(record.u8(48)) == GridKind::kBipolar;
  node.state.weight_grid = bipolar ? Grid::bipolar() : Grid::weight_grid(static_cast<int>(record.u32(92)));
  node.state.weights = unpack_weights(layout, weight_extents(graph, node), node.state.weight_grid,
                                      params.subspan(record.u32(64), record.u32(68)));
}

void read_requantization(const ByteReader& record, std::span<const std::uint8_t> params, const Graph& graph,
                         Node& node) {
  if (node.state.op == Op::kMaxPool) return;
  const TensorInfo& output = graph.tensors[static_cast<std::size_t>(node.output)];
  const auto channels = static_cast<std::size_t>(output.shape.c);
  const bool conv = node.state.op == Op::kConv;
  const std::size_t multipliers = output.grid.kind == GridKind::kInt32 ? 0
                                  : conv                               ? channels
                                  : node.state.op == Op::kAdd          ? node.inputs.size()
                                                                       : 1;
  Requantization& q = node.state.q;
  q.k = record.u8(51);
  q.r = record.u8(52);
  q.m_res = record.i32(60);
  q.bound = record.u32(88);
  q.m = read_i32s(params, record.u32(72), multipliers);
  q.b = read_i32s(params, record.u32(76), conv ? channels : 1);
}

}  // namespace

void read_tensors(std::span<const std::uint8_t> section, std::size_t count, Lowered& lowered) {
  for (std::size_t t = 0; t < count; ++t) {
    const ByteReader record(section.subspan(t * kTensorRecordBytes, kTensorRecordBytes));
    TensorInfo tensor;
    tensor.name = t == 0 ? std::string("input") : "node" + std::to_string(t);
    tensor.shape = {static_cast<int>(record.u32(0)), static_cast<int>(record.u32(4)),
                    static_cast<int>(record.u32(8))};
    tensor.grid = {static_cast<GridKind>(record.u8(12)), record.u8(14), record.i32(16), record.i32(20),
                   record.i32(24)};
    tensor.scale = record.f64(40);
    lowered.graph.tensors.push_back(std::move(tensor));
    lowered.tensor_offsets.push_back(record.u32(28));
    lowered.tensor_rows.push_back(record.u32(36) == 0 ? record.u32(0) : record.u32(36));
  }
}

void read_nodes(std::span<const std::uint8_t> section, std::size_t count,
                std::span<const std::uint8_t> params, Lowered& lowered) {
  std::size_t weights = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const ByteReader record(section.subspan(i * kNodeRecordBytes, kNodeRecordBytes));
    Node node;
    NodePlan plan;
    node.state.op = static_cast<Op>(record.u16(0));
    node.state.residual = (record.u16(2) & kNodeHasResidual) != 0;
    node.output = record.u16(6);
    for (std::size_t j = 0; j < record.u16(4); ++j) node.inputs.push_back(record.u16(8 + 2 * j));
    if (node.state.op != Op::kAdd) node.state.window = read_window(record);
    node.state.pad_code = record.i32(56);
    plan.scratch_offset = record.u32(80);
    plan.scratch_bytes = record.u32(84);
    if (node.state.op == Op::kConv) {
      node.state.groups = static_cast<int>(record.u32(44));
      plan.layout = static_cast<WeightLayout>(record.u8(50));
      weights += weight_extents(lowered.graph, node).count();
      if (weights > kMostWeights) throw Error("blob refused: it stands for more than 2^28 weights");
      read_weights(record, params, lowered.graph, node, plan.layout);
    }
    read_requantization(record, params, lowered.graph, node);
    lowered.graph.nodes.push_back(std::move(node));
    lowered.nodes.push_back(plan);
  }
}

std::vector<std::string> read_names(std::span<const std::uint8_t> section, std::size_t count) {
  std::vector<std::string> names;
  std::size_t at = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (section.size() - at < 2) throw Error("blob refused: section NAMES ends inside a record");
    const std::size_t length = ByteReader(section).u16(at);
    at += 2;
    if (section.size() - at < length) throw Error("blob refused: section NAMES ends inside a name");
    const std::span<const std::uint8_t> name = section.subspan(at, length);
    names.emplace_back(name.begin(), name.end());
    at += length;
  }
  if (at != section.size()) throw Error("blob refused: bytes behind the last name of section NAMES");
  return names;
}

void read_kernels(std::span<const std::uint8_t> section, Lowered& lowered) {
  const ByteReader reader(section);
  for (std::size_t i = 0; i < lowered.nodes.size(); ++i) {
    const std::size_t at = i * kKernelRecordBytes;
    lowered.nodes[i].kernel = {reader.u16(at), reader.u16(at + 2)};
  }
}

void read_streams(std::span<const std::uint8_t> section, std::size_t count, Lowered& lowered) {
  const ByteReader reader(section);
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t at = i * kStreamRecordBytes;
    lowered.streams.push_back({reader.u16(at), reader.u16(at + 2), reader.u16(at + 4)});
  }
}

std::vector<GoldenVector> read_golden(std::span<const std::uint8_t> section, std::size_t count,
                                      const Graph& graph) {
  const std::size_t input_bytes = tensor_bytes(graph.tensors[static_cast<std::size_t>(graph.input)]);
  const std::size_t output_bytes = tensor_bytes(graph.tensors[static_cast<std::size_t>(graph.output)]);
  const auto padded = [](std::size_t bytes) { return (bytes + 3) / 4 * 4; };
  const std::size_t size = padded(input_bytes) + 4 * graph.nodes.size() + padded(output_bytes);
  if (section.size() / size != count || section.size() % size != 0) {
    throw Error("blob refused: section GOLDEN has not the length of its vectors");
  }
  std::vector<GoldenVector> vectors;
  for (std::size_t v = 0; v < count; ++v) {
    const std::span<const std::uint8_t> bytes = section.subspan(v * size, size);
    GoldenVector vector;
    const std::span<const std::uint8_t> input = bytes.first(input_bytes);
    const std::span<const std::uint8_t> output = bytes.subspan(size - padded(output_bytes), output_bytes);
    vector.input.assign(input.begin(), input.end());
    vector.output.assign(output.begin(), output.end());
    const ByteReader reader(bytes);
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
      vector.node_checksums.push_back(reader.u32(padded(input_bytes) + 4 * i));
    }
    vectors.push_back(std::move(vector));
  }
  return vectors;
}

}  // namespace intact
