#include <zlib.h>

#include <string>

#include "core/error.h"
#include "exporters/blob/blob_format.h"
#include "exporters/blob/byte_writer.h"
#include "exporters/blob/sections.h"
#include "exporters/blob/tensor_codes.h"
#include "integer/oracle.h"

namespace intact {
namespace {

std::uint32_t checksum(const Values& values) {
  ByteWriter writer;
  for (const std::int32_t value : values) writer.i32(value);
  const std::vector<std::uint8_t> bytes = writer.take();
  return static_cast<std::uint32_t>(crc32_z(crc32_z(0, nullptr, 0), bytes.data(), bytes.size()));
}

}  // namespace

Section golden_section(const Graph& graph, std::span<const std::vector<std::uint8_t>> inputs) {
  if (inputs.size() < kFewestGoldenVectors) {
    throw Error("golden vectors: " + std::to_string(inputs.size()) +
                " inputs; a blob holds at least 4, or none");
  }
  const Oracle oracle(graph);
  ByteWriter writer;
  for (const std::vector<std::uint8_t>& input : inputs) {
    const TensorInfo& first = graph.tensors[static_cast<std::size_t>(graph.input)];
    if (input.size() != static_cast<std::size_t>(first.shape.elements())) {
      throw Error("golden vectors: an input of " + std::to_string(input.size()) +
                  " values; the network takes " + std::to_string(first.shape.elements()));
    }
    const std::vector<Values> values = oracle.run(input);
    writer.bytes(input);
    writer.align(4);
    for (const Node& node : graph.nodes) writer.u32(checksum(values[static_cast<std::size_t>(node.output)]));
    const auto output = static_cast<std::size_t>(graph.output);
    writer.bytes(pack_tensor(graph.tensors[output], values[output]));
    writer.align(4);
  }
  return {static_cast<std::uint16_t>(SectionType::kGolden), 0, static_cast<std::uint32_t>(inputs.size()),
          writer.take()};
}

}  // namespace intact
