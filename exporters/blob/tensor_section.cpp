#include "exporters/blob/blob_format.h"
#include "exporters/blob/byte_writer.h"
#include "exporters/blob/sections.h"
#include "exporters/passes/tensor_memory.h"

namespace intact {

Section tensor_section(const Lowered& lowered) {
  ByteWriter writer;
  for (std::size_t t = 0; t < lowered.graph.tensors.size(); ++t) {
    const TensorInfo& tensor = lowered.graph.tensors[t];
    writer.u32(static_cast<std::uint32_t>(tensor.shape.h));
    writer.u32(static_cast<std::uint32_t>(tensor.shape.w));
    writer.u32(static_cast<std::uint32_t>(tensor.shape.c));
    writer.u8(static_cast<std::uint8_t>(tensor.grid.kind));
    writer.u8(static_cast<std::uint8_t>(tensor.grid.storage_bits()));
    writer.u8(static_cast<std::uint8_t>(tensor.grid.bits));
    writer.zeros(1);
    writer.i32(tensor.grid.qmin);
    writer.i32(tensor.grid.qmax);
    writer.i32(tensor.grid.z);
    writer.u32(lowered.tensor_offsets[t]);
    writer.u32(bytes_in_memory(lowered, t));
    const std::uint32_t rows = rows_in_memory(lowered, t);
    writer.u32(rows == static_cast<std::uint32_t>(tensor.shape.h) ? 0 : rows);
    writer.f64(tensor.scale);
  }
  const auto records = static_cast<std::uint32_t>(lowered.graph.tensors.size());
  return {static_cast<std::uint16_t>(SectionType::kTensors), kSectionRequired, records, writer.take()};
}

}  // namespace intact
