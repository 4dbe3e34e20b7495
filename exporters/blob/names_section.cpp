#include <span>

#include "exporters/blob/blob_format.h"
#include "exporters/blob/byte_writer.h"
#include "exporters/blob/sections.h"

namespace intact {

// verify() has proven each name to be 1 to 65,535 bytes of UTF-8 without a zero.
Section names_section(const Graph& graph) {
  ByteWriter writer;
  for (const TensorInfo& tensor : graph.tensors) {
    writer.u16(static_cast<std::uint16_t>(tensor.name.size()));
    writer.bytes(std::span(reinterpret_cast<const std::uint8_t*>(tensor.name.data()), tensor.name.size()));
  }
  const auto records = static_cast<std::uint32_t>(graph.tensors.size());
  return {static_cast<std::uint16_t>(SectionType::kNames), 0, records, writer.take()};
}

}  // namespace intact
