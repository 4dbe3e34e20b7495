#include "exporters/blob/blob_format.h"
#include "exporters/blob/byte_writer.h"
#include "exporters/blob/sections.h"

namespace intact {

std::optional<Section> streams_section(const Lowered& lowered) {
  if (lowered.streams.empty()) return std::nullopt;
  ByteWriter writer;
  for (const Stream& stream : lowered.streams) {
    writer.u16(static_cast<std::uint16_t>(stream.first));
    writer.u16(static_cast<std::uint16_t>(stream.last));
    writer.u16(static_cast<std::uint16_t>(stream.band_rows));
    writer.zeros(2);
  }
  return Section{static_cast<std::uint16_t>(SectionType::kStreams), kSectionRequired,
                 static_cast<std::uint32_t>(lowered.streams.size()), writer.take()};
}

}  // namespace intact
