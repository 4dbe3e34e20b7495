#include "exporters/passes/tensor_memory.h"

#include <limits>

#include "core/error.h"

namespace intact {

std::uint32_t pixel_bytes(const TensorInfo& tensor) {
  const auto channels = static_cast<std::uint32_t>(tensor.shape.c);
  const auto storage = static_cast<std::uint32_t>(tensor.grid.storage_bits());
  if (storage == 1) return 4 * ((channels + 31) / 32);
  return (channels * storage + 7) / 8;
}

namespace {

std::uint32_t bytes_of_rows(const TensorInfo& tensor, std::uint32_t rows) {
  const std::uint64_t pixels = std::uint64_t{rows} * static_cast<std::uint64_t>(tensor.shape.w);
  const std::uint64_t bytes = pixels * pixel_bytes(tensor);  // below 2^32 * 2^18
  if (bytes > static_cast<std::uint64_t>(std::numeric_limits<std::int32_t>::max())) {
    throw Error("tensor " + tensor.name + ": " + std::to_string(bytes) +
                " bytes; a blob's tensor stays below 2^31");
  }
  return static_cast<std::uint32_t>(bytes);
}

}  // namespace

std::uint32_t tensor_bytes(const TensorInfo& tensor) {
  return bytes_of_rows(tensor, static_cast<std::uint32_t>(tensor.shape.h));
}

std::uint32_t rows_in_memory(const Lowered& lowered, std::size_t tensor) {
  if (lowered.tensor_rows.empty()) return static_cast<std::uint32_t>(lowered.graph.tensors[tensor].shape.h);
  return lowered.tensor_rows[tensor];
}

std::uint32_t bytes_in_memory(const Lowered& lowered, std::size_t tensor) {
  return bytes_of_rows(lowered.graph.tensors[tensor], rows_in_memory(lowered, tensor));
}

std::uint32_t required_scratch(const Graph& graph, const Node& node) {
  if (node.state.op != Op::kConv) return 0;
  const TensorInfo& in = graph.tensors.at(static_cast<std::size_t>(node.inputs.at(0)));
  const std::uint64_t taps = static_cast<std::uint64_t>(node.state.window.kernel_h) *
                             static_cast<std::uint64_t>(node.state.window.kernel_w) *
                             static_cast<std::uint64_t>(in.shape.c / node.state.groups);
  const std::uint64_t bytes = align_arena(2 * taps);
  if (bytes > std::numeric_limits<std::uint32_t>::max()) {
    throw Error("node " + graph.tensors.at(static_cast<std::size_t>(node.output)).name +
                ": its kernel needs a scratch of 2^32 bytes or more");
  }
  return static_cast<std::uint32_t>(bytes);
}

}  // namespace intact
